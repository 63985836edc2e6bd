# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an empty list or string does, where leaving the option out means "all" or "any".

A row for each option that is a list, or text without choices. ``others``: the options that make a valid call.
``error``: the module fails before it makes a request. ``nothing``: the lists that come back are empty, and nothing
changes. ``unchanged``: nothing changes.
"""

from __future__ import annotations

from typing import NamedTuple


class Empty(NamedTuple):
    outcome: str
    others: dict


CLUSTER_SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}}
IAC_SCAN = {"task_type": "iac_scan", "iac_scan": {"file_type": "dockerfile"}}
FAILED_SCAN = "d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac"
UPGRADE = "5c8ba99030344005c02316ad"

EMPTY_OPTIONS = {
    "hss_cluster_info": {
        "cluster_ids": Empty("nothing", {}),
        "cluster_names": Empty("nothing", {}),
    },
    "hss_task": {
        "cluster_scan.cluster_ids": Empty("error", CLUSTER_SCAN),
        "cluster_scan.scan_types": Empty("error", CLUSTER_SCAN),
        "iac_scan.file_ids": Empty("error", IAC_SCAN),
    },
    "hss_task_info": {
        "created_after": Empty("error", {}),
        "created_before": Empty("error", {}),
        "scan_types": Empty("nothing", {}),
        "task_id": Empty("error", {}),
        "task_name": Empty("error", {}),
    },
    "hss_task_retry": {
        "clusters": Empty("nothing", {"task_id": FAILED_SCAN}),
        "clusters.cluster_id": Empty("error", {"task_id": FAILED_SCAN}),
        "clusters.scan_types": Empty("error", {"task_id": FAILED_SCAN, "clusters": [{"cluster_id": "cluster-0001"}]}),
        "task_id": Empty("error", {}),
    },
    "iotda_batch_task_info": {
        "app_id": Empty("error", {"task_type": "firmwareUpgrade"}),
        "task_id": Empty("error", {}),
    },
    "iotda_batch_task_retry": {
        "targets": Empty("nothing", {"task_id": UPGRADE}),
        "task_id": Empty("error", {}),
    },
    "kps_failed_task": {
        "task_ids": Empty("nothing", {"state": "absent"}),
    },
    "kps_failed_task_info": {
        "failed_after": Empty("error", {}),
        "failed_before": Empty("error", {}),
        "keypair_names": Empty("nothing", {}),
        "operate_types": Empty("nothing", {}),
        "server_ids": Empty("nothing", {}),
        "server_names": Empty("nothing", {}),
    },
}
