#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iotda_batch_task_retry
short_description: Retry sub-tasks of a firmware or software upgrade in IoTDA
version_added: 0.1.0
description:
  - Retries sub-tasks of a batch task of IoT Device Access (IoTDA), such as the devices of a firmware upgrade that
    failed, and tells for each of them what happened.
  - The task is read first. Only sub-tasks in C(Fail), C(FailWaitRetry) or C(Stopped) are retried. When there is none,
    the module reports no change, in whatever state the task is.
  - Stands on the API operations C(ShowBatchTask) and C(RetryBatchTask). Reading n sub-tasks takes n / 50 requests, and
    only what can be retried is read as a rule. Retrying takes one request without O(targets), and one for each 100
    targets with O(targets). One request more shows that the retry has begun.
  - Retried sub-tasks stay in the same batch task, and the API gives no new ID.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.iotda
  - huaweicloud.tasks.wait
  - huaweicloud.tasks.attributes
  - huaweicloud.tasks.attributes.iotda_group
attributes:
  check_mode:
    details:
      - Reads the same states, predicts RV(retried_targets), and retries nothing.
  idempotent:
    details:
      - A second run finds the retried sub-tasks under way and leaves them alone. Those that have failed again by then
        are retried again.
options:
  task_id:
    description:
      - ID of the batch task, 1 to 24 of a to f and 0 to 9. M(huaweicloud.tasks.iotda_batch_task_info) lists them.
    type: str
    required: true
  targets:
    description:
      - IDs of the devices whose sub-tasks to retry, of 1 to 128 letters, digits, underscores and hyphens each, as many
        as wanted. An ID that is repeated counts once.
      - If not given, every sub-task in C(Fail), C(FailWaitRetry) or C(Stopped) is retried.
      - An empty list retries nothing. It never stands for all.
    type: list
    elements: str
  wait:
    description:
      - Whether to wait until nothing in the batch task is processing, waiting or waiting to be retried any more, and
        then to read what became of the retried sub-tasks.
      - Sub-tasks that are under way already are waited for as well. With an empty list in O(targets) there is no wait.
      - The module fails with RV(failure_kind=resources_failed) when a retried sub-task has not succeeded then. The same
        holds for one in O(targets) that was under way already, and without O(targets) for any other that failed
        meanwhile.
      - A device that is offline is retried when it is back, which can take days. Running out of time is then normal.
        The module fails with RV(failure_kind=wait_timeout), the batch task goes on, and a later run waits on.
      - Check mode never waits.
    type: bool
    default: false
notes:
  - The API retries only tasks of the types C(firmwareUpgrade) and C(softwareUpgrade), and only in the states
    C(Processing), C(Fail) and C(PartialSuccess). In any other state the module fails and says what can be done, unless
    there is nothing to retry.
  - When the answer to a request is lost, the module reads the states for up to 30 seconds. What shows as retried counts
    as retried. The request is sent once more only when it can be told that it was not carried out; otherwise its
    targets stay in RV(unsent_targets), and the module fails with RV(failure_kind=unknown_outcome). So no device is
    retried twice by one run.
  - The output of sub-tasks, which can hold secrets of devices, is never returned by this module.
seealso:
  - module: huaweicloud.tasks.iotda_batch_task_info
"""

EXAMPLES = r"""
- name: Retry every device of a firmware upgrade that failed
  huaweicloud.tasks.iotda_batch_task_retry:
    region: cn-north-4
    task_id: 5c8ba99030344005c02316ad
  delegate_to: localhost

- name: Retry two devices, and wait for at most an hour
  huaweicloud.tasks.iotda_batch_task_retry:
    region: cn-north-4
    # A standard or enterprise instance has an address of its own, to give as endpoint.
    task_id: 5c8ba99030344005c02316ad
    targets:
      - 5c8ba99030344005c02316ad_pump01
      - 5c8ba99030344005c02316ad_pump02
    wait: true
    wait_timeout: 3600
  delegate_to: localhost
  register: retry

- name: Show what failed again, and why
  ansible.builtin.debug:
    msg: "{{ retry.failed_subtasks }}"
"""

RETURN = r"""
task_id:
  description: ID of the batch task.
  returned: always, except when an option is wrong
  type: str
  sample: 5c8ba99030344005c02316ad
batch_task:
  description:
    - The batch task as it was last seen, with the API's own fields, or null when it could not be read.
    - The API spells one state C(Waitting), and its counter RV(ignore:batch_task.task_progress.waitting).
  returned: always, except when an option is wrong
  type: dict
  sample:
    task_id: 5c8ba99030344005c02316ad
    task_name: upgrade_pumps
    task_type: firmwareUpgrade
    status: Processing
    task_progress:
      total: 30000
      processing: 5000
      success: 25000
      fail: 0
      waitting: 0
      fail_wait_retry: 0
      stopped: 0
      removed: 0
    create_time: 20260102T030405Z
retried_targets:
  description:
    - Devices whose sub-tasks were retried. In check mode those that would be.
    - Each target is in exactly one of this list, RV(skipped_targets), RV(rejected_targets), RV(unknown_targets)
      and RV(unsent_targets).
  returned: always, except when an option is wrong
  type: list
  elements: str
  sample: [5c8ba99030344005c02316ad_pump01]
skipped_targets:
  description: Devices in O(targets) whose sub-tasks cannot be retried, because they succeeded or are under way.
  returned: always, except when an option is wrong
  type: list
  elements: dict
  contains:
    target:
      description: ID of the device.
      type: str
      returned: always
      sample: 5c8ba99030344005c02316ad_pump03
    status:
      description:
        - Status of the sub-task, such as V(Success), V(Processing) or V(Waitting).
        - After a wait it is the present one for sub-tasks that were under way; null when the device is not in the task
          any more.
      type: str
      returned: always
      sample: Success
skipped_count:
  description: How many sub-tasks cannot be retried, of those in O(targets), or of all without O(targets).
  returned: always, except when an option is wrong
  type: int
  sample: 25000
rejected_targets:
  description: Devices whose retry IoTDA refused. They fail the module, after every request has been sent.
  returned: always, except when an option is wrong
  type: list
  elements: dict
  contains:
    target:
      description: ID of the device.
      type: str
      returned: always
      sample: 5c8ba99030344005c02316ad_pump04
    error_code:
      description: Code of the refusal, or null.
      type: str
      returned: always
      sample: IOTDA.014219
    error_msg:
      description: What the refusal says, or null.
      type: str
      returned: always
      sample: Invalid input. The target is not in the task
unknown_targets:
  description:
    - Devices in O(targets) that have no sub-task in the batch task. They fail the module, after the rest was done.
  returned: always, except when an option is wrong
  type: list
  elements: str
  sample: []
unsent_targets:
  description:
    - Devices that were to be retried and, after a failure half-way, were not, or do not show as retried after the
      answer to their request was lost or did not name them. A second run takes them up.
  returned: always, except when an option is wrong
  type: list
  elements: str
  sample: []
failed_subtasks:
  description: The retried sub-tasks that have not succeeded; empty without O(wait).
  returned: always, except when an option is wrong
  type: list
  elements: dict
  sample:
    - target: 5c8ba99030344005c02316ad_pump01
      status: Fail
      error:
        error_code: IOTDA.014016
        error_msg: The device is offline
failure_kind:
  description:
    - What kind of failure it is, for a playbook to decide what is worth another try.
    - V(input) (also for a task that cannot be retried as it is), V(auth), V(api), V(network), V(unknown_outcome) (a
      request may have taken effect), V(wait_timeout) or V(resources_failed).
  returned: failure
  type: str
  sample: resources_failed
error:
  description: What the API answered.
  returned: failure, when it belongs to one request
  type: dict
  sample:
    service: iotda
    operation: ShowBatchTask
    http_status: 404
    code: IOTDA.014200
    message: The batch task does not exist.
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._batch_retry import retry_subtasks
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run

SPEC = spec(
    "iotda",
    {
        "task_id": {"type": "str", "required": True},
        "targets": {"type": "list", "elements": "str"},
    },
    wait=True,
)


def execute(params, check_mode, client):
    """Retry what can be retried of what is asked for, and wait for it when that is wanted."""
    return retry_subtasks(client, params, check_mode)


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
