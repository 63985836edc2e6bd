#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hss_cluster_info
short_description: List the container clusters that HSS knows
version_added: 0.1.0
description:
  - Lists the clusters that the Host Security Service (HSS) knows, with the time of their last scan and the number of
    risks found.
  - This is where the cluster IDs for M(huaweicloud.tasks.hss_task) and M(huaweicloud.tasks.hss_task_retry) come from.
  - Stands on the API operation C(ListKubernetesClusterDetails), one request for each page of 200 clusters.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.hss
  - huaweicloud.tasks.attributes.info
  - huaweicloud.tasks.attributes.hss_group
options:
  cluster_names:
    description:
      - Only clusters with one of these names, compared exactly. An empty list matches nothing.
      - If not given, clusters of every name are returned.
    type: list
    elements: str
  cluster_ids:
    description:
      - Only clusters with one of these IDs. An empty list matches nothing.
      - If not given, clusters of every ID are returned.
    type: list
    elements: str
  status:
    description:
      - Only clusters in this state. HSS scans only those that are V(Available).
      - If not given, clusters in every state are returned.
    type: str
    choices:
      - Available
      - Unavailable
      - ScalingUp
      - ScalingDown
      - Creating
      - Deleting
      - Upgrading
      - Resizing
      - RollingBack
      - RollbackFailed
      - Empty
  limit:
    description:
      - The most clusters to return, at least 1. RV(truncated) tells whether there are more.
      - If not given, all are returned.
    type: int
notes:
  - The API has no filter for several clusters, so O(cluster_names), O(cluster_ids) and O(status) are applied after
    the pages were read. Reading ends as soon as O(limit) is reached, or all O(cluster_ids) were found.
seealso:
  - module: huaweicloud.tasks.hss_task
"""

EXAMPLES = r"""
- name: List every cluster that HSS can scan
  huaweicloud.tasks.hss_cluster_info:
    region: cn-north-4
    status: Available
  delegate_to: localhost
  register: clusters

- name: Find the IDs of two clusters by name
  huaweicloud.tasks.hss_cluster_info:
    region: cn-north-4
    cluster_names: [shop-prod, shop-staging]
  delegate_to: localhost
  register: shop

- name: Show what the last scan found
  ansible.builtin.debug:
    msg: "{{ item.cluster_name }}: {{ item.emg_vul_num }} emergency vulnerabilities, last scan {{ item.last_scan_time
      }}"
  loop: "{{ shop.clusters }}"
  loop_control:
    label: "{{ item.cluster_id }}"
"""

RETURN = r"""
clusters:
  description:
    - The clusters, in the order in which the API lists them.
    - Fields that the API returns and that are not described here are passed through.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: ID of the cluster, as scan tasks take it.
      type: str
      returned: always
      sample: 6e2f3a84-3c1d-11ef-9c1b-0255ac10026b
    cluster_name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: shop-prod
    cluster_type:
      description: Where the cluster runs, such as V(cce).
      type: str
      returned: always
      sample: cce
    status:
      description: State of the cluster. HSS scans only those that are V(Available).
      type: str
      returned: always
      sample: Available
    last_scan_time:
      description: When the cluster was last scanned, in epoch milliseconds.
      type: int
      returned: when the cluster was scanned
      sample: 1767322985000
    emg_vul_num:
      description: Number of emergency vulnerabilities that the last scan found.
      type: int
      returned: when the cluster was scanned
      sample: 2
    sys_vul_num:
      description: Number of system vulnerabilities.
      type: int
      returned: when the cluster was scanned
      sample: 14
    app_vul_num:
      description: Number of application vulnerabilities.
      type: int
      returned: when the cluster was scanned
      sample: 3
    risk_assess_num:
      description: Number of risks that the risk assessment found.
      type: int
      returned: when the cluster was scanned
      sample: 5
    sec_comp_num:
      description: Number of findings of the security compliance check.
      type: int
      returned: when the cluster was scanned
      sample: 8
truncated:
  description: Whether O(limit) left out clusters that match.
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
    operation: ListKubernetesClusterDetails
    http_status: 400
    code: HSS.0001
    message: invalid param error
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import Hss
from ansible_collections.huaweicloud.tasks.plugins.module_utils._limit import check_limit, cut
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run

SPEC = spec(
    "hss",
    {
        "cluster_names": {"type": "list", "elements": "str"},
        "cluster_ids": {"type": "list", "elements": "str"},
        "status": {
            "type": "str",
            "choices": [
                "Available",
                "Unavailable",
                "ScalingUp",
                "ScalingDown",
                "Creating",
                "Deleting",
                "Upgrading",
                "Resizing",
                "RollingBack",
                "RollbackFailed",
                "Empty",
            ],
        },
        "limit": {"type": "int"},
    },
)


def execute(params, check_mode, client):
    """List the clusters that match; reads only, so check mode makes no difference."""
    check_limit(params["limit"])
    hss = Hss(client)
    clusters, truncated = cut(_matching(hss, params), params["limit"])
    return {"changed": False, "clusters": clusters, "truncated": truncated}


def _matching(hss, params):
    names, status = params["cluster_names"], params["status"]
    wanted = None if params["cluster_ids"] is None else set(params["cluster_ids"])
    if names == [] or wanted == set():
        return
    found = set()
    for cluster in hss.list_clusters(with_risks=True):
        if wanted is not None:
            if cluster.get("cluster_id") not in wanted:
                continue
            found.add(cluster["cluster_id"])
        if (names is None or cluster.get("cluster_name") in names) and status in (None, cluster.get("status")):
            yield cluster
        if found == wanted:
            return


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
