# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for the end of a scan task whose clusters were retried."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ResourcesFailed
from ansible_collections.huaweicloud.tasks.plugins.module_utils._retry_plan import failed_clusters, failed_types
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import (
    described,
    fail_unless_succeeded,
    is_over,
    name_failures,
    outcome,
    seconds_left,
    standing,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import wait_for


def wait_for_retry(hss, plan, params, result):
    """Wait until the task has ended with what was retried, and judge the clusters that were asked for.

    :arg plan: what was to be retried. :arg params: the wait options.
    :arg result: holds ``task``; ``failed_resources`` is filled in.
    :raises WaitTimeout: it has not ended in time.
    :raises ResourcesFailed: a cluster that was asked for failed again or is not in the task, or nothing was scanned.
    """
    task_id = result["task_id"]

    def look():
        task = hss.find_task("cluster_scan", task_id)
        if task:
            result["task"] = described(task)
        return task, _failed_at_end(hss, plan, result, task)

    def still(state):
        return "scan task %s is %s" % (task_id, _standing(state))

    failed = None if result["retried_clusters"] else _failed_at_end(hss, plan, result, result["task"])
    if failed is None:
        ended = wait_for(
            hss.client,
            look,
            lambda state: state[1] is not None,
            params["wait_timeout"],
            params["wait_interval"],
            lambda state: seconds_left(state[0]),
            still,
        )
        failed = ended.state[1]
    _judge(plan, result, failed)


def _failed_at_end(hss, plan, result, task):
    """The failed clusters of a task that has ended, by id; None while it has not, or only shows an earlier end."""
    if not is_over(task):
        return None
    retried = {cluster["cluster_id"] for cluster in result["retried_clusters"]}
    targets = [target for target in plan.targets if target.cluster_id in retried]
    ended_before = is_over(plan.task) and task.get("end_time") == plan.task.get("end_time")
    failed = {}
    if outcome(task) != "succeeded" or (targets and ended_before):
        failed = failed_clusters(hss, task["task_id"])
    if any(target.is_as_before(failed) for target in targets):
        return None
    if targets and ended_before and _any_scanning(hss, task["task_id"], retried):
        return None
    return failed


def _any_scanning(hss, task_id, cluster_ids):
    resources = hss.list_task_resources("cluster_scan", task_id, "scanning")
    return any(resource.get("cluster_id") in cluster_ids for resource in resources)


def _standing(state):
    task = state[0] if state else None
    return "shown as before the retry" if is_over(task) else standing(task)


def _judge(plan, result, failed):
    if plan.choice is None:
        result["failed_resources"] = list(failed.values())
        fail_unless_succeeded(result["task"], result["failed_resources"])
        return
    result["failed_resources"] = [
        resource for cluster_id, resource in failed.items() if _asked_for(plan.choice, cluster_id, resource)
    ]
    parts = []
    if result["failed_resources"]:
        parts.append("failed: " + name_failures("cluster_scan", result["failed_resources"]))
    if plan.unknown:
        parts.append("are not in the task: " + ", ".join(plan.unknown))
    if parts:
        raise ResourcesFailed(
            "Scan task %s finished, and of the clusters that were asked for %s"
            % (result["task_id"], "; and ".join(parts))
        )


def _asked_for(choice, cluster_id, resource):
    """Whether one of the scan types that were asked for failed on the cluster."""
    if cluster_id not in choice:
        return False
    types, failed = choice[cluster_id], failed_types(resource)
    return types is None or not failed or bool(types & set(failed))
