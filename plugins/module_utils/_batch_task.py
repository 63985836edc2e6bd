# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a batch task of IoTDA means: which sub-tasks can be retried, when, and whether it is over."""

from __future__ import annotations

import re

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError

RETRIABLE = ("Fail", "FailWaitRetry", "Stopped")
UNDER_WAY = ("Processing", "Waitting", "FailWaitRetry")

_COUNTERS = {
    "Fail": "fail",
    "FailWaitRetry": "fail_wait_retry",
    "Stopped": "stopped",
    "Processing": "processing",
    "Waitting": "waitting",
    "Removed": "removed",
    "Success": "success",
}
_FINAL = ("Success", "Fail", "PartialSuccess", "Stopped")
_RETRIED_TYPES = ("firmwareUpgrade", "softwareUpgrade")
_RETRIED_IN = ("Processing", "Fail", "PartialSuccess")
_ADVICE = {
    "Success": "it counts as done, so create a new batch task for these devices",
    "Stopped": "a task that was stopped stays stopped, so create a new batch task for these devices",
    "Stopping": "wait until it is Stopped, then create a new batch task for these devices",
    "Waitting": "it has not begun yet, so wait until it is Processing",
    "Initializing": "it is being set up, so wait until it is Processing",
}

_TASK_ID = re.compile(r"[a-f0-9]{1,24}")
_DEVICE_ID = re.compile(r"[a-zA-Z0-9_-]{1,128}")


def check_task_id(task_id):
    """:raises InputError: it is not 1 to 24 of a to f and 0 to 9."""
    if not _TASK_ID.fullmatch(task_id):
        raise InputError("task_id is %r, but must be 1 to 24 of a to f and 0 to 9" % task_id)


def check_targets(targets):
    """Return the device ids without repetitions, in their order, or None for None.

    :raises InputError: one is not 1 to 128 letters, digits, underscores and hyphens.
    """
    if targets is None:
        return None
    for target in targets:
        if not _DEVICE_ID.fullmatch(target):
            raise InputError(
                "targets holds %r, but a device id has 1 to 128 letters, digits, underscores and hyphens" % target
            )
    return list(dict.fromkeys(targets))


def counts(task):
    """Return how many sub-tasks are in each status, or None when the task does not tell."""
    progress = task.get("task_progress") or {}
    numbers = {status: progress.get(counter) for status, counter in _COUNTERS.items()}
    # A counter that is 0 may be left out of an answer, as every null field is.
    if not progress or not all(number is None or _is_count(number) for number in numbers.values()):
        return None
    return {status: number or 0 for status, number in numbers.items()}


def total(task):
    """Return how many sub-tasks the task has, or None when it does not tell."""
    number = (task.get("task_progress") or {}).get("total")
    return number if _is_count(number) else None


def adds_up(task):
    """Whether the counters account for every sub-task, so that none is in a status that has no counter."""
    numbers = counts(task)
    if numbers is None:
        return False
    every = sum(numbers.values())
    return total(task) in (every, every - numbers["Removed"])


def retriable_count(task):
    """Return how many sub-tasks could be retried, or None when the task does not tell."""
    numbers = counts(task)
    return None if numbers is None else sum(numbers[status] for status in RETRIABLE)


def is_over(task):
    """Whether nothing is processing, waiting or waiting to be retried any more."""
    numbers = counts(task)
    if numbers is None:
        return task["status"] in _FINAL
    return not any(numbers[status] for status in UNDER_WAY)


def check_retry_allowed(task_id, task):
    """:raises InputError: the API does not retry tasks of this type, or in this state; says what can be done."""
    if task["task_type"] not in _RETRIED_TYPES:
        raise InputError(
            "Batch task %s is of type %s, and only tasks of the types %s can be retried; create a new batch task for"
            " these devices" % (task_id, task["task_type"], " and ".join(_RETRIED_TYPES))
        )
    if task["status"] not in _RETRIED_IN:
        raise InputError(
            "Batch task %s is %s, and only a task that is %s can be retried; %s"
            % (
                task_id,
                task["status"],
                " or ".join(_RETRIED_IN),
                _ADVICE.get(task["status"], "look at it with iotda_batch_task_info"),
            )
        )


def _is_count(number):
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0
