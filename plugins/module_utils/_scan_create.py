# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating a scan task once, though the API has no token that would tell a repeated request from a new one."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import PAGE
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import started_ms
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import settle

MOST_TRIES = 2
_THROTTLED_PAUSE = 15
_CLOCK_STEPS_MS = 5000  # Date headers are whole seconds, and may come from another machine than start times


class Creation(NamedTuple):
    """What became of a request to create a task: ``decision`` is ``created`` or ``adopted``.

    ``task`` is None when the new task does not show in the lists yet.
    """

    task_id: str
    decision: str
    reason: str
    task: Optional[dict]


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
        what was asked for is adopted. Only when there is none is the request sent a second time. A request that was
        refused for too many calls was not carried out, and is sent again after a pause.

        :raises UnknownOutcome: the answer was lost twice, and no new task shows.
        :raises ApiError: the service refused.
        """
        for tries_left in reversed(range(MOST_TRIES)):
            try:
                task_id = self._hss.create_task(self._request.task_type, self._request.info())
                return Creation(task_id, "created", "", None)
            except UnknownOutcome as lost:
                task = self._look_for_new()
                if task:
                    reason = "The answer to the request was lost; task %s has appeared since and is what was asked for"
                    return Creation(task["task_id"], "adopted", reason % task["task_id"], task)
                if not tries_left:
                    lost.msg += (
                        " No new task showed within 30 seconds. Look with hss_task_info before you run this again;"
                        " a task that shows by then is found and used."
                    )
                    raise
            except ApiError as refused:
                if not refused.throttled or not tries_left:
                    raise
                self._client.clock.sleep(_THROTTLED_PAUSE if refused.retry_after is None else refused.retry_after)
        return None

    def show(self, task_id):
        """Read until the new task shows, and warn when another task for the same scan has appeared beside it.

        :returns: the task, or None when it does not show within 30 seconds (which is a warning, too).
        """

        def look():
            newest = self._newest()
            task = next((task for task in newest if task.get("task_id") == task_id), None)
            return task or self._hss.find_task(self._request.task_type, task_id), newest

        shown = settle(self._client, look, lambda state: state[0] is not None)
        if shown is None:
            self._client.warn(
                "Task %s was created but is not listed after 30 seconds; a second run may not find it and create another"
                % task_id
            )
            return None
        for twin in self._new_among(shown[1]):
            if twin["task_id"] != task_id and self._search.cover(twin, patient=False).shown:
                self._client.warn(
                    "Another task for the same scan was created at the same moment: this one is %s, the other is %s"
                    % (task_id, twin["task_id"])
                )
        return shown[0]

    def _look_for_new(self):
        """Return the task that the lost request has created, or None when none shows in time."""
        unlisted = []

        def look():
            unlisted.clear()
            for task in self._new_among(self._search.read_tasks() + self._newest()):
                cover = self._search.cover(task, patient=False)
                if cover.shown:
                    return task
                if cover.unlisted:
                    unlisted.append(task)
            return None

        # A task that does not list yet what it scans is still far more likely the lost one than another's.
        return settle(self._client, look, bool) or next(iter(unlisted), None)

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
