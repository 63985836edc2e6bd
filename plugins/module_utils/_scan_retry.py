# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Having failed clusters of a scan task scanned again.

The API says nothing about a retry when nothing failed, while the task runs, or of a cluster that the task does not
have. So the state is read first, and only clusters that are seen to have failed are sent, by their ids: a request for
"all that failed" would also retry what nobody has seen, and what check mode did not name.
"""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError, keep
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import MOST_SCAN_TYPES, Hss
from ansible_collections.huaweicloud.tasks.plugins.module_utils._retry_plan import make_plan
from ansible_collections.huaweicloud.tasks.plugins.module_utils._retry_send import Sender
from ansible_collections.huaweicloud.tasks.plugins.module_utils._retry_wait import wait_for_retry
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import check_id, described
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import check_wait_options


def retry_scan(client, params, check_mode):
    """Retry what failed, for the options of ``hss_task_retry``, and wait when that is wanted.

    :returns: the module's result.
    :raises InputError: an option is wrong (before any call), or there is no such cluster scan.
    :raises TasksError: any other failure, with the result as far as it is known.
    """
    check_id("task_id", params["task_id"])
    choice = read_choice(params["clusters"])
    check_wait_options(params)
    hss = Hss(client)
    result = {
        "changed": False,
        "task_id": params["task_id"],
        "task": None,
        "retried_clusters": [],
        "skipped_clusters": [],
        "unsent_clusters": [],
        "failed_resources": [],
    }
    with keep(result):
        task = _find_cluster_scan(hss, params["task_id"])
        result["task"] = described(task)
        if choice == {}:
            return result
        plan = make_plan(hss, task, choice)
        result["skipped_clusters"] = plan.skipped
        if check_mode:
            result["changed"] = bool(plan.targets)
            result["retried_clusters"] = [target.named() for target in plan.targets]
            return result
        _carry_out(hss, plan, params, result)
    return result


def _carry_out(hss, plan, params, result):
    if plan.targets:
        Sender(hss, plan, result).send()
    if params["wait"]:
        wait_for_retry(hss, plan, params, result)


def read_choice(clusters):
    """Read which clusters to retry: cluster ids, each with its scan types or None for all that failed.

    :arg clusters: the option; None chooses every failed cluster, and is returned as it is.
    :raises InputError: an id or a list of scan types cannot be used.
    """
    if clusters is None:
        return None
    choice = {}
    for entry in clusters:
        check_id("clusters.cluster_id", entry["cluster_id"])
        types = entry["scan_types"]
        if types is not None and not 1 <= len(set(types)) <= MOST_SCAN_TYPES:
            raise InputError(
                "clusters.scan_types of cluster %s must name 1 to %s scan types; leave it out for all that failed"
                % (entry["cluster_id"], MOST_SCAN_TYPES)
            )
        if types is None or choice.get(entry["cluster_id"], ()) is None:
            choice[entry["cluster_id"]] = None
        else:
            choice[entry["cluster_id"]] = choice.get(entry["cluster_id"], frozenset()) | frozenset(types)
    return choice


def _find_cluster_scan(hss, task_id):
    task = hss.find_task("cluster_scan", task_id)
    if task:
        return task
    if hss.find_task("iac_scan", task_id):
        raise InputError(
            "Task %s is an iac_scan task, and only cluster scans can be retried; start a new scan of the files with"
            " hss_task" % task_id
        )
    raise InputError(
        "No scan task %s is listed; check the id, the region, the project and enterprise_project_id" % task_id
    )
