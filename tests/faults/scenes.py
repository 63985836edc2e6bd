# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operation that the collection uses, and how a module comes to call it: one entry is one row of scenes."""

from __future__ import annotations

from typing import NamedTuple

from tests.faults.fault_kinds import PASSWORD

SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["cluster_vul"]}}


class Scene(NamedTuple):
    """One operation at work.

    ``kind``: its column in the table of expectations.
    ``calls``: the numbers of its first and last call in a run without faults, of ``total`` in all; the others belong
    to another scene.
    ``same``: keys of the result that must be as in a run without faults, None for all.
    ``environ``: changes of the environment.
    """

    service: str
    operation: str
    kind: str
    module: str
    options: dict
    scenario: dict
    calls: tuple = (1, 1)
    total: int = 0
    same: tuple = None
    environ: dict = {}

    @property
    def positions(self):
        """What the calls that can be struck are called, by their numbers."""
        first, last = self.calls
        return {first: "first", (first + last) // 2: "middle", last: "last"} if last > first else {first: "only"}

    @property
    def name(self):
        return self.operation + ("" if self.kind in OWN_KINDS else " " + self.kind)


# Kinds of an operation's own; the others are said in the scene's name.
OWN_KINDS = ("read", "create", "retry", "batch", "delete")

FAILED_CLUSTERS = ["%08x-0000-4000-8000-0123456789ab" % number for number in range(1, 402)]
DEVICES = ["device-%03d" % number for number in range(230)]
BATCH_TASK = {
    "task_id": "65a0",
    "sub_tasks": [
        {"status": "Fail", "targets": DEVICES, "seconds": 3600},
        {"status": "Success", "count": 20, "prefix": "good"},
    ],
}
BATCH_TASKS = {"iotda": {"batch_tasks": [BATCH_TASK]}}
RETRY_DEVICES = {"task_id": "65a0", "targets": DEVICES}

FAILED_SCAN = {
    "hss": {
        "clusters": {"count": 405, "failing": 401, "scan_seconds": 3600, "fail_attempts": 0},
        "tasks": [{"task_id": "scan", "scan_types": ["benchmark"], "failed": FAILED_CLUSTERS}],
    }
}
FAILED_SMALL_SCAN = {
    "hss": {
        "clusters": {"count": 3, "failing": 1, "scan_seconds": 3600, "fail_attempts": 0},
        "tasks": [{"task_id": "scan", "scan_types": ["benchmark"], "failed": FAILED_CLUSTERS[:1]}],
    }
}
RETRY_SCAN = {"task_id": "scan"}

RECORDS = ["%08x-0000-4000-8000-00000000fa11" % number for number in range(1, 4)]
FAILED_RECORDS = {"kps": {"failed": {"count": 5}}}
CLEAR = {"state": "absent", "task_ids": RECORDS}

SCENES = [
    Scene(
        "iam", "KeystoneListProjects", "read",
        "hss_cluster_info", {}, {},
        environ={"HUAWEICLOUD_SDK_PROJECT_ID": ""},
    ),
    Scene(
        "hss", "ListTasks", "read",
        "hss_task_info", {"task_type": "cluster_scan"}, {"hss": {"history": {"count": 450}}},
        calls=(1, 3),
    ),
    Scene(
        "hss", "ListTaskResources", "read",
        "hss_task_info", {"task_type": "cluster_scan", "resources": "all"},
        {"hss": {"clusters": {"count": 450, "failing": 3}, "tasks": [{"scan_types": ["benchmark"]}]}},
        calls=(1, 3),
    ),
    Scene(
        "hss", "ListKubernetesClusterDetails", "read",
        "hss_cluster_info", {}, {"hss": {"clusters": {"count": 450}}},
        calls=(1, 3),
    ),
    # hss_task looks twice before it creates, and then until the task shows, or has ended.
    Scene(
        "hss", "ListTasks", "before",
        "hss_task", SCAN, {},
        calls=(1, 2), total=3, same=("decision", "task_id"),
    ),
    Scene(
        "hss", "CreateTask", "create",
        "hss_task", SCAN, {},
        same=("changed", "task_id"),
    ),
    Scene(
        "hss", "ListTasks", "afterwards",
        "hss_task", SCAN, {"hss": {"list_delay_seconds": 4}},
        calls=(3, 9), same=("changed", "decision", "task_id"),
    ),
    Scene(
        "hss", "ListTasks", "waiting",
        "hss_task", {**SCAN, "wait": True, "wait_timeout": 900, "reuse_finished_within": 3600},
        {"hss": {"scan_seconds": 300}},
        calls=(4, 8), same=("changed", "decision", "task_id"),
    ),
    Scene(
        "iam", "KeystoneCreateUserTokenByPassword", "read",
        "hss_cluster_info", {}, {},
        environ=PASSWORD,
    ),
    # hss_task_retry reads the task and what failed in it, sends 200 clusters in a request, and looks at the effect.
    Scene(
        "hss", "ListTaskResources", "before",
        "hss_task_retry", RETRY_SCAN, FAILED_SMALL_SCAN,
        total=2, same=("changed", "retried_clusters"),
    ),
    Scene(
        "hss", "RetryTask", "retry",
        "hss_task_retry", RETRY_SCAN, FAILED_SCAN,
        calls=(1, 3), same=("changed", "retried_clusters", "skipped_clusters", "unsent_clusters"),
    ),
    Scene(
        "hss", "ListTaskResources", "afterwards",
        "hss_task_retry", RETRY_SCAN, FAILED_SMALL_SCAN,
        calls=(2, 2), same=("changed", "retried_clusters", "skipped_clusters", "unsent_clusters"),
    ),
    Scene(
        "iotda", "ListBatchTasks", "read",
        "iotda_batch_task_info", {"task_type": "firmwareUpgrade"}, {"iotda": {"batch_tasks": [{}] * 120}},
        calls=(1, 3),
    ),
    Scene(
        "iotda", "ShowBatchTask", "read",
        "iotda_batch_task_info", {"task_id": "65a0", "subtasks": "all"}, BATCH_TASKS,
        calls=(1, 5),
    ),
    # iotda_batch_task_retry reads what failed, sends 100 devices in a request, and looks at the effect.
    Scene(
        "iotda", "ShowBatchTask", "before",
        "iotda_batch_task_retry", RETRY_DEVICES, BATCH_TASKS,
        calls=(1, 5), total=6, same=("changed", "retried_targets"),
    ),
    Scene(
        "iotda", "RetryBatchTask", "batch",
        "iotda_batch_task_retry", RETRY_DEVICES, BATCH_TASKS,
        calls=(1, 3), same=("changed", "retried_targets", "unsent_targets", "unknown_targets", "rejected_targets"),
    ),
    Scene(
        "iotda", "ShowBatchTask", "look",
        "iotda_batch_task_retry", RETRY_DEVICES, BATCH_TASKS,
        calls=(6, 6), same=("changed", "retried_targets", "unsent_targets", "unknown_targets", "rejected_targets"),
    ),
    Scene(
        "kps", "ListFailedTask", "read",
        "kps_failed_task_info", {}, {"kps": {"failed": {"count": 2010}}},
        calls=(1, 3),
    ),
    Scene(
        "kps", "ListRunningTask", "read",
        "kps_failed_task_info", {"include_running": True},
        {"kps": {"running": {"count": 2010, "remaining_seconds": None}}},
        calls=(1, 3),
    ),
    # kps_failed_task reads the records, clears one in a request, and looks at the effect.
    Scene(
        "kps", "ListFailedTask", "before",
        "kps_failed_task", CLEAR, FAILED_RECORDS,
        calls=(1, 1), total=2, same=("changed", "cleared_tasks"),
    ),
    Scene(
        "kps", "DeleteFailedTask", "delete",
        "kps_failed_task", CLEAR, FAILED_RECORDS,
        calls=(1, 3), same=("changed", "cleared_tasks", "absent_task_ids", "uncleared_tasks", "unknown_tasks"),
    ),
    Scene(
        "kps", "DeleteAllFailedTask", "delete",
        "kps_failed_task", {"state": "absent", "all": True}, FAILED_RECORDS,
        same=("changed", "cleared_tasks", "absent_task_ids", "uncleared_tasks", "unknown_tasks"),
    ),
    Scene(
        "kps", "ListFailedTask", "afterwards",
        "kps_failed_task", CLEAR, FAILED_RECORDS,
        calls=(2, 2), same=("changed", "cleared_tasks", "absent_task_ids", "uncleared_tasks", "unknown_tasks"),
    ),
]
