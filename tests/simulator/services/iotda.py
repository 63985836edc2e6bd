# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IoTDA: batch tasks, their sub-tasks, and the retry of these."""

from __future__ import annotations

import re

from .. import checks
from ..iotda_state import STATUSES, BatchTask
from ..service import GatewayRejected, Rejected, Service, operation

INVALID = 'IOTDA.000006'
INVALID_LIMIT = 'IOTDA.000017'
NOT_FOUND = 'IOTDA.014200'
FORBIDDEN = 'IOTDA.000021'
# The API lets these be retried, and only in these states. Its code for a refusal is documented nowhere.
RETRIABLE_TYPES = ('firmwareUpgrade', 'softwareUpgrade')
RETRIABLE_STATES = ('Processing', 'Fail', 'PartialSuccess')

TASK_TYPES = ('firmwareUpgrade', 'softwareUpgrade', 'moduleUpgrade', 'createDevices', 'deleteDevices', 'freezeDevices',
              'unfreezeDevices', 'createCommands', 'createAsyncCommands', 'createMessages', 'updateDeviceShadows',
              'updateDevices', 'changeGateway', 'sendEmails', 'sendSmss', 'addDevicesToGroup', 'deviceConfig',
              'deviceJob')
MAIN_STATUSES = ('Initializing', 'Waitting', 'Processing', 'Success', 'Fail', 'PartialSuccess', 'Stopped', 'Stopping')
NO_MARKER = 'f' * 24

# The limits of the API

DEVICE_ID = checks.text(1, 128, '[a-zA-Z0-9_-]+')
PAGE = {'limit': checks.digits(1, 50), 'offset': checks.digits(0, 500), 'marker': checks.text(24, 24, '[a-fA-F0-9]+')}
SHOW_QUERY = checks.record(optional=dict(
    PAGE, task_detail_status=checks.choice(*STATUSES, 'DeviceInProgress', 'Rejected'), target=DEVICE_ID))
LIST_QUERY = checks.record(required={'task_type': checks.choice(*TASK_TYPES)}, optional=dict(
    PAGE, app_id=checks.text(1, 36, '[a-zA-Z0-9_-]+'), status=checks.choice(*MAIN_STATUSES)))
RETRY_BODY = checks.record(optional={'targets': checks.items(DEVICE_ID, 1, 100)})


class Iotda(Service):
    """Scenario: the keys of DEFAULTS, explained in the README."""

    name = 'iotda'
    derived_name = 'iotdm'
    error_code_invalid = INVALID
    DEFAULTS = {
        'batch_tasks': [],
        'retry_delay_looks': 0,
        'retry_delay_seconds': 0,
        'retry_all_answer': 'targets',
        'count': 'all',
        'signing': 'any',
        'instance_id': None,
        'online': {},
    }
    CHOICES = {
        'retry_all_answer': ('targets', 'nothing'),
        'count': ('all', 'rest', 'page'),
        'signing': ('any', 'by_host', 'derived'),
    }

    def load(self, part):
        super().load(part)
        self._check_choices(part)
        self._tasks = {}
        self._add_tasks(part.get('batch_tasks', []))
        self._bring_online(part.get('online', {}))

    def merge(self, part):
        self._check_choices(part)
        tasks = self.options['batch_tasks']
        super().merge(part)
        self.options['batch_tasks'] = tasks + part.get('batch_tasks', [])
        self._add_tasks(part.get('batch_tasks', []))
        self._bring_online(part.get('online', {}))

    def _check_choices(self, part):
        for name, values in self.CHOICES.items():
            if part.get(name, values[0]) not in values:
                raise ValueError('{0} must be one of {1}'.format(name, ', '.join(values)))

    def _add_tasks(self, tasks):
        for fields in tasks:
            task = BatchTask(len(self._tasks) + 1, fields, self.clock.time())
            self._tasks[task.task_id] = task

    def _bring_online(self, online):
        for task_id, targets in online.items():
            self._tasks[task_id].go_online(targets, self.clock.time())

    # Operations

    @operation('ShowBatchTask', 'GET', '/v5/iot/<project_id>/batchtasks/<task_id>')
    def show_batch_task(self, call):
        self._check_instance(call)
        query = _checked_query(SHOW_QUERY, call)
        task = self._task(call)
        now = self.clock.time()
        limit = query.get('limit', 10)
        rows, total, rest = task.page(
            now, query.get('task_detail_status'), query.get('target'), query.get('marker', NO_MARKER),
            query.get('offset', 0), limit)
        answer = {
            'batchtask': task.render(now),
            'task_details': [sub_task.render(status) for _number, sub_task, status in rows],
            'page': self._page([sub_task for _number, sub_task, _status in rows], total, rest),
        }
        task.look()
        return answer

    @operation('ListBatchTasks', 'GET', '/v5/iot/<project_id>/batchtasks')
    def list_batch_tasks(self, call):
        self._check_instance(call)
        query = _checked_query(LIST_QUERY, call)
        now = self.clock.time()
        found = [task for task in reversed(list(self._tasks.values()))
                 if task.task_type == query['task_type'] and query.get('app_id', task.app_id) == task.app_id
                 and query.get('status') in (None, task.status(now))]
        marker = query.get('marker', NO_MARKER).lower()
        rest = [task for task in found if task.record_id < marker]
        first = query.get('offset', 0)
        tasks = rest[first:first + query.get('limit', 10)]
        return {'batchtasks': [task.render(now) for task in tasks], 'page': self._page(tasks, len(found), len(rest))}

    @operation('RetryBatchTask', 'POST', '/v5/iot/<project_id>/batchtasks/<task_id>/retry', write=True)
    def retry_batch_task(self, call):
        self._check_instance(call)
        body = RETRY_BODY(call.body or {})
        task = self._task(call)
        now = self.clock.time()
        status = task.status(now)
        if task.task_type not in RETRIABLE_TYPES:
            raise Rejected(400, INVALID, 'Invalid input data. A task of this type cannot be retried')
        if status not in RETRIABLE_STATES:
            raise Rejected(400, INVALID, f'Invalid input data. The task cannot be retried in status {status}')
        results = task.retry(
            body.get('targets'), now, self.options['retry_delay_looks'], self.options['retry_delay_seconds'])
        call.effect = any(result['status'] == 'success' for result in results)
        call.note('retried', [result['target'] for result in results if result['status'] == 'success'])
        if 'targets' not in body and self.options['retry_all_answer'] == 'nothing':
            return {}
        return {'targets': results}

    # What operations share

    def _check_instance(self, call):
        """The header's form, the instance behind it, and the signature that the edition of the instance wants."""
        given = call.headers.get('Instance-Id')
        if given is not None:
            checks.text(1, 36, '[a-f0-9-]+')(given, 'Instance-Id')
        wanted = self.options['instance_id']
        if wanted is not None and given != wanted:
            raise Rejected(403, FORBIDDEN, 'Operation not allowed. The instance does not exist or is not yours')
        signing = self.options['signing']
        if signing == 'any' or call.caller.method == 'token':
            return
        derived = signing == 'derived' or '.iotda-app.' in call.headers.get('Host', '')
        if derived != (call.caller.method == 'V11-HMAC-SHA256'):
            raise GatewayRejected(401, 'APIGW.0301',
                                  'Incorrect IAM authentication information: verify aksk signature fail')

    def _task(self, call):
        task_id = checks.text(1, 24, '[a-f0-9]+')(call.path['task_id'], 'task_id')
        if task_id not in self._tasks:
            raise Rejected(404, NOT_FOUND, 'The batch task does not exist.')
        return self._tasks[task_id]

    def _page(self, items, total, rest):
        count = {'all': total, 'rest': rest, 'page': len(items)}[self.options['count']]
        return dict({'count': count}, **({'marker': items[-1].record_id} if items else {}))

    def dump(self):
        now = self.clock.time()
        return {'batch_tasks': [task.dump(now) for task in self._tasks.values()]}


def _checked_query(check, call):
    """IoTDA has a code of its own for a limit that is out of range."""
    if call.body is not None:
        raise checks.Invalid('body', 'must be empty')
    limit = call.query.get('limit')
    if limit is not None and (re.fullmatch('[0-9]{1,9}', limit) is None or not 1 <= int(limit) <= 50):
        raise Rejected(400, INVALID_LIMIT, 'Invalid input. The limit is out of range')
    return check(call.query)
