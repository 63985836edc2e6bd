# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a scan task."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ResourcesFailed
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import resource_id
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import (
    counters,
    described,
    fail_unless_succeeded,
    is_over,
    outcome,
    seconds_left,
    standing,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import wait_for


def wait_for_scan(hss, request, params, result):
    """Wait until the task in ``result`` has ended, and keep its last state there.

    One request a look, and one more for what failed or for what is missing.

    :arg request: what was asked for. :arg params: the wait options.
    :arg result: holds ``task`` and ``task_id``; ``failed_resources`` is filled in.
    :raises WaitTimeout: it has not ended in time.
    :raises ResourcesFailed: it ended with failures, without something that was asked for, or scanned nothing.
    """
    task_type, task_id = result["task"]["task_type"], result["task_id"]

    def look():
        task = hss.find_task(task_type, task_id)
        if task:
            result["task"] = described(task)
        return task

    def still(task):
        return "scan task %s is %s" % (task_id, standing(task))

    if not is_over(result["task"]):
        wait_for(hss.client, look, is_over, params["wait_timeout"], params["wait_interval"], seconds_left, still)
    if outcome(result["task"]) in ("failed", "partially_failed"):
        result["failed_resources"] = list(hss.list_task_resources(task_type, task_id, "failed"))
    fail_unless_succeeded(result["task"], result["failed_resources"])
    if request.ids and counters(result["task"]).total < len(request.ids):
        _fail_when_missing(hss, request, task_id)


def _fail_when_missing(hss, request, task_id):
    """The API accepts ids that it cannot scan and leaves them out."""
    resources = hss.list_task_resources(request.task_type, task_id)
    missing = sorted(request.ids - {resource_id(request.task_type, resource) for resource in resources})
    if missing:
        raise ResourcesFailed(
            "Scan task %s finished without %s of the %s that were asked for: %s. Check the ids, and"
            " enterprise_project_id"
            % (task_id, len(missing), len(request.ids), ", ".join(missing[:5]) + (", ..." if missing[5:] else ""))
        )
