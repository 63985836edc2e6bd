# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From sub-tasks that failed to sub-tasks that are retried, each at most once."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_send import RetryRequests
from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_states import SubtaskStates
from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_task import (
    RETRIABLE,
    UNDER_WAY,
    check_retry_allowed,
    check_targets,
    check_task_id,
    counts,
    is_over,
    retriable_count,
    total,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, ResourcesFailed, keep
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iotda import Iotda
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import check_wait_options, wait_for

_NOT_FOUND = "IOTDA.014200"
_MOST_NAMED = 5


def retry_subtasks(client, params, check_mode):
    """Retry sub-tasks for the options of ``iotda_batch_task_retry``, and wait when that is wanted.

    :returns: the module's result.
    :raises InputError: an option is wrong (before any call), or the task cannot be retried as it is.
    :raises TasksError: any other failure, with the result as far as it is known.
    """
    check_task_id(params["task_id"])
    targets = check_targets(params["targets"])
    check_wait_options(params)
    retry = _Retry(Iotda(client, params["instance_id"]), params, targets)
    with keep(retry.result):
        try:
            retry.run(check_mode)
        finally:
            retry.result["unsent_targets"] = list(retry.unsent)
    return retry.result


class _Retry:
    """One run of the module. ``unsent`` holds the targets that are in none of the result's other lists yet."""

    def __init__(self, iotda, params, targets):
        self._iotda = iotda
        self._params = params
        self._targets = targets
        self._states = SubtaskStates(iotda, params["task_id"])
        self._settled = True
        self.unsent = dict.fromkeys(targets or [])
        self.result = {
            "changed": False,
            "task_id": params["task_id"],
            "batch_task": None,
            "retried_targets": [],
            "skipped_targets": [],
            "skipped_count": 0,
            "rejected_targets": [],
            "unknown_targets": [],
            "unsent_targets": [],
            "failed_subtasks": [],
        }

    def run(self, check_mode):
        retriable = self._read()
        if self.unsent:
            check_retry_allowed(self._params["task_id"], self.result["batch_task"])
            if check_mode:
                self.result.update(changed=True, retried_targets=list(self.unsent))
                self.unsent.clear()
            else:
                self._send(retriable)
        if self._params["wait"] and self._targets != [] and not check_mode:
            self._wait()
        self._fail_if_anything_did()

    def _read(self):
        """Settle what is to be sent, and return its sub-tasks by device id."""
        try:
            found = self._find()
        except ApiError as refused:
            if refused.code == _NOT_FOUND:
                refused.msg += " Check task_id, and that region, endpoint and instance_id belong to the same instance."
            raise
        self.result["batch_task"] = self._states.task
        retriable = {target: subtask for target, subtask in found.items() if subtask["status"] in RETRIABLE}
        if self._targets is None:
            self.unsent.update(dict.fromkeys(retriable))
            self.result["skipped_count"] = max(0, (total(self._states.task) or 0) - len(retriable))
        else:
            self._sort_out(found, retriable)
        return retriable

    def _find(self):
        if self._targets is None:
            return self._states.retriable()
        if not self._targets:
            self._states.read_task()
            return {}
        return self._states.of(self._targets)

    def _sort_out(self, found, retriable):
        for target in self._targets:
            if target not in found:
                self.result["unknown_targets"].append(target)
            elif target not in retriable:
                self.result["skipped_targets"].append({"target": target, "status": found[target]["status"]})
            else:
                continue
            del self.unsent[target]
        self.result["skipped_count"] = len(self.result["skipped_targets"])

    def _send(self, retriable):
        task_id = self._params["task_id"]
        requests = RetryRequests(self._iotda, self._states, task_id, retriable, self.unsent, self.result)
        try:
            # The API says the same with an empty object, in one request instead of one for each 100.
            requests.send(everything=self._targets is None)
        finally:
            self._settled = requests.settle()
            self.result["batch_task"] = self._states.task

    def _wait(self):
        """Wait until nothing is under way in the task, then read what became of what was asked for."""
        timeout, interval = self._params["wait_timeout"], self._params["wait_interval"]
        task = self.result["batch_task"]
        if self._settled and is_over(task) and not self.result["retried_targets"]:
            return

        def look():
            self.result["batch_task"] = self._states.read_task()
            return self.result["batch_task"]

        if not (self._settled and is_over(task)):
            wait_for(self._iotda.client, look, is_over, timeout, interval, still=self._still)
        self._judge()

    def _still(self, task):
        numbers = counts(task) if task else None
        if numbers is None:
            return "batch task %s is %s" % (self._params["task_id"], task["status"] if task else "not read")
        going = ", ".join("%s %s" % (numbers[status], status) for status in UNDER_WAY if numbers[status])
        return (
            "batch task %s still has sub-tasks under way (%s); a device that is offline is retried when it is back,"
            " which can take days" % (self._params["task_id"], going)
        )

    def _judge(self):
        """Fill in ``failed_subtasks``, and the present status of skipped targets that were under way."""
        result = self.result
        was_under_way = [skipped for skipped in result["skipped_targets"] if skipped["status"] in UNDER_WAY]
        asked = result["retried_targets"] + [skipped["target"] for skipped in was_under_way]
        unsuccessful = self._states.unsuccessful(asked) if asked else {}
        result["batch_task"] = self._states.task
        for skipped in was_under_way:
            subtask = unsuccessful.get(skipped["target"], {"status": "Success"})
            skipped["status"] = subtask["status"] if subtask else None
        result["failed_subtasks"] = [
            unsuccessful[target] or {"target": target, "status": None}
            for target in result["retried_targets"]
            if target in unsuccessful
        ]
        if self._targets is None:
            remaining = retriable_count(result["batch_task"]) or 0
            known = [subtask for subtask in result["failed_subtasks"] if subtask["status"] in RETRIABLE]
            self._others_failed = max(0, remaining - len(known) - len(result["rejected_targets"]) - len(self.unsent))
        else:
            self._others_failed = sum(1 for skipped in was_under_way if skipped["status"] != "Success")

    _others_failed = 0

    def _fail_if_anything_did(self):
        """:raises ResourcesFailed: a target was rejected, ignored, is unknown or failed; names some of them."""
        result = self.result
        parts = [
            _part("could not be retried", result["rejected_targets"], _with_error),
            _part("were to be retried, and do not show as retried", list(self.unsent), str),
            _part("of the targets are not in the task", result["unknown_targets"], str),
            _part("of the retried sub-tasks did not succeed", result["failed_subtasks"], _with_state),
        ]
        if self._others_failed:
            parts.append("%s more that were under way did not succeed" % self._others_failed)
        parts = [part for part in parts if part]
        if parts:
            raise ResourcesFailed("Not all is well in batch task %s: %s" % (self._params["task_id"], "; ".join(parts)))


def _part(what, entries, name):
    if not entries:
        return ""
    named = ", ".join(name(entry) for entry in entries[:_MOST_NAMED])
    return "%s %s (%s%s)" % (len(entries), what, named, ", ..." if len(entries) > _MOST_NAMED else "")


def _with_error(rejected):
    return "%s: %s" % (rejected["target"], " ".join(filter(None, (rejected["error_code"], rejected["error_msg"]))))


def _with_state(subtask):
    error = subtask.get("error")
    code = error.get("error_code") if isinstance(error, dict) else None
    return "%s: %s" % (subtask["target"], " ".join(filter(None, (subtask["status"] or "gone", code))))
