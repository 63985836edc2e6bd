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
FAILED_SCAN = "d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac"
FAILED_HSS = {**HSS, "tasks": [{"task_id": FAILED_SCAN, "failed": ["cluster-0001", "cluster-0002"]}]}
FAILING_HSS = {**HSS, "clusters": {"count": 3, "failing": 1, "unavailable": 1}, "files": {"count": 2, "failing": 1}}
# Failed on the servers and on the day that the examples name.
KPS = {
    "failed": [
        {"server_name": "web-1", "task_time": "1767322985000"},
        {"server_name": "web-2", "task_time": "1767322985001", "task_error_code": "KPS.6005"},
    ],
}
REFUSED = {"kind": "status", "status": 400, "code": "HSS.0001", "message": "invalid param error", "times": -1}

UPGRADE = "5c8ba99030344005c02316ad"
PUMPS = [f"{UPGRADE}_pump{number:02d}" for number in range(1, 5)]
SUB_TASKS = [
    {"status": "Fail", "targets": PUMPS[:2], "seconds": 1, "output": "upgraded"},
    {"status": "Success", "targets": PUMPS[2:3]},
]
REJECTED = {"status": "Fail", "targets": PUMPS[3:], "reject": {"error_code": "IOTDA.014000", "error_msg": "gone"}}
IOTDA = {"batch_tasks": [{"task_id": UPGRADE, "sub_tasks": SUB_TASKS}]}
FAILING_IOTDA = {"batch_tasks": [{"task_id": UPGRADE, "sub_tasks": [*SUB_TASKS, REJECTED]}]}

# By module; a service's name stands for all its modules that are not named.
EXAMPLE_CLOUDS = {
    "kps": {"kps": KPS},
    "hss": {"hss": HSS},
    "hss_task_retry": {"hss": FAILED_HSS},
    "iotda": {"iotda": IOTDA},
}

# What a module needs besides credentials to make a call that succeeds, where it needs anything.
VALID_CALLS = {
    "kps_failed_task": {"state": "absent", "all": True},
    "hss_task": {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}},
    "hss_task_retry": {"task_id": FAILED_SCAN},
    "iotda_batch_task_info": {"task_id": UPGRADE},
    "iotda_batch_task_retry": {"task_id": UPGRADE},
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
    "hss_task_retry": [
        Run(
            {"hss": {**FAILED_HSS, "clusters": [{"cluster_id": "cluster-0001", "fails": True}, *HSS["clusters"][1:]]}},
            f"""
- huaweicloud.tasks.hss_task_retry:
    task_id: {FAILED_SCAN}
    clusters:
      - cluster_id: cluster-0001
      - cluster_id: elsewhere
    wait: true
""",
        ),
        Run(
            {"hss": FAILED_HSS},
            f"""
- huaweicloud.tasks.hss_task_retry:
    task_id: {FAILED_SCAN}
""",
            ({"operation": "RetryTask", **REFUSED},),
        ),
    ],
    "iotda_batch_task_info": [
        Run(
            {"iotda": IOTDA},
            f"""
- huaweicloud.tasks.iotda_batch_task_info:
    task_id: {UPGRADE}
    subtasks: all
    include_output: true
""",
        ),
        Run(
            {"iotda": IOTDA},
            """
- huaweicloud.tasks.iotda_batch_task_info:
    task_type: firmwareUpgrade
""",
            ({"operation": "ListBatchTasks", **REFUSED},),
        ),
    ],
    "iotda_batch_task_retry": [
        Run(
            {"iotda": FAILING_IOTDA},
            f"""
- huaweicloud.tasks.iotda_batch_task_retry:
    task_id: {UPGRADE}
    targets: {[*PUMPS, "nobody"]}
    wait: true
""",
        ),
        Run(
            {"iotda": IOTDA},
            f"""
- huaweicloud.tasks.iotda_batch_task_retry:
    task_id: {UPGRADE}
""",
            ({"operation": "RetryBatchTask", **REFUSED},),
        ),
    ],
    "kps_failed_task": [
        Run(
            {"kps": KPS},
            """
- huaweicloud.tasks.kps_failed_task:
    all: true
    state: absent
""",
            ({"operation": "DeleteAllFailedTask", **REFUSED},),
        ),
    ],
    "kps_failed_task_info": [
        Run(
            {"kps": {**KPS, "running": {"count": 2, "remaining_seconds": None}}},
            """
- huaweicloud.tasks.kps_failed_task_info:
    include_running: true
""",
        ),
        Run(
            {"kps": KPS},
            "- huaweicloud.tasks.kps_failed_task_info:",
            ({"operation": "ListFailedTask", **REFUSED},),
        ),
    ],
}
