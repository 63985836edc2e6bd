#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iotda_batch_task_info
short_description: List batch tasks of IoTDA and their sub-tasks
version_added: 0.1.0
description:
  - Lists batch tasks of IoT Device Access (IoTDA), such as firmware upgrades, and what became of each device.
  - Stands on the API operations C(ListBatchTasks) (one request for each page of 50 tasks) and C(ShowBatchTask) (one
    request for O(task_id); with O(subtasks), one for each task and page of 50 sub-tasks).
  - Pages follow each other by their markers, so a task may have any number of sub-tasks.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.iotda
  - huaweicloud.tasks.attributes.info
  - huaweicloud.tasks.attributes.iotda_group
options:
  task_id:
    description:
      - Only the batch task with this ID, 1 to 24 of a to f and 0 to 9. When there is none, the result is empty.
      - Either this or O(task_type) is required.
    type: str
  task_type:
    description: Only batch tasks of this type, the newest first. Mutually exclusive with O(task_id).
    type: str
    choices:
      - firmwareUpgrade
      - softwareUpgrade
      - moduleUpgrade
      - createDevices
      - deleteDevices
      - freezeDevices
      - unfreezeDevices
      - createCommands
      - createAsyncCommands
      - createMessages
      - updateDeviceShadows
      - updateDevices
      - changeGateway
  app_id:
    description:
      - Only batch tasks of the resource space with this ID, 1 to 36 letters, digits, underscores and hyphens.
      - Mutually exclusive with O(task_id).
    type: str
  status:
    description:
      - Only batch tasks in this state. Mutually exclusive with O(task_id).
      - The API spells one state V(Waitting).
    type: str
    choices: [Initializing, Waitting, Processing, Success, Fail, PartialSuccess, Stopped, Stopping]
  limit:
    description:
      - The most batch tasks to return, at least 1. RV(truncated) tells whether there are more.
      - If not given, all are returned.
    type: int
  subtasks:
    description:
      - Which sub-tasks to list for each batch task that is returned.
      - V(failed) lists those in C(Fail), C(FailWaitRetry) or C(Stopped), which is what
        M(huaweicloud.tasks.iotda_batch_task_retry) retries. V(all) lists every one, which takes 600 requests for
        30,000.
    type: str
    choices: [none, failed, all]
    default: none
  include_output:
    description:
      - Whether to return the field C(output) of sub-tasks. It can hold secrets of devices, so think of C(no_log) then.
      - Needs O(subtasks) other than V(none).
    type: bool
    default: false
seealso:
  - module: huaweicloud.tasks.iotda_batch_task_retry
"""

EXAMPLES = r"""
- name: Find the newest firmware upgrade in which devices failed
  huaweicloud.tasks.iotda_batch_task_info:
    region: cn-north-4
    task_type: firmwareUpgrade
    status: PartialSuccess
    limit: 1
  delegate_to: localhost
  register: upgrades

- name: List the devices that failed, and why
  huaweicloud.tasks.iotda_batch_task_info:
    region: cn-north-4
    task_id: "{{ upgrades.batch_tasks[0].task_id }}"
    subtasks: failed
  delegate_to: localhost
  register: upgrade
"""

RETURN = r"""
batch_tasks:
  description:
    - The batch tasks that match, the newest first.
    - Fields that the API returns and that are not described here are passed through.
  returned: success
  type: list
  elements: dict
  contains:
    task_id:
      description: ID of the batch task.
      type: str
      returned: always
      sample: 5c8ba99030344005c02316ad
    task_name:
      description: Its name.
      type: str
      returned: always
      sample: upgrade_pumps
    task_type:
      description: Its type.
      type: str
      returned: always
      sample: firmwareUpgrade
    status:
      description:
        - V(Initializing), V(Waitting), V(Processing), V(Success), V(Fail), V(PartialSuccess), V(Stopped) or
          V(Stopping).
      type: str
      returned: always
      sample: PartialSuccess
    task_progress:
      description: How many sub-tasks there are, in all and in each status.
      type: dict
      returned: when the API tells
      sample:
        total: 30000
        processing: 0
        success: 25000
        fail: 5000
        waitting: 0
        fail_wait_retry: 0
        stopped: 0
        removed: 0
    create_time:
      description: When the task was created, in UTC.
      type: str
      returned: always
      sample: 20260102T030405Z
    subtasks:
      description: The sub-tasks, one for each device.
      type: list
      elements: dict
      returned: with O(subtasks) other than V(none)
      contains:
        target:
          description: ID of the device.
          type: str
          returned: always
          sample: 5c8ba99030344005c02316ad_pump01
        status:
          description: V(Success), V(Fail), V(Processing), V(FailWaitRetry), V(Stopped), V(Waitting) or V(Removed).
          type: str
          returned: always
          sample: Fail
        error:
          description: Why it failed.
          type: dict
          returned: when it failed
          sample:
            error_code: IOTDA.014016
            error_msg: The device is offline
        output:
          description: What the sub-task said; it can hold secrets of the device.
          type: str
          returned: with O(include_output=true), when there is any
          sample: upgraded to 1.2.3
truncated:
  description: Whether O(limit) left out batch tasks that match.
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
    service: iotda
    operation: ShowBatchTask
    http_status: 400
    code: IOTDA.000006
    message: Invalid input data.
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_list import list_tasks
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run

SPEC = spec(
    "iotda",
    {
        "task_id": {"type": "str"},
        "task_type": {
            "type": "str",
            "choices": [
                "firmwareUpgrade",
                "softwareUpgrade",
                "moduleUpgrade",
                "createDevices",
                "deleteDevices",
                "freezeDevices",
                "unfreezeDevices",
                "createCommands",
                "createAsyncCommands",
                "createMessages",
                "updateDeviceShadows",
                "updateDevices",
                "changeGateway",
            ],
        },
        "app_id": {"type": "str"},
        "status": {
            "type": "str",
            "choices": [
                "Initializing",
                "Waitting",
                "Processing",
                "Success",
                "Fail",
                "PartialSuccess",
                "Stopped",
                "Stopping",
            ],
        },
        "limit": {"type": "int"},
        "subtasks": {"type": "str", "choices": ["none", "failed", "all"], "default": "none"},
        "include_output": {"type": "bool", "default": False},
    },
    required_one_of=[("task_id", "task_type")],
    mutually_exclusive=[("task_id", "task_type"), ("task_id", "app_id"), ("task_id", "status")],
)


def execute(params, check_mode, client):
    """List the batch tasks that match; reads only, so check mode makes no difference."""
    return {"changed": False, **list_tasks(client, params)}


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
