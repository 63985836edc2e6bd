# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which status the sub-tasks of a batch task are, read with as few requests as the API allows."""

from __future__ import annotations

from itertools import chain

from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_task import RETRIABLE, adds_up, counts
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iotda import PAGE

_OTHERS = ("Processing", "Waitting", "Removed", "Success")
_UNSUCCESSFUL = (*RETRIABLE, "Processing", "Waitting", "Removed")


class SubtaskStates:
    """Reads sub-tasks of one batch task; ``task`` is the batch task as the last answer gave it.

    Each answer holds the batch task with its counters and a page of up to 50 sub-tasks, of all or of one status. So a
    list of n sub-tasks takes n / 50 requests, rounded up; which lists have to be read follows from the counters,
    which come with the first page; and a list whose counter is 0 takes none. One device can be asked for by its id,
    for a request each.
    """

    def __init__(self, iotda, task_id):
        self.task = None
        self._iotda = iotda
        self._task_id = task_id

    def read_task(self):
        """Return the batch task alone (one request)."""
        self.task, _page = self._iotda.show_batch_task(self._task_id, limit=1)
        return self.task

    def look_up(self, target):
        """Return the sub-task of one device, or None when it is not in the task (one request)."""
        self.task, page = self._iotda.show_batch_task(self._task_id, target=target)
        return next((subtask for subtask in page.items if subtask["target"] == target), None)

    def retriable(self):
        """Return the sub-tasks that can be retried, by device id.

        For n of them n / 50 requests, rounded up for each status; at least one, which brings the counters.
        """
        return {subtask["target"]: subtask for page in self._retriable_pages() for subtask in page}

    def of(self, targets):
        """Return the sub-tasks of these devices by device id, without those that are not in the task.

        Devices that are named are mostly failed ones. So the lists of what can be retried are read first, unless asking
        for each device takes fewer requests, and reading ends when all are found. What is not found there is read
        in the same way from the lists of the other statuses. 2,000 of 5,000 failed among 30,000 take at most 100
        requests: 5,000 / 50, where 30,000 / 50 would be 600 and one for each device 2,000.
        """
        found, missing = {}, dict.fromkeys(targets)
        if len(missing) > 1:
            failed = self._pages_of(RETRIABLE[0])
            _take(next(failed), missing, found)
            if len(missing) >= self._requests(RETRIABLE, unknown=0) - 1:
                _take_all(chain([failed], self._lists(RETRIABLE[1:])), missing, found)
            if len(missing) > self._requests(_OTHERS, unknown=float("inf")):
                _take_all(self._lists(sorted(_OTHERS, key=counts(self.task).get)), missing, found)
        for target in missing:
            subtask = self.look_up(target)
            if subtask:
                found[target] = subtask
        return found

    def unsuccessful(self, targets):
        """Return the sub-tasks of these devices, all of them in the task, that are not in Success, by device id.

        What is in none of the lists of the other statuses has succeeded, as long as the counters add up to the
        total; so the longest list is not read.

        :returns: None for a device that is not in the task any more.
        """
        if len(targets) > self._requests(_UNSUCCESSFUL, unknown=float("inf")) and adds_up(self.task):
            found, missing = {}, dict.fromkeys(targets)
            _take_all(self._lists(_UNSUCCESSFUL), missing, found)
            return found
        found = self.of(targets)
        return {
            target: found.get(target)
            for target in targets
            if target not in found or found[target]["status"] != "Success"
        }

    def _retriable_pages(self):
        """The first list is always read: it brings the counters, from which it follows whether to read the others."""
        yield from self._pages_of(RETRIABLE[0])
        for pages in self._lists(RETRIABLE[1:]):
            yield from pages

    def _lists(self, statuses):
        for status in statuses:
            if (counts(self.task) or {}).get(status) != 0:
                yield self._pages_of(status)

    def _pages_of(self, status):
        return self._iotda.subtask_pages(self._task_id, status, self._note)

    def _requests(self, statuses, unknown):
        """How many requests the lists of these statuses take; ``unknown`` when there are no counters."""
        numbers = counts(self.task)
        return unknown if numbers is None else sum(-(-numbers[status] // PAGE) for status in statuses)

    def _note(self, task):
        self.task = task


def _take(page, missing, found):
    for subtask in page:
        if subtask["target"] in missing:
            del missing[subtask["target"]]
            found[subtask["target"]] = subtask


def _take_all(lists, missing, found):
    """Read lists of pages until nothing is missing."""
    for pages in lists:
        while missing:
            page = next(pages, None)
            if page is None:
                break
            _take(page, missing, found)
