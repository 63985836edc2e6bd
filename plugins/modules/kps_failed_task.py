#!/usr/bin/python
# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kps_failed_task
short_description: Clear the records of failed key-pair tasks of KPS
version_added: 0.1.0
description:
  - Clears records of the Key Pair Service (KPS) about key-pair tasks that failed. Without this they stay for ever. See
    M(huaweicloud.tasks.kps_failed_task_info) for listing them.
  - Only the records go. Neither the server nor the key pair is touched, and nothing is tried again, for which KPS has
    no operation.
  - Stands on the API operations C(ListFailedTask), C(DeleteFailedTask) and C(DeleteAllFailedTask). The service answers
    on the host C(kms).
  - With O(task_ids), the failed tasks are listed until every ID was found (one request for each page of 1000), one
    request is sent for each record that is there (the API cannot clear several at once), and the list is read again to
    see that they are gone. What is absent costs no write, so that a second run makes none. To clear thousands of
    records at the usual limit of 200 requests in 5 minutes, use O(all=true).
  - With O(all=true), all failed tasks are listed, and when there are any, a single request clears them.
  - Check mode lists in the same way, and names what would be cleared.
  - Only the first 101,000 failed tasks can be listed. When there may be more, a warning says so; records of O(task_ids)
    that were not found are then cleared without having been seen, and check mode names them as well.
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
extends_documentation_fragment:
  - huaweicloud.tasks.connection
  - huaweicloud.tasks.attributes
  - huaweicloud.tasks.attributes.kps_group
options:
  state:
    description: The records shall not be there. Required, because the module deletes.
    type: str
    choices: [absent]
    required: true
  task_ids:
    description:
      - IDs of the tasks whose records are to be cleared, each of 1 to 36 letters, digits, hyphens and underscores.
      - IDs that are not there count as cleared already. With an empty list nothing is done.
      - Records that appear while the module runs are never cleared by this.
      - Either this or O(all=true) must be given, and not both.
    type: list
    elements: str
  all:
    description:
      - Whether to clear the records of all failed tasks of the project.
      - This also clears records that appear between the listing and the clearing. They are not in RV(cleared_tasks),
        and nobody may have seen them. Use O(task_ids) to clear only what was looked at.
      - Either this or O(task_ids) must be given, and not both. V(false) counts as not given.
    type: bool
notes:
  - A record that is gone stays gone, so a request whose answer was lost is sent again. When no answer comes at all, the
    list tells whether the record is gone.
  - The module stops at the first record that cannot be cleared. After a failure each record is in exactly one of
    RV(cleared_tasks), RV(absent_task_ids), RV(uncleared_tasks) and RV(unknown_tasks); run it again to go on.
  - When what was cleared is not seen to leave the list within 30 seconds, a warning says so.
seealso:
  - module: huaweicloud.tasks.kps_failed_task_info
"""

EXAMPLES = r"""
- name: List what failed on the servers of this run
  huaweicloud.tasks.kps_failed_task_info:
    region: cn-north-4
    server_names: [web-1, web-2]
  delegate_to: localhost
  register: listed

- name: Clear these records, and no others
  huaweicloud.tasks.kps_failed_task:
    region: cn-north-4
    task_ids: "{{ listed.failed_tasks | map(attribute='task_id') }}"
    state: absent
  delegate_to: localhost

- name: Clear every record of the project, even what fails just now
  huaweicloud.tasks.kps_failed_task:
    region: cn-north-4
    all: true
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
cleared_tasks:
  description:
    - The records that were cleared, or in check mode would be.
    - The fields are those of RV(huaweicloud.tasks.kps_failed_task_info#module:failed_tasks).
  returned: always
  type: list
  elements: dict
  sample:
    - task_id: 9a512cd4-6f35-4f11-8f5e-0c8b8d9c2b14
      operate_type: FAILED_RESET
      task_time: '1767322985000'
      failed_at: '2026-01-02T03:03:05Z'
      task_error_code: null
      task_error_msg: SSH connection failed
      server_id: 1f3a6c9d-0a4b-4c57-9a0e-5d2c1b7e8f90
      server_name: web-1
      keypair_name: deploy
absent_task_ids:
  description: Those IDs for which there was no record, or none any more when it was to be cleared.
  returned: always
  type: list
  elements: str
  sample: []
uncleared_tasks:
  description:
    - The records that were not cleared because the module failed; only their C(task_id) when they were not listed yet.
    - Empty when the module succeeded.
  returned: always
  type: list
  elements: dict
  sample: []
unknown_tasks:
  description:
    - The records that may have been cleared or not, because neither the request nor the list after it was answered.
    - Empty when the module succeeded.
  returned: always
  type: list
  elements: dict
  sample: []
failure_kind:
  description:
    - What kind of failure it is, for a playbook to decide what is worth another try.
    - V(input), V(auth), V(api), V(network) or V(unknown_outcome) (see RV(unknown_tasks)).
  returned: failure
  type: str
  sample: network
error:
  description: What the API answered.
  returned: failure, when it belongs to one request
  type: dict
  sample:
    service: kps
    operation: DeleteFailedTask
    http_status: 400
    code: KPS.0001
    message: taskId is illegal
    request_id: 2f2b9f1bd9a54ef2b0ad2a3a1d7d9bf3
    tries: 1
"""

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import spec
from ansible_collections.huaweicloud.tasks.plugins.module_utils._kps_clear import clear_failed_tasks
from ansible_collections.huaweicloud.tasks.plugins.module_utils._module import run

SPEC = spec(
    "kps",
    {
        "state": {"type": "str", "choices": ["absent"], "required": True},
        "task_ids": {"type": "list", "elements": "str"},
        "all": {"type": "bool"},
    },
)


def execute(params, check_mode, client):
    """Clear the records that are asked for."""
    return clear_failed_tasks(client, params, check_mode)


def main():
    run(SPEC, execute)


if __name__ == "__main__":
    main()
