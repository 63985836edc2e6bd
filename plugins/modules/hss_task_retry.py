#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hss_task_retry
short_description: Have the failed clusters of an HSS scan task scanned again
version_added: 0.1.0
description:
  - Has clusters whose scan failed scanned again, within the same scan task of the Host Security Service (HSS).
  - The module first reads what failed. When nothing did, or when what failed is already being scanned again, nothing is
    sent and the module reports no change.
  - Clusters are always sent by their IDs, at most 200 in a request, so that exactly those are retried that were read
    and that check mode names.
  - Stands on the API operations C(RetryTask), C(ListTasks) and C(ListTaskResources). For up to 200 failed clusters a
    retry takes 5 requests, and finding nothing to retry takes 2.
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
      - Makes the same look-ups, names in RV(retried_clusters) what would be retried, and sends nothing.
  idempotent:
    details:
      - A second run changes nothing while the clusters are being scanned again. A cluster that has failed once more by
        then is retried once more.
options:
  task_id:
    description:
      - ID of the scan task, 1 to 64 characters.
      - It must be a cluster scan. The API cannot retry a scan of files; start a new one with
        M(huaweicloud.tasks.hss_task).
    type: str
    required: true
  clusters:
    description:
      - Which failed clusters to retry. If not given, every failed cluster is retried.
      - Clusters that did not fail, that are being scanned, or that the task does not have are skipped and named in
        RV(skipped_clusters).
      - With an empty list nothing is retried and nothing is waited for. It never stands for all.
    type: list
    elements: dict
    suboptions:
      cluster_id:
        description: ID of the cluster, 1 to 64 characters.
        type: str
        required: true
      scan_types:
        description:
          - Which scan types to retry on the cluster, 1 to 3 of them. Those that did not fail are left out.
          - If not given, every scan type that failed is retried. An empty list is an error.
        type: list
        elements: str
        choices: [cluster_vul, risk_assessment, benchmark]
  wait:
    description:
      - Whether to wait until the task has ended.
      - Without O(clusters) every cluster of the task counts; with it only the clusters and scan types that were asked
        for. When one of them failed, or is not in the task, the module fails with RV(failure_kind=resources_failed).
      - The state from before the retry is never taken for the result.
      - Check mode never waits.
    type: bool
    default: false
notes:
  - After a retry the module reads until each retried cluster has left its failed state or shows another scan, for up to
    30 seconds. When that does not show in time, a warning says so.
  - When the answer to a request is lost, the module reads the state again for up to 30 seconds, and sends only what is
    still failed as before, and only once more. A request that was refused for too many calls was not carried out; it is
    sent again after a pause, up to 5 times, unless a pause of more than 5 minutes is asked for.
  - The API does not say whether it accepts a retry while the task is running. When it refuses, the module fails with
    its answer, and RV(unsent_clusters) tells what is left for a run after the task's end.
  - HSS answers for the default enterprise project unless O(enterprise_project_id) says otherwise.
seealso:
  - module: huaweicloud.tasks.hss_task
  - module: huaweicloud.tasks.hss_task_info
"""

EXAMPLES = r"""
- name: Retry everything that failed, and wait for the result
  huaweicloud.tasks.hss_task_retry:
    region: cn-north-4
    task_id: d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac
    wait: true
  delegate_to: localhost

- name: Retry two clusters, one of them for vulnerabilities only
  huaweicloud.tasks.hss_task_retry:
    region: cn-north-4
    task_id: d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac
    clusters:
      - cluster_id: cluster-0001
      - cluster_id: cluster-0002
        scan_types: [cluster_vul]
  delegate_to: localhost

- name: Go on from a scan in which clusters failed
  block:
    - name: Have all clusters scanned, and wait for the result
      huaweicloud.tasks.hss_task:
        region: cn-north-4
        task_type: cluster_scan
        cluster_scan:
          scan_types: [cluster_vul, risk_assessment, benchmark]
        wait: true
      delegate_to: localhost
      register: scan
  rescue:
    - name: Retry what failed
      huaweicloud.tasks.hss_task_retry:
        region: cn-north-4
        task_id: "{{ scan.task_id }}"
        wait: true
      delegate_to: localhost
      when: scan.failure_kind == 'resources_failed'
"""

RETURN = r"""
task_id:
  description: ID of the task. A retry does not change it.
  returned: always
  type: str
  sample: d8aa0005-8bb5-4cc0-9dd6-c3dbeeeeeeac
task:
  description:
    - The task as it was last seen, or null when it was not read.
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
      description: V(cluster_scan).
      type: str
      returned: always
      sample: cluster_scan
    task_status:
      description: V(ready) (waiting), V(running) or V(finished).
      type: str
      returned: always
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
retried_clusters:
  description:
    - The clusters that are scanned again; in check mode those that would be.
    - After a failure, those for which that is known.
  returned: always
  type: list
  elements: dict
  contains:
    cluster_id:
      description: ID of the cluster.
      type: str
      returned: always
      sample: cluster-0001
    cluster_name:
      description: Name of the cluster, or null.
      type: str
      returned: always
      sample: production
    scan_types:
      description:
        - The scan types that are retried. Empty when the API does not tell which ones failed; then all that did are
          retried.
      type: list
      elements: str
      returned: always
      sample: [cluster_vul]
skipped_clusters:
  description: Clusters that were asked for and are not retried.
  returned: always
  type: list
  elements: dict
  contains:
    cluster_id:
      description: ID of the cluster.
      type: str
      returned: always
      sample: cluster-0002
    cluster_name:
      description: Name of the cluster, or null when the task does not have it.
      type: str
      returned: always
      sample: staging
    reason:
      description: Why it is skipped, to be read after the cluster's name.
      type: str
      returned: always
      sample: did not fail
unsent_clusters:
  description:
    - After a failure, the clusters that were to be retried and, as far as is known, are not. The fields are those of
      RV(retried_clusters). They are still failed, and a second run retries them.
    - Empty after a success.
  returned: always
  type: list
  elements: dict
  sample: []
failed_resources:
  description:
    - After a wait, the clusters that failed, as C(ListTaskResources) gives them; with O(clusters) only those that were
      asked for.
    - Empty without O(wait).
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
    operation: RetryTask
    http_status: 400
    code: HSS.0001
    message: invalid param error
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_retry import retry_scan

SPEC = spec(
    "hss",
    {
        "task_id": {"type": "str", "required": True},
        "clusters": {
            "type": "list",
            "elements": "dict",
            "options": {
                "cluster_id": {"type": "str", "required": True},
                "scan_types": {
                    "type": "list",
                    "elements": "str",
                    "choices": ["cluster_vul", "risk_assessment", "benchmark"],
                },
            },
        },
    },
    wait=True,
)


def execute(params, check_mode, client):
    """Retry what failed, and wait for it when that is wanted."""
    return retry_scan(client, params, check_mode)


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
