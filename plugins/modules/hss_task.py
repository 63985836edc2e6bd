#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hss_task
short_description: Have clusters or infrastructure-as-code files scanned by HSS
version_added: 0.1.0
description:
  - Makes sure that a scan of the Host Security Service (HSS) is under way, or was done recently enough.
  - The module first looks for a task of the same type that is waiting or running, or that finished within
    O(reuse_finished_within) with nothing failed, and that covers what is asked for, that is, scans at least these scan
    types and these clusters or files. When there is one, nothing is created and the module reports no change.
  - To skip a scan that was needed is worse than to scan twice. When it cannot be shown that a task covers the
    request, a new one is created, and a warning names what the task under way leaves out.
  - Stands on the API operations C(CreateTask), C(ListTasks), C(ListTaskResources) and
    C(ListKubernetesClusterDetails). Creating a task takes 4 requests. Finding one takes up to 5 for up to 200 clusters.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.hss
  - huaweicloud.tasks.wait
  - huaweicloud.tasks.attributes
  - huaweicloud.tasks.attributes.hss_group
attributes:
  check_mode:
    details:
      - Makes the same look-ups, predicts RV(decision), and creates nothing.
  idempotent:
    support: partial
    details:
      - A second run changes nothing while the scan is under way. After it has ended, which is what O(wait=true) waits
        for, set O(reuse_finished_within) to say how recent is recent enough.
      - With O(force=true) every run creates a task.
options:
  task_type:
    description: What to scan.
    type: str
    required: true
    choices: [cluster_scan, iac_scan]
  cluster_scan:
    description: Which scan of which clusters. Required with O(task_type=cluster_scan).
    type: dict
    suboptions:
      scan_types:
        description:
          - What to scan for, 1 to 3 of them.
          - V(cluster_vul) looks for vulnerabilities, V(risk_assessment) assesses risks, V(benchmark) checks compliance.
        type: list
        elements: str
        required: true
        choices: [cluster_vul, risk_assessment, benchmark]
      range:
        description:
          - Whether to scan all clusters that can be scanned, or those in O(cluster_scan.cluster_ids).
          - If not given, it is V(specific) when O(cluster_scan.cluster_ids) is given, and V(all) otherwise.
        type: str
        choices: [all, specific]
      cluster_ids:
        description:
          - IDs of the clusters to scan, 1 to 200, of 1 to 64 characters each. M(huaweicloud.tasks.hss_cluster_info)
            lists them.
          - An empty list is an error. It never stands for all.
        type: list
        elements: str
  iac_scan:
    description: Which files to scan. Required with O(task_type=iac_scan).
    type: dict
    suboptions:
      file_type:
        description: Type of the files.
        type: str
        required: true
        choices: [dockerfile, k8s_yaml]
      file_ids:
        description:
          - IDs of the files to scan, 1 to 100, of 1 to 64 characters each. HSS gives a file its ID when it is
            uploaded, in the console or by the API operation C(BatchUploadFiles).
          - An empty list is an error.
        type: list
        elements: str
        required: true
  reuse_finished_within:
    description:
      - A task that finished within this many seconds with nothing failed is recent enough, at least 0.
      - With V(0) only a task that is waiting or running counts.
      - The age is counted by the service's clock.
    type: int
    default: 0
  reuse_match:
    description:
      - What a task under way must show to be reused.
      - With V(clusters) it must list every cluster that is asked for; for all clusters these are the ones that HSS
        lists as C(Available).
      - With V(scan_types) a task under way with the scan types is enough for a scan of all clusters. Use it in
        projects in
        which some listed clusters can never be scanned. It says nothing about which clusters the task scans.
    type: str
    choices: [clusters, scan_types]
    default: clusters
  force:
    description: Create a task even when one is under way or recent enough.
    type: bool
    default: false
notes:
  - The API has no token that tells a repeated request from a new one. When the answer to the request is lost, the
    module looks for the new task for up to 30 seconds and adopts it; only when there is none is the request sent once
    more.
  - The API has no lock either. Two runs that start at the same moment can both create a task; the module warns with
    both IDs when it sees that.
  - A task cannot be stopped or deleted through the API.
  - In a project with more than 200 tasks and with O(reuse_finished_within), tasks that started longer ago than that
    time plus 1 day may not be looked at.
  - HSS answers for the default enterprise project unless O(enterprise_project_id) says otherwise.
seealso:
  - module: huaweicloud.tasks.hss_task_info
  - module: huaweicloud.tasks.hss_task_retry
  - module: huaweicloud.tasks.hss_cluster_info
"""

EXAMPLES = r"""
- name: Have all clusters scanned, unless that was done in the last hour
  huaweicloud.tasks.hss_task:
    region: cn-north-4
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul, risk_assessment, benchmark]
    reuse_finished_within: 3600
  delegate_to: localhost
  register: scan

- name: Scan two clusters for vulnerabilities and wait for the result
  huaweicloud.tasks.hss_task:
    region: cn-north-4
    task_type: cluster_scan
    cluster_scan:
      scan_types: [cluster_vul]
      cluster_ids:
        - cluster-0001
        - cluster-0002
    wait: true
    wait_timeout: 7200
  delegate_to: localhost
  register: scan

- name: Scan uploaded Dockerfiles
  huaweicloud.tasks.hss_task:
    region: cn-north-4
    task_type: iac_scan
    iac_scan:
      file_type: dockerfile
      file_ids:
        - file-0001
  delegate_to: localhost
"""

RETURN = r"""
task_id:
  description: ID of the task; null when check mode predicts a new one, or when none was created.
  returned: always
  type: str
  sample: d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac
task:
  description:
    - The task as it was last seen, or null when there is none yet.
    - Fields that the API returns and that are not described here are passed through.
  returned: always
  type: dict
  contains:
    task_id:
      description: ID of the task.
      type: str
      returned: always
      sample: d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac
    task_type:
      description: V(cluster_scan) or V(iac_scan).
      type: str
      returned: always
      sample: cluster_scan
    task_status:
      description: V(ready) (waiting), V(running) or V(finished).
      type: str
      returned: when the task is listed
      sample: running
    outcome:
      description: How the task stands, see RV(huaweicloud.tasks.hss_task_info#module:tasks[].outcome).
      type: str
      returned: always
      sample: running
    started_at:
      description: When the task started, ISO 8601 in UTC, or null.
      type: str
      returned: always
      sample: '2026-01-02T03:04:05Z'
    finished_at:
      description: When the task ended, ISO 8601 in UTC, or null.
      type: str
      returned: always
      sample: null
decision:
  description:
    - What was done.
    - V(created) means that a task was created, V(adopted) that the answer to the request was lost and the new task was
      found, V(reused) that a task covers the request, V(would_create) that check mode predicts a new task.
    - Null when the module failed before it decided.
  returned: always
  type: str
  sample: created
reason:
  description: Why, in a sentence.
  returned: always
  type: str
  sample: No task that covers the request is under way.
unavailable_clusters:
  description:
    - For a scan of all clusters, those that HSS lists in another state than C(Available) and that are not scanned.
    - Null when the clusters were not read, which is only done to show whether a task covers them.
  returned: always
  type: list
  elements: dict
  sample: []
failed_resources:
  description: The clusters or files that failed, as C(ListTaskResources) gives them; empty without O(wait).
  returned: always
  type: list
  elements: dict
  sample: []
failure_kind:
  description:
    - What kind of failure it is, for a playbook to decide what is worth another try.
    - V(input), V(auth), V(api), V(network), V(unknown_outcome) (the request may have taken effect), V(wait_timeout) or
      V(resources_failed).
  returned: failure
  type: str
  sample: resources_failed
error:
  description: What the API answered.
  returned: failure, when it belongs to one request
  type: dict
  sample:
    service: hss
    operation: CreateTask
    http_status: 400
    code: HSS.0001
    message: invalid param error
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_ensure import ensure_scan

SPEC = spec(
    "hss",
    {
        "task_type": {"type": "str", "required": True, "choices": ["cluster_scan", "iac_scan"]},
        "cluster_scan": {
            "type": "dict",
            "options": {
                "scan_types": {
                    "type": "list",
                    "elements": "str",
                    "required": True,
                    "choices": ["cluster_vul", "risk_assessment", "benchmark"],
                },
                "range": {"type": "str", "choices": ["all", "specific"]},
                "cluster_ids": {"type": "list", "elements": "str"},
            },
        },
        "iac_scan": {
            "type": "dict",
            "options": {
                "file_type": {"type": "str", "required": True, "choices": ["dockerfile", "k8s_yaml"]},
                "file_ids": {"type": "list", "elements": "str", "required": True},
            },
        },
        "reuse_finished_within": {"type": "int", "default": 0},
        "reuse_match": {"type": "str", "choices": ["clusters", "scan_types"], "default": "clusters"},
        "force": {"type": "bool", "default": False},
    },
    wait=True,
    required_if=[("task_type", "cluster_scan", ["cluster_scan"]), ("task_type", "iac_scan", ["iac_scan"])],
    mutually_exclusive=[("cluster_scan", "iac_scan")],
)


def execute(params, check_mode, client):
    """Find or create the scan that is asked for, and wait for it when that is wanted."""
    return ensure_scan(client, params, check_mode)


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
