# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operation that the collection uses, and how a module comes to call it: one entry is one row of scenes."""

from __future__ import annotations

from typing import NamedTuple

PROJECT_ID = "0123456789abcdef0123456789abcdef"
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
        return self.operation + (" " + self.kind if self.kind not in OWN_KINDS else "")


# Kinds of an operation's own; the others are said in the scene's name.
OWN_KINDS = ("read", "create", "retry", "send", "delete")

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
]
