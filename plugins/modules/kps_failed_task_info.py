#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kps_failed_task_info
short_description: List the failed key-pair tasks of KPS
version_added: 0.1.0
description:
  - Lists the records of the Key Pair Service (KPS) about key pairs that could not be bound to, replaced on, reset on or
    unbound from a server. Such tasks fail in silence, and their records stay until they are cleared with
    M(huaweicloud.tasks.kps_failed_task).
  - Stands on the API operation C(ListFailedTask) and, with O(include_running), C(ListRunningTask), one request for each
    page of 1000 tasks (25,000 failed tasks take 26 requests). The service answers on the host C(kms).
  - The API has no filters, so every page is read and O(operate_types), O(server_ids), O(server_names),
    O(keypair_names), O(failed_after) and O(failed_before) are applied to what was read. A task must pass all that are
    given.
  - The API pages to offset 100,000, so only the first 101,000 tasks of a list can be read. When there may be more, a
    warning says so and RV(truncated) is V(true). Clear old records before there are that many.
  - Tasks keep the order of the API, which does not document it, and none comes twice. A task whose place changes while
    the pages are read, because records were cleared or have appeared meanwhile, may be missed.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.attributes.info
  - huaweicloud.tasks.attributes.kps_group
options:
  operate_types:
    description:
      - Only tasks with one of these values in C(operate_type), compared exactly. An empty list matches nothing.
      - The API documents V(FAILED_RESET), V(FAILED_REPLACE) and V(FAILED_UNBIND), and its examples and other clients
        have more, such as V(FAILED_BIND) and V(RUNNING_RESET), so any value is accepted. Running tasks have values of
        their own (V(RUNNING), V(RUNNING_RESET)); name them as well when O(include_running) is V(true).
      - If not given, tasks of every type are returned.
    type: list
    elements: str
  server_ids:
    description:
      - Only tasks of servers with one of these IDs. An empty list matches nothing.
      - If not given, tasks of every server are returned.
    type: list
    elements: str
  server_names:
    description:
      - Only tasks of servers with one of these names, compared exactly. An empty list matches nothing.
      - If not given, tasks of every server are returned.
    type: list
    elements: str
  keypair_names:
    description:
      - Only tasks of key pairs with one of these names, compared exactly. An empty list matches nothing.
      - If not given, tasks of every key pair are returned.
    type: list
    elements: str
  failed_after:
    description:
      - Only tasks of this moment or later, as ISO 8601 with any offset (UTC without one) or as epoch milliseconds.
      - It is compared with the task's C(task_time), in milliseconds. A task whose C(task_time) is missing or is no time
        is in no window of time, and is left out as soon as this or O(failed_before) is given.
    type: str
  failed_before:
    description:
      - Only tasks of this moment or earlier, in the same form as O(failed_after) and compared in the same way.
      - Must not be earlier than O(failed_after).
    type: str
  include_running:
    description:
      - Whether to return the tasks that still run as well, see RV(running_tasks). Right after a server was created
        nothing has failed yet.
      - The same filters apply, and the window of time to their own C(task_time). Leave the window out when you wait
        for tasks to end.
      - They are read before the failed ones, so that a task that fails in between is seen.
    type: bool
    default: false
  limit:
    description:
      - The most failed tasks to return, at least 1. RV(truncated) tells whether there are more.
      - It saves no requests, and does not apply to RV(running_tasks).
      - If not given, all are returned.
    type: int
notes:
  - When any of the filter lists is empty, nothing can match and no request is made; RV(total) is then V(0).
seealso:
  - module: huaweicloud.tasks.kps_failed_task
"""

EXAMPLES = r"""
- name: List every failed key-pair task
  huaweicloud.tasks.kps_failed_task_info:
    region: cn-north-4
  delegate_to: localhost
  register: every

- name: Wait until the key pairs of two new servers are bound, and show what failed
  huaweicloud.tasks.kps_failed_task_info:
    region: cn-north-4
    server_names: [web-1, web-2]
    include_running: true
  delegate_to: localhost
  register: bound
  until: bound is failed or bound.running_tasks | length == 0
  retries: 20
  delay: 30

- name: List what failed on one day in Shanghai
  huaweicloud.tasks.kps_failed_task_info:
    region: cn-north-4
    failed_after: '2026-01-02T00:00:00+08:00'
    failed_before: '2026-01-02T23:59:59.999+08:00'
  delegate_to: localhost
  register: that_day

- name: Clear the records that were listed, and no others
  huaweicloud.tasks.kps_failed_task:
    region: cn-north-4
    task_ids: "{{ that_day.failed_tasks | map(attribute='task_id') }}"
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
failed_tasks:
  description:
    - The failed tasks, in the order in which the API lists them.
    - The fields are passed through as the API returns them. Any of them can be null, and C(operate_type) can have
      values that the API does not document.
  returned: always
  type: list
  elements: dict
  contains:
    task_id:
      description: ID of the task.
      type: str
      returned: always
      sample: 9a512cd4-6f35-4f11-8f5e-0c8b8d9c2b14
    operate_type:
      description: What was being done, such as V(FAILED_RESET).
      type: str
      returned: always
      sample: FAILED_RESET
    task_time:
      description: The time of the task, as epoch milliseconds in a string.
      type: str
      returned: always
      sample: '1767322985000'
    failed_at:
      description: The same time as ISO 8601 in UTC; null when C(task_time) is missing or is no time.
      type: str
      returned: always
      sample: '2026-01-02T03:03:05Z'
    task_error_code:
      description: The code of the error, often null.
      type: str
      returned: always
      sample: null
    task_error_msg:
      description: Why the task failed, in the language of the service.
      type: str
      returned: always
      sample: SSH connection failed
    server_id:
      description: ID of the server.
      type: str
      returned: always
      sample: 1f3a6c9d-0a4b-4c57-9a0e-5d2c1b7e8f90
    server_name:
      description: Name of the server.
      type: str
      returned: always
      sample: web-1
    keypair_name:
      description: Name of the key pair.
      type: str
      returned: always
      sample: deploy
running_tasks:
  description:
    - The tasks that still run and pass the filters. Fields as in RV(failed_tasks), without the errors.
    - A task that was found among the failed ones is not in it.
  returned: with O(include_running=true)
  type: list
  elements: dict
  contains:
    task_id:
      description: ID of the task.
      type: str
      returned: always
      sample: 4d0f2f57-7a52-4f37-a7e0-6f6f3c1f0f55
    started_at:
      description: C(task_time) as ISO 8601 in UTC; null when it is missing or is no time.
      type: str
      returned: always
      sample: '2026-01-02T03:03:05Z'
total:
  description:
    - How many failed tasks were read, before the filters and O(limit). The API's own count may be that of a page.
  returned: always
  type: int
  sample: 12
truncated:
  description:
    - Whether tasks can be missing, because O(limit) left some out, or because a list goes on behind the first 101,000
      tasks.
  returned: always
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
    service: kps
    operation: ListFailedTask
    http_status: 400
    code: KPS.0002
    message: parameter error
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._kps_list import list_key_pair_tasks
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run

SPEC = spec(
    "kps",
    {
        "operate_types": {"type": "list", "elements": "str"},
        "server_ids": {"type": "list", "elements": "str"},
        "server_names": {"type": "list", "elements": "str"},
        "keypair_names": {"type": "list", "elements": "str", "no_log": False},
        "failed_after": {"type": "str"},
        "failed_before": {"type": "str"},
        "include_running": {"type": "bool", "default": False},
        "limit": {"type": "int"},
    },
)


def execute(params, check_mode, client):
    """List the tasks that match; reads only, so check mode makes no difference."""
    return list_key_pair_tasks(client, params)


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
