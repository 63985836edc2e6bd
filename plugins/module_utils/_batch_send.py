# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending retries of sub-tasks, and finding out what became of them when an answer is lost."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_task import (
    RETRIABLE,
    check_retry_allowed,
    counts,
    retriable_count,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, TasksError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iotda import MOST_TARGETS
from ansible_collections.huaweicloud.tasks.plugins.module_utils._throttle import Throttling
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import (
    SETTLE_SECONDS,
    settle,
    settle_surely,
)

# A retry that fails again at once would look as if it had never been sent. So the states are looked at every 2 seconds,
# and when more than 5 pass between the request and a look, or between two looks, nothing is taken for proven.
_LOOK_EVERY = 2
_LONGEST_GAP = 5


class RetryRequests:
    """The requests of one run, none of which sends a target that was, or may have been, retried by an earlier one.

    :arg states: the ``SubtaskStates`` of the task, just read. :arg retriable: the sub-tasks to retry, by device id.
    :arg unsent: a dict with the same device ids as keys; what was sent and has a known outcome is taken out.
    :arg result: the module's result; ``retried_targets``, ``rejected_targets`` and ``changed`` are kept up to date.
    """

    def __init__(self, iotda, states, task_id, retriable, unsent, result):
        self._iotda = iotda
        self._client = iotda.client
        self._states = states
        self._task_id = task_id
        self._before = {target: subtask["status"] for target, subtask in retriable.items()}
        self._count_before = retriable_count(states.task)
        self._unsent = unsent
        self._result = result
        self._unanswered = []
        self._lost = None

    def send(self, everything):
        """Retry all that is unsent (RetryBatchTask).

        :arg everything: whether that is all that can be retried in the task, which one request does; otherwise one
            request goes out for each 100.
        :raises UnknownOutcome: an answer was lost, and not all targets of that request show as retried.
        :raises TasksError: any other failure; the rest is not sent.
        """
        targets = list(self._unsent)
        size = len(targets) if everything else MOST_TARGETS
        try:
            for start in range(0, len(targets), size):
                self._send(targets[start : start + size], everything)
            if self._lost:
                raise self._lost
        except TasksError as error:
            retried = len(self._result["retried_targets"])
            left = len(self._unsent)
            error.msg += " %s sub-tasks were retried, %s were not; run again for the rest." % (retried, left)
            raise

    def settle(self):
        """Read until what was retried shows as retried, for at most 30 seconds; else warn. One request a look.

        What has no result in an answer of IoTDA counts as retried only when that shows; else it is unsent again.

        :returns: whether it shows.
        """
        retried = self._result["retried_targets"]
        if not retried:
            return True
        try:
            shows = self._show_unanswered() if self._unanswered else self._show()
        except TasksError:
            # What was sent is not to be lost for a look that fails.
            shows = False
        if not shows:
            self._client.warn(
                "%s sub-tasks of batch task %s were retried, but that does not show of all after %s seconds; a second"
                " run may retry some of them again" % (len(retried), self._task_id, SETTLE_SECONDS)
            )
        return shows

    def _show(self):
        """All were retried, and the last one is the last to show it."""
        retried = self._result["retried_targets"]
        last = next((target for target in reversed(retried) if target in self._before), retried[-1])
        wanted = self._count_after(0)
        return settle(self._client, lambda: self._look(last), lambda look: self._moved(look, wanted)) is not None

    def _show_unanswered(self):
        """Each has to show by itself, else it was not retried, unless a retry could have been overlooked.

        The lists are read again only when the counters have changed.
        """
        hidden, counters, looks = dict.fromkeys(self._unanswered), [None], [self._client.clock.monotonic()]

        def look():
            numbers = counts(self._states.read_task())
            now = [numbers[status] for status in RETRIABLE] if numbers else None
            if now is None or now != counters[-1]:
                still = self._states.retriable()
                counters.append(now)
                for target in list(hidden):
                    if target not in still or still[target]["status"] != self._before[target]:
                        del hidden[target]
            looks.append(self._client.clock.monotonic())
            return hidden

        if settle(self._client, look, lambda left: not left, _LOOK_EVERY) is None and not _close(looks):
            return False
        retried = [target for target in self._result["retried_targets"] if target not in hidden]
        self._result.update(retried_targets=retried, changed=bool(retried))
        self._unsent.update(hidden)
        return True

    def _send(self, targets, everything):
        throttling = Throttling(self._client)
        may_repeat = True
        while True:
            sent_at = self._client.clock.monotonic()
            try:
                results = self._iotda.retry_batch_task(self._task_id, None if everything else targets)
            except UnknownOutcome as lost:
                if self._clear_up(targets, lost, sent_at, may_repeat):
                    return
                may_repeat = False
            except ApiError as refused:
                throttling.wait_out(refused)
                # It was not carried out, so it is sent again if the task still allows it.
                check_retry_allowed(self._task_id, self._states.read_task())
            else:
                self._note_results(targets, results, everything)
                return

    def _note_results(self, targets, results, everything):
        """HTTP 200 can carry failures: each target has its own result."""
        by_target = {result["target"]: result for result in results or []}
        # With an empty object, sub-tasks that have failed since they were read are retried as well.
        also = [target for target in by_target if target not in self._unsent] if everything else []
        for target in targets + also:
            result = by_target.get(target)
            if result is None:
                self._unanswered.append(target)
            if result is None or result["status"] == "success":
                self._note_retried(target)
            else:
                self._unsent.pop(target, None)
                self._result["rejected_targets"].append(
                    {
                        "target": target,
                        "error_code": result.get("error_code"),
                        "error_msg": result.get("error_msg"),
                    }
                )

    def _note_retried(self, target):
        self._unsent.pop(target, None)
        self._result["retried_targets"].append(target)
        self._result["changed"] = True

    def _clear_up(self, targets, lost, sent_at, may_repeat):
        """After a lost answer: read the states again, for at least 30 seconds, and sort out what was retried.

        What has left its old state was retried. When some have and others not, the others were rejected or have failed
        again already: they are not sent again in this run. When none has, and looks that followed the request closely
        have seen nothing change, the request was not carried out.

        :returns: whether the request is dealt with; False when it can be sent again.
        :raises UnknownOutcome: no target shows as retried, and it cannot be told whether one was.
        """
        wanted = self._count_after(len(targets))
        looks = [sent_at]

        def look():
            seen = self._look(targets[0])
            looks.append(self._client.clock.monotonic())
            return seen

        try:
            moved = settle_surely(self._client, look, lambda seen: self._moved(seen, wanted), _LOOK_EVERY)
            still = self._states.retriable()
        except TasksError as unreadable:
            lost.msg += " The state of the task could not be read either. %s" % unreadable.msg
            raise lost from unreadable
        retried = [target for target in targets if target not in still]
        for target in retried:
            self._note_retried(target)
        if len(retried) == len(targets):
            return True
        unchanged = all(still[target]["status"] == self._before[target] for target in targets if target in still)
        if may_repeat and _close(looks) and unchanged and not moved and not retried:
            return False
        lost.msg += " %s of the %s sub-tasks of this request do not show as retried, and are not sent again now." % (
            len(targets) - len(retried),
            len(targets),
        )
        if not retried:
            raise lost
        self._lost = lost
        return True

    def _look(self, target):
        """One request: the sub-task of one device, and the counters of all."""
        return target, self._states.look_up(target)

    def _moved(self, look, wanted):
        """Whether the device has left its old state, or only ``wanted`` sub-tasks can still be retried."""
        target, subtask = look
        if subtask and (subtask["status"] not in RETRIABLE or subtask["status"] != self._before.get(target)):
            return True
        count = retriable_count(self._states.task)
        return wanted is not None and count is not None and count <= wanted

    def _count_after(self, number):
        """How many sub-tasks can still be retried once as many more as ``number`` were; None when that is not known."""
        if self._count_before is None:
            return None
        return self._count_before - len(self._result["retried_targets"]) - number


def _close(looks):
    """Whether looks at these moments have followed each other, and the request, so that nothing was overlooked."""
    return len(looks) > 1 and all(later - earlier <= _LONGEST_GAP for earlier, later in zip(looks, looks[1:]))
