# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding a scan that makes another one unnecessary.

To skip a scan that was needed is worse than to scan twice: a task counts only when it is shown to cover everything.
"""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import PAGE, resource_id
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import (
    counters,
    outcome,
    started_ms,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._times import as_milliseconds
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import settle

ACTIVE = ("pending", "running")

# Tasks that started longer ago than the window and this are not looked for in a history of more than one page.
_LONGEST_SCAN = 24 * 3600


class Cover(NamedTuple):
    """Whether a task covers a request; if not, what it leaves out in words.

    ``unlisted``: it lists nothing yet. ``foreign``: it scans what the request for certain clusters or files did not
    ask for, so it is another's.
    """

    shown: bool
    leaves_out: str = ""
    unlisted: bool = False
    foreign: bool = False


class ScanSearch:
    """Looks for tasks that cover one request.

    :arg request: a ``ScanRequest``. :arg window: seconds; a success that ended within them counts as well.
    :arg match: ``clusters``, or ``scan_types`` to accept an active task of the right scan types for all clusters.
    """

    def __init__(self, hss, request, window, match):
        self._hss = hss
        self._request = request
        self._window = window
        self._match = match
        self._clusters = None
        self.seen = set()

    @property
    def unavailable_clusters(self):
        """The clusters that are not ``Available``, or None when the clusters were not read."""
        if self._clusters is None:
            return None
        return [cluster for cluster in self._clusters if cluster.get("status") != "Available"]

    def now(self):
        """Seconds since the epoch by the service's clock; this machine's may be minutes off."""
        return self._hss.client.server_time() or self._hss.client.clock.time()

    def read_tasks(self):
        """Read the tasks that can matter, newest first; ``seen`` then holds their ids.

        Waiting tasks are read before the others, so that one that starts in between is not missed. Two requests: the
        waiting and the running ones, or with a window the waiting and the newest 200 (more when these do not reach
        back far enough).
        """
        tasks = list(self._hss.list_tasks(self._request.task_type, task_status="ready"))
        if self._window:
            tasks += self._recent()
        else:
            tasks += self._hss.list_tasks(self._request.task_type, task_status="running")
        by_id = {task.get("task_id"): task for task in tasks}
        self.seen.update(by_id)
        return sorted(by_id.values(), key=lambda task: started_ms(task) or float("inf"), reverse=True)

    def _recent(self):
        """Running and finished tasks, back to those that can neither be running nor have ended in the window."""
        oldest = (self.now() - self._window - _LONGEST_SCAN) * 1000
        recent = []
        for task in self._hss.list_tasks(self._request.task_type):
            recent.append(task)
            started = started_ms(task)
            if len(recent) % PAGE == 0 and started is not None and started < oldest:
                break
        return recent

    def warn(self, text):
        """Keep a warning for the user."""
        self._hss.client.warn(text)

    def find(self, tasks):
        """Return the first of the tasks that covers the request, or None, and what active ones leave out, in words."""
        left_out = []
        for task in tasks:
            if not self._counts(task):
                continue
            cover = self.cover(task)
            if cover.shown:
                return task, []
            state = outcome(task)
            if state in ACTIVE:
                left_out.append("task %s, which is %s, leaves out %s" % (task.get("task_id"), state, cover.leaves_out))
        return None, left_out

    def cover(self, task, patient=True):
        """Show that a task covers the request: its kinds of scan first, then its counters, then what it lists.

        :arg patient: look again for up to 30 seconds at an active task that lists nothing yet.
        """
        missing = self._request.missing_kinds(task)
        if missing:
            return Cover(False, ", ".join(missing))
        if self._match == "scan_types" and self._request.ids is None and outcome(task) in ACTIVE:
            return Cover(True)
        needed = self._needed()
        total = counters(task).total
        if 0 < total < len(needed):
            return Cover(False, "%s of the %s that are needed, by its counters" % (len(needed) - total, len(needed)))
        return self._cover_by_resources(task, needed, patient)

    def _cover_by_resources(self, task, needed, patient):
        listed, missing = self._compare(task, needed)
        if missing and not listed and patient and outcome(task) in ACTIVE:
            shown = settle(self._hss.client, lambda: self._compare(task, needed), lambda state: state[0] > 0)
            listed, missing = shown or (listed, missing)
        if not missing:
            return Cover(True)
        if not listed:
            return Cover(False, "everything so far, since it does not list yet what it scans", unlisted=True)
        foreign = self._request.ids is not None and listed > len(needed) - len(missing)
        return Cover(False, "%s (%s in all)" % (", ".join(sorted(missing)[:3]), len(missing)), foreign=foreign)

    def _compare(self, task, needed):
        """Count what the task lists, and what of the needed it does not; reading ends when nothing is missing."""
        listed, missing = 0, set(needed)
        for resource in self._hss.list_task_resources(self._request.task_type, task["task_id"]):
            listed += 1
            missing.discard(resource_id(self._request.task_type, resource))
            if not missing:
                break
        return listed, missing

    def _needed(self):
        if self._request.ids is not None:
            return self._request.ids
        if self._clusters is None:
            self._clusters = list(self._hss.list_clusters())
        available = [cluster for cluster in self._clusters if cluster.get("status") == "Available"]
        return frozenset(cluster["cluster_id"] for cluster in available if cluster.get("cluster_id"))

    def _counts(self, task):
        """Under way, or ended well within the window."""
        if not isinstance(task.get("task_id"), str):
            return False
        state = outcome(task)
        if state in ACTIVE:
            return True
        ended = as_milliseconds(task.get("end_time"))
        return state == "succeeded" and ended is not None and ended >= (self.now() - self._window) * 1000
