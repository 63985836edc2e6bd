#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hss_task_info
short_description: List the scan tasks of HSS
version_added: 0.1.0
description:
  - Lists the cluster scans and infrastructure-as-code scans of the Host Security Service (HSS), with how they ended.
  - Stands on the API operations C(ListTasks) (one request for each page of 200 tasks of one type) and, with
    O(resources), C(ListTaskResources) (one request for each task and page of 200 clusters or files).
  - Tasks keep the order of the API and none comes twice. Tasks that appear while the pages are read may or may not be
    in the result; a task whose place does not change meanwhile is never missed.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.hss
  - huaweicloud.tasks.attributes.info
  - huaweicloud.tasks.attributes.hss_group
options:
  task_type:
    description:
      - Only tasks of this type.
      - If not given, tasks of both types are returned; O(scan_types) and O(file_type) then choose the type they
        belong to.
    type: str
    choices: [cluster_scan, iac_scan]
  task_id:
    description: Only the task with this ID, 1 to 64 characters.
    type: str
  task_name:
    description: Only tasks whose name contains this text, by the API's own comparison.
    type: str
  trigger_type:
    description: Only tasks that were started by hand (which includes the API), or by a schedule.
    type: str
    choices: [manual, schedule]
  task_status:
    description:
      - Only tasks in this state. V(ready) is waiting, and V(finished) says nothing about success, see
        RV(tasks[].outcome).
    type: str
    choices: [ready, running, finished]
  scan_types:
    description:
      - Only cluster scans that scanned all of these, 1 to 3. An empty list matches nothing.
      - Not possible with O(task_type=iac_scan) or O(file_type).
    type: list
    elements: str
    choices: [cluster_vul, risk_assessment, benchmark]
  file_type:
    description:
      - Only infrastructure-as-code scans of this type of file.
      - Not possible with O(task_type=cluster_scan) or O(scan_types).
    type: str
    choices: [dockerfile, k8s_yaml]
  created_after:
    description:
      - Only tasks created at this moment or later, as ISO 8601 with any offset (UTC without one) or as epoch
        milliseconds.
      - The API does not document its unit; milliseconds are sent, as its examples show.
    type: str
  created_before:
    description:
      - Only tasks created at this moment or earlier, in the same form as O(created_after).
    type: str
  order:
    description: Order by start time.
    type: str
    choices: [newest_first, oldest_first]
    default: newest_first
  limit:
    description:
      - The most tasks to return, at least 1. RV(truncated) tells whether there are more.
      - If not given, all are returned.
    type: int
  resources:
    description:
      - Which clusters or files to list for each task, at least one request more for each task that is returned.
      - V(failed) lists those whose scan failed, V(all) every one.
    type: str
    choices: [none, failed, all]
    default: none
seealso:
  - module: huaweicloud.tasks.hss_task
  - module: huaweicloud.tasks.hss_task_retry
"""

EXAMPLES = r"""
- name: List the scans of the last day, newest first
  huaweicloud.tasks.hss_task_info:
    region: cn-north-4
    created_after: "{{ '%Y-%m-%dT%H:%M:%SZ' | ansible.builtin.strftime(now().timestamp() - 86400, utc=true) }}"
  delegate_to: localhost
  register: recent

- name: Show the newest finished cluster scan with the clusters that failed
  huaweicloud.tasks.hss_task_info:
    region: cn-north-4
    task_type: cluster_scan
    task_status: finished
    limit: 1
    resources: failed
  delegate_to: localhost
  register: newest
"""

RETURN = r"""
tasks:
  description:
    - The tasks.
    - Fields that the API returns and that are not described here are passed through.
  returned: success
  type: list
  elements: dict
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
      returned: always
      sample: finished
    outcome:
      description:
        - How the task stands, from its status and counters.
        - V(pending) and V(running) have not ended. V(succeeded), V(partially_failed) and V(failed) have;
          V(nothing_scanned) has as well, with every counter 0.
      type: str
      returned: always
      sample: partially_failed
    started_at:
      description: When the task started, ISO 8601 in UTC, or null.
      type: str
      returned: always
      sample: '2026-01-02T03:04:05Z'
    finished_at:
      description: When the task ended, ISO 8601 in UTC; null before that (the API's C(end_time) means nothing then).
      type: str
      returned: always
      sample: '2026-01-02T03:34:05Z'
    cluster_resources:
      description: The clusters of a cluster scan, with what was scanned in each and why it failed.
      type: list
      elements: dict
      returned: with O(resources) other than V(none), for cluster scans
      sample:
        - cluster_id: 6e2f3a84-3c1d-11ef-9c1b-0255ac10026b
          cluster_name: shop-prod
          scan_status: failed
          scan_detail_list:
            - scan_type: cluster_vul
              status: failed
              failed_reason: the agent is offline
    file_resources:
      description: The files of an infrastructure-as-code scan.
      type: list
      elements: dict
      returned: with O(resources) other than V(none), for infrastructure-as-code scans
      sample:
        - file_id: f1
          file_name: Dockerfile
          scan_status: success
total:
  description: How many tasks match by the API's own count, which is not cut by O(limit).
  returned: success
  type: int
  sample: 12
truncated:
  description: Whether O(limit) left out tasks that match.
  returned: success
  type: bool
  sample: false
failure_kind:
  description:
    - What kind of failure it is, for a playbook to decide what is worth another try.
    - V(input), V(auth), V(api) or V(network).
  returned: failure
  type: str
  sample: api
error:
  description: What the API answered.
  returned: failure, when it belongs to one request
  type: dict
  sample:
    service: hss
    operation: ListTasks
    http_status: 400
    code: HSS.0001
    message: invalid param error
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_list import list_scans

SPEC = spec(
    "hss",
    {
        "task_type": {"type": "str", "choices": ["cluster_scan", "iac_scan"]},
        "task_id": {"type": "str"},
        "task_name": {"type": "str"},
        "trigger_type": {"type": "str", "choices": ["manual", "schedule"]},
        "task_status": {"type": "str", "choices": ["ready", "running", "finished"]},
        "scan_types": {"type": "list", "elements": "str", "choices": ["cluster_vul", "risk_assessment", "benchmark"]},
        "file_type": {"type": "str", "choices": ["dockerfile", "k8s_yaml"]},
        "created_after": {"type": "str"},
        "created_before": {"type": "str"},
        "order": {"type": "str", "choices": ["newest_first", "oldest_first"], "default": "newest_first"},
        "limit": {"type": "int"},
        "resources": {"type": "str", "choices": ["none", "failed", "all"], "default": "none"},
    },
    mutually_exclusive=[("scan_types", "file_type")],
)


def execute(params, check_mode, client):
    """List the tasks that match; reads only, so check mode makes no difference."""
    return {"changed": False, **list_scans(client, params)}


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
