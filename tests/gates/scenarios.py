# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clouds in which the examples run, and the further runs in which rarer return values come back."""

from __future__ import annotations

from typing import NamedTuple


class Run(NamedTuple):
    """Tasks as YAML, run in a cloud: a scenario for the simulator, and the faults injected into it."""

    cloud: dict
    tasks: str
    faults: tuple = ()


# The clusters and files that the examples name. Scans last a second and give no estimate, so that waits are short.
HSS = {
    "clusters": [
        {"cluster_id": "cluster-0001", "cluster_name": "shop-prod"},
        {"cluster_id": "cluster-0002", "cluster_name": "shop-staging"},
    ],
    "files": [{"file_id": "file-0001"}],
    "ready_seconds": 0,
    "scan_seconds": 1,
    "estimate": "missing",
}
FAILING_HSS = {**HSS, "clusters": {"count": 3, "failing": 1, "unavailable": 1}, "files": {"count": 2, "failing": 1}}
REFUSED = {"kind": "status", "status": 400, "code": "HSS.0001", "message": "invalid param error", "times": -1}

# By module; a service's name stands for all its modules that are not named.
EXAMPLE_CLOUDS = {
    "hss": {"hss": HSS},
}

# What a module needs besides credentials to make a call that succeeds, where it needs anything.
VALID_CALLS = {
    "hss_task": {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}},
}

FURTHER_RUNS = {
    "hss_cluster_info": [
        Run(
            {"hss": HSS},
            "- huaweicloud.tasks.hss_cluster_info:",
            ({"operation": "ListKubernetesClusterDetails", **REFUSED},),
        ),
    ],
    "hss_task": [
        Run(
            {"hss": FAILING_HSS},
            """
- huaweicloud.tasks.hss_task:
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul]
    wait: true
- huaweicloud.tasks.hss_task:
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul]
- huaweicloud.tasks.hss_task:
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul]
""",
        ),
        Run(
            {"hss": HSS},
            """
- huaweicloud.tasks.hss_task:
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul]
""",
            ({"operation": "CreateTask", **REFUSED},),
        ),
    ],
    "hss_task_info": [
        Run(
            {"hss": {**FAILING_HSS, "history": {"count": 2}, "tasks": [{"task_type": "iac_scan", "files": "all"}]}},
            """
- huaweicloud.tasks.hss_task_info:
    resources: all
""",
        ),
        Run({"hss": HSS}, "- huaweicloud.tasks.hss_task_info:", ({"operation": "ListTasks", **REFUSED},)),
    ],
}
