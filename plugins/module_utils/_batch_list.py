# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listing batch tasks of IoTDA, with their sub-tasks when these are wanted."""

from __future__ import annotations

import re

from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_task import RETRIABLE, check_task_id, counts
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iotda import Iotda
from ansible_collections.huaweicloud.tasks.plugins.module_utils._limit import check_limit, cut

_NOT_FOUND = "IOTDA.014200"
_APP_ID = re.compile(r"[a-zA-Z0-9_-]{1,36}")


def list_tasks(client, params):
    """List batch tasks for the options of ``iotda_batch_task_info``.

    :returns: ``batch_tasks`` and ``truncated``.
    :raises InputError: an option is wrong; before any call.
    """
    _check(params)
    iotda = Iotda(client, params["instance_id"])
    wanted, with_output = params["subtasks"], params["include_output"]
    if params["task_id"] is not None:
        tasks, truncated = _one(iotda, params["task_id"], wanted, with_output), False
    else:
        at_most = None if params["limit"] is None else params["limit"] + 1
        found = iotda.list_batch_tasks(params["task_type"], params["app_id"], params["status"], at_most)
        tasks, truncated = cut(found, params["limit"])
        if wanted != "none":
            tasks = [task for listed in tasks for task in _one(iotda, listed["task_id"], wanted, with_output)]
    return {"batch_tasks": tasks, "truncated": truncated}


def _check(params):
    check_limit(params["limit"])
    if params["task_id"] is not None:
        check_task_id(params["task_id"])
    if params["app_id"] is not None and not _APP_ID.fullmatch(params["app_id"]):
        raise InputError(
            "app_id is %r, but must be 1 to 36 letters, digits, underscores and hyphens" % params["app_id"]
        )
    if params["include_output"] and params["subtasks"] == "none":
        raise InputError("include_output needs subtasks to be failed or all; without sub-tasks there is no output")


def _one(iotda, task_id, wanted, with_output):
    """The task in a list, with its sub-tasks when wanted; nothing when there is no such task."""
    try:
        if wanted == "none":
            return [iotda.show_batch_task(task_id, limit=1)[0]]
        return [_with_subtasks(iotda, task_id, wanted, with_output)]
    except ApiError as refused:
        if refused.code == _NOT_FOUND:
            return []
        raise


def _with_subtasks(iotda, task_id, wanted, with_output):
    """The counters of the first answer tell which lists are empty, and need no request."""
    seen, subtasks = [], {}
    for status in RETRIABLE if wanted == "failed" else (None,):
        if seen and (counts(seen[-1]) or {}).get(status) == 0:
            continue
        for page in iotda.subtask_pages(task_id, status, seen.append, with_output):
            # A sub-task that changes its status while the lists are read is in the result once, as it was last seen.
            subtasks.update((subtask["target"], subtask) for subtask in page)
            del seen[:-1]
    return {**seen[-1], "subtasks": list(subtasks.values())}
