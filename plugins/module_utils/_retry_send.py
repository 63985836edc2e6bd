# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending the requests that have clusters scanned again, none of them twice, whatever becomes of the answers."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, TasksError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import MOST_CLUSTERS
from ansible_collections.huaweicloud.tasks.plugins.module_utils._retry_plan import (
    all_clusters,
    failed_clusters,
    skipped,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import described, is_over
from ansible_collections.huaweicloud.tasks.plugins.module_utils._throttle import Throttling
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import SETTLE_SECONDS, settle, settle_surely


class Sender:
    """Sends what a plan says, and keeps in the result what was done."""

    def __init__(self, hss, plan, result):
        self._hss = hss
        self._client = hss.client
        self._plan = plan
        self._result = result
        self._left = {target.cluster_id: target for target in plan.targets}
        self._retried = []

    def send(self):
        """Send every target (RetryTask, at most 200 in a request), then read until it shows.

        After a lost answer, and after a request that was refused for too many calls, the state is read again: what
        has left its failed state is not sent a second time.

        :raises TasksError: a request failed; the result then tells what was retried and what was not.
        """
        try:
            for start in range(0, len(self._plan.targets), MOST_CLUSTERS):
                self._send_some(self._plan.targets[start : start + MOST_CLUSTERS])
        except TasksError:
            self._result["unsent_clusters"] = [target.named() for target in self._left.values()]
            raise
        if self._retried:
            self._show()

    def _send_some(self, targets):
        lost_before, throttling = False, Throttling(self._client)
        while targets:
            try:
                self._hss.retry_task(self._plan.task["task_id"], [target.body() for target in targets])
            except UnknownOutcome as lost:
                targets = self._after_lost(targets, lost)
                if targets and lost_before:
                    lost.msg += " %s of its clusters still show the old failure." % len(targets)
                    raise
                lost_before = True
            except ApiError as refused:
                self._explain(refused)
                throttling.wait_out(refused)
                targets = self._still_as_before(targets)
            else:
                self._note(targets)
                return

    def _after_lost(self, targets, lost):
        """Note which of the targets are scanned again, and return those that are as before after 30 seconds."""
        seen = []

        def look():
            seen.append(self._listed())
            return seen[-1]

        try:
            settle_surely(self._client, look, lambda listed: not _as_before(targets, listed))
        except TasksError as unreadable:
            lost.msg += " The state could not be read again either. " + unreadable.msg
            raise lost from unreadable
        left = _as_before(targets, seen[-1])
        self._note(_without(targets, left))
        return left

    def _still_as_before(self, targets):
        """Return the targets that are as before a pause; somebody else had the others scanned again meanwhile."""
        left = _as_before(targets, self._listed())
        for target in _without(targets, left):
            del self._left[target.cluster_id]
            self._result["skipped_clusters"].append(skipped(target.cluster_id, target.name, "is scanned again already"))
        return left

    def _note(self, targets):
        for target in targets:
            del self._left[target.cluster_id]
        self._retried += targets
        self._result["changed"] = bool(self._retried)
        self._result["retried_clusters"] = [target.named() for target in self._retried]

    def _explain(self, refused):
        if refused.status < 429 and refused.kind == "api" and (self._retried or not is_over(self._plan.task)):
            refused.msg += " The task is being scanned; if that is why, run again after its end to retry the rest."

    def _show(self):
        """Read until every retried cluster has left its failed state or shows another scan, for at most 30 seconds."""
        if settle(self._client, self._failed, lambda failed: not _as_before(self._retried, failed)) is None:
            self._client.warn(
                "Clusters of scan task %s were retried, but that does not show after %s seconds; a second run may retry"
                " them again" % (self._plan.task["task_id"], SETTLE_SECONDS)
            )
        task = settle(self._client, self._task, bool)
        if task:
            self._result["task"] = described(task)

    def _listed(self):
        return all_clusters(self._hss, self._plan.task["task_id"])

    def _failed(self):
        return failed_clusters(self._hss, self._plan.task["task_id"])

    def _task(self):
        return self._hss.find_task("cluster_scan", self._plan.task["task_id"])


def _as_before(targets, listed):
    return [target for target in targets if target.is_as_before(listed)]


def _without(targets, left):
    ids = {target.cluster_id for target in left}
    return [target for target in targets if target.cluster_id not in ids]
