# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating a scan task once, though the API has no token that would tell a repeated request from a new one."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, TasksError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import PAGE
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import started_ms
from ansible_collections.huaweicloud.tasks.plugins.module_utils._throttle import Throttling
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import SETTLE_SECONDS, settle, settle_surely

_CLOCK_STEPS_MS = 5000  # Date headers are whole seconds, and may come from another machine than start times


class Creation(NamedTuple):
    """What became of a request to create a task: ``decision`` is ``created`` or ``adopted``.

    ``task`` is None when the new task does not show in the lists yet.
    """

    task_id: str
    decision: str
    reason: str
    task: Optional[dict]


_ADVICE = "Look with hss_task_info before you run this again; a task that shows by then is found and used."


class _Found(NamedTuple):
    """The new tasks of one look: those that cover the request, those that list nothing yet, and those that leave
    something out (each with what it is, in words), but may still be what a request has created.
    """

    covering: list
    unlisted: list
    doubtful: list


class ScanCreation:
    """Creates the scan that is asked for, at most once.

    :arg search: the ``ScanSearch`` that has just read the tasks; what it saw existed before.
    """

    def __init__(self, hss, request, search):
        self._hss = hss
        self._client = hss.client
        self._request = request
        self._search = search
        self._before = frozenset(search.seen)
        self._begun = search.now() * 1000 - _CLOCK_STEPS_MS

    def create(self):
        """Create the task (CreateTask), and recover when the answer is lost.

        The tasks are then read again for up to 30 seconds, and one that is new, was started by hand since, and is
        what was asked for is adopted. Only when there is surely none is the request sent a second time. A request that
        was refused for too many calls was not carried out, and is sent again after a pause.

        :raises UnknownOutcome: the answer was lost, and it cannot be told whether a task was created.
        :raises ApiError: the service refused. :raises NetworkError: it was not reached.
        """
        lost_before = False
        throttling = Throttling(self._client)
        while True:
            try:
                task_id = self._hss.create_task(self._request.task_type, self._request.info())
                return Creation(task_id, "created", "", None)
            except UnknownOutcome as lost:
                task = self._find_lost(lost)
                if task:
                    reason = "The answer to the request was lost; task %s has appeared since and is what was asked for."
                    return Creation(task["task_id"], "adopted", reason % task["task_id"], task)
                if lost_before:
                    lost.msg += " No new task has appeared. " + _ADVICE
                    raise
                lost_before = True
            except ApiError as refused:
                throttling.wait_out(refused)

    def show(self, task_id):
        """Read until the new task shows, and warn when another task for the same scan has appeared beside it.

        :returns: the task, or None when it does not show within 30 seconds (which is a warning, too).
        """

        def look():
            newest = {task.get("task_id"): task for task in self._newest()}
            task = newest.pop(task_id, None) or self._hss.find_task(self._request.task_type, task_id)
            return task, self._sort(newest.values()) if task else None

        shown = settle(self._client, look, lambda state: state[0] is not None)
        if shown is None:
            self._client.warn(
                "Task %s was created but was not seen in the list within %s seconds; a second run may not find it"
                " either, and create another" % (task_id, SETTLE_SECONDS)
            )
            return None
        self._warn_of_twins(task_id, shown[1])
        return shown[0]

    def _warn_of_twins(self, task_id, found):
        for twin in found.covering + found.unlisted:
            if twin["task_id"] != task_id:
                self._client.warn(
                    "Another task for the same scan was created at the same moment: this one is %s, the other is %s"
                    % (task_id, twin["task_id"])
                )

    def _find_lost(self, lost):
        """Return the task that the lost request has created, or None when there is surely none.

        :raises UnknownOutcome: the tasks cannot be read, or one has appeared that may be the one.
        """
        found = _Found([], [], [])

        def look():
            nonlocal found
            found = self._sort(self._search.read_tasks() + self._newest())
            return found.covering

        try:
            settle_surely(self._client, look, bool)
        except TasksError as unreadable:
            lost.msg += " The tasks could not be read again either. %s" % unreadable.msg
            raise lost from unreadable
        # A task that does not list yet what it scans is still far more likely the lost one than another's.
        task = next(iter(found.covering + found.unlisted), None)
        if task:
            self._warn_of_twins(task["task_id"], found)
        elif found.doubtful:
            lost.msg += " %s, so it may be another's. %s" % (found.doubtful[0], _ADVICE)
            raise lost
        return task

    def _sort(self, tasks):
        """Sort the new ones among the tasks."""
        found = _Found([], [], [])
        for task in self._new_among({task.get("task_id"): task for task in tasks}.values()):
            cover = self._search.cover(task, patient=False)
            if cover.shown:
                found.covering.append(task)
            elif cover.unlisted:
                found.unlisted.append(task)
            elif not cover.foreign:
                doubt = "Task %s has appeared since, but leaves out %s" % (task["task_id"], cover.leaves_out)
                found.doubtful.append(doubt)
        return found

    def _new_among(self, tasks):
        return [task for task in tasks if self._is_new(task) and self._request.same_kinds(task)]

    def _is_new(self, task):
        started = started_ms(task)
        return (
            isinstance(task.get("task_id"), str)
            and task["task_id"] not in self._before
            and task.get("trigger_type") != "schedule"
            and (started is None or started >= self._begun)
        )

    def _newest(self):
        return list(islice(self._hss.list_tasks(self._request.task_type), PAGE))
