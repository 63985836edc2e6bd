# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which clusters of a scan task are to be retried, as far as reading tells."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import SCAN_TYPES

_WHY_NOT = {
    "scanning": "is being scanned",
    "success": "did not fail",
    "failed": "failed only now; run again to retry it",
}


class Target(NamedTuple):
    """A failed cluster that is to be scanned again.

    ``chosen`` are the scan types that were asked for, None for all that failed; ``failed`` those that failed.
    ``times`` are the start and end of the scan that failed: a cluster that shows others was scanned again.
    """

    cluster_id: str
    name: Optional[str]
    failed: tuple
    chosen: Optional[tuple]
    times: tuple

    def body(self):
        """What the request says about this cluster."""
        return {"cluster_id": self.cluster_id, **({"scan_type_list": list(self.chosen)} if self.chosen else {})}

    def named(self):
        """What the result says about this cluster."""
        types = list(self.chosen or self.failed)
        return {"cluster_id": self.cluster_id, "cluster_name": self.name, "scan_types": types}

    def is_as_before(self, listed):
        """Whether the cluster still shows the failure that is to be retried.

        :arg listed: the clusters of the task by id as they are listed now, all of them or the failed ones.
        """
        resource = listed.get(self.cluster_id)
        return resource is not None and resource.get("scan_status") == "failed" and scan_times(resource) == self.times


class Plan(NamedTuple):
    """The task as it was read, what was asked for, what is to be retried, and what is not, each with a reason.

    ``unknown`` are the ids that were asked for and that the task does not have.
    """

    task: dict
    choice: Optional[dict]
    targets: list
    skipped: list
    unknown: list


def make_plan(hss, task, choice):
    """Read the task's failed clusters (ListTaskResources, a request for each 200 of them) and choose among them.

    Chosen clusters that are not among the failed ones are looked up in the list of all, to say why they are skipped.

    :arg choice: from ``read_choice()``; None chooses every failed cluster.
    """
    failed = failed_clusters(hss, task["task_id"], choice)
    if choice is None:
        return Plan(task, None, [_target(resource, None) for resource in failed.values()], [], [])
    others = {}
    if set(choice) - set(failed):
        others = _by_id(hss, task["task_id"], None, set(choice))
    targets, skipped, unknown = [], [], []
    for cluster_id, types in choice.items():
        resource = failed.get(cluster_id)
        if resource is not None and (types is None or _to_retry(resource, types)):
            targets.append(_target(resource, types))
            continue
        resource = resource or others.get(cluster_id)
        if resource is None:
            unknown.append(cluster_id)
        skipped.append(_skip(cluster_id, resource, types))
    return Plan(task, choice, targets, skipped, unknown)


def skipped(cluster_id, name, reason):
    """What the result says about a cluster that is not retried."""
    return {"cluster_id": cluster_id, "cluster_name": name, "reason": reason}


def failed_clusters(hss, task_id, choice=None):
    """Return the failed clusters of a task by id. Reading ends when all that are chosen were seen."""
    return _by_id(hss, task_id, "failed", None if choice is None else set(choice))


def all_clusters(hss, task_id):
    """Return the clusters of a task by id, whatever became of them.

    No cluster leaves this list while its pages are read, as a retried one leaves the list of the failed; those behind
    it then move up, some of them from a page that comes to one that is read already, and are in neither.
    """
    return _by_id(hss, task_id, None, None)


def failed_types(resource):
    """The scan types that failed on a cluster; empty when it does not tell."""
    details = resource.get("scan_detail_list")
    return tuple(
        detail.get("scan_type")
        for detail in (details if isinstance(details, list) else [])
        if isinstance(detail, dict) and detail.get("status") == "failed" and isinstance(detail.get("scan_type"), str)
    )


def scan_times(resource):
    """Start and end of a cluster's last scan, as the API gives them."""
    return resource.get("start_time"), resource.get("end_time")


def _by_id(hss, task_id, status, wanted):
    found = {}
    for resource in hss.list_task_resources("cluster_scan", task_id, status):
        cluster_id = resource.get("cluster_id")
        if isinstance(cluster_id, str):
            found[cluster_id] = resource
            if wanted is not None and wanted <= found.keys():
                break
    return found


def _target(resource, types):
    chosen = None if types is None else _to_retry(resource, types)
    name = resource.get("cluster_name")
    return Target(resource["cluster_id"], name, failed_types(resource), chosen, scan_times(resource))


def _to_retry(resource, types):
    """The chosen scan types that failed; all that are chosen when the cluster does not tell which failed."""
    failed = failed_types(resource)
    return tuple(name for name in SCAN_TYPES if name in types and (name in failed or not failed))


def _skip(cluster_id, resource, types):
    if resource is None:
        return skipped(cluster_id, None, "is not in the task")
    status = resource.get("scan_status")
    reason = _WHY_NOT.get(status, "is %s" % status)
    if types is not None and status == "failed":
        reason = "failed, but not in %s" % ", ".join(sorted(types))
    return skipped(cluster_id, resource.get("cluster_name"), reason)
