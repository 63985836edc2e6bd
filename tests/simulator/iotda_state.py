# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Batch tasks of IoTDA and their sub-tasks, up to tens of thousands of them."""

from __future__ import annotations

import bisect
from datetime import datetime, timezone
from typing import NamedTuple, Optional

FIRST_RECORD = 0x65000000000000000000_0000
STATUSES = ('Processing', 'Success', 'Fail', 'Waitting', 'FailWaitRetry', 'Stopped', 'Removed')
RETRIABLE = ('Fail', 'FailWaitRetry', 'Stopped')
UNDER_WAY = ('Processing', 'Waitting', 'FailWaitRetry')
COUNTERS = {
    'processing': 'Processing', 'success': 'Success', 'fail': 'Fail', 'waitting': 'Waitting',
    'fail_wait_retry': 'FailWaitRetry', 'stopped': 'Stopped', 'removed': 'Removed',
}
DEFAULT_ERROR = {'error_code': 'IOTDA.014111', 'error_msg': 'The device did not answer in time.'}
NOT_IN_TASK = {'error_code': 'IOTDA.014219', 'error_msg': 'Invalid input. The target is not in the task'}
# What the API says of a sub-task that is not to be retried is documented nowhere.
NOT_RETRIABLE = {'error_code': 'IOTDA.000006', 'error_msg': 'Invalid input data. The sub-task cannot be retried'}

GROUP_FIELDS = {'status', 'count', 'prefix', 'targets', 'then', 'queue_seconds', 'seconds', 'retry_fails', 'offline',
                'error', 'output', 'reject'}
TASK_FIELDS = {'task_id', 'task_name', 'task_type', 'app_id', 'status', 'age_seconds', 'sub_tasks', 'fields'}


class Group(NamedTuple):
    """What sub-tasks of one group have in common: how a retry of them goes, and what they show."""

    queue_seconds: float = 0
    seconds: float = 60
    retry_fails: int = 0
    offline: bool = False
    error: dict = DEFAULT_ERROR
    output: Optional[str] = None
    reject: Optional[dict] = None


class Veil:
    """Hides the effect of one retry: for so many looks at the task, and each of its steps for so many seconds."""

    def __init__(self, looks, seconds):
        self.looks = looks
        self.seconds = seconds

    def hides(self, at, now):
        return self.looks > 0 or now < at + self.seconds


class SubTask:
    """One device of a batch task. ``timeline``: [(epoch seconds, status, Veil or None)] in order."""

    __slots__ = ('target', 'number', 'group', 'timeline', 'retries')

    def __init__(self, target, number, group, timeline):
        self.target = target
        self.number = number
        self.group = group
        self.timeline = timeline
        self.retries = 0

    @property
    def record_id(self):
        return f'{FIRST_RECORD + self.number:024x}'

    def status(self, now):
        """The truth."""
        return next(status for at, status, _veil in reversed(self.timeline) if at <= now)

    def shown(self, now):
        """What a look shows, and when that changes by itself (None: not any more)."""
        changes = None
        for at, status, veil in reversed(self.timeline):
            shown_at = at if veil is None else at + veil.seconds
            if now < shown_at:
                changes = shown_at if changes is None else min(changes, shown_at)
            elif veil is None or veil.looks <= 0:
                return status, changes
        raise AssertionError('a timeline begins with a status that shows')

    def retry(self, now, veil):
        group = self.group
        self.retries += 1
        del self.timeline[_place(self.timeline, now):]
        first = 'Waitting' if group.queue_seconds or group.offline else 'Processing'
        self.timeline.append((now, first, veil))
        if not group.offline:
            self._run(now + group.queue_seconds, veil)

    def go_online(self, now):
        """The device is there again: what waits for it begins."""
        waits = self.group.offline and self.status(now) == 'Waitting'
        self.group = self.group._replace(offline=False)
        if waits:
            self._run(now, None)

    def _run(self, start, veil):
        again = self.group.retry_fails < 0 or self.retries <= self.group.retry_fails
        self.timeline.append((start, 'Processing', veil))
        self.timeline.append((start + self.group.seconds, 'Fail' if again else 'Success', veil))

    def render(self, status):
        shown = {'target': self.target, 'status': status}
        if self.group.output is not None:
            shown['output'] = self.group.output
        if status in ('Fail', 'FailWaitRetry'):
            shown['error'] = self.group.error
        return shown


def _place(timeline, now):
    return next((place for place, step in enumerate(timeline) if step[0] > now), len(timeline))


class View(NamedTuple):
    """The sub-tasks as a look shows them: all and by status, newest first, as [(-number, SubTask, status)].

    It holds until ``until`` (None: for ever), unless something is done to the task.
    """

    all: list
    by_status: dict
    until: Optional[float]


class BatchTask:
    def __init__(self, number, fields, now):
        unknown = set(fields) - TASK_FIELDS
        if unknown:
            raise ValueError('unknown fields of a batch task: {0}'.format(', '.join(sorted(unknown))))
        self.number = number
        self.task_id = fields.get('task_id', f'{FIRST_RECORD + number:024x}')
        self.task_type = fields.get('task_type', 'firmwareUpgrade')
        self.task_name = fields.get('task_name', f'upgrade_{number}')
        self.app_id = fields.get('app_id')
        self.fixed_status = fields.get('status')
        self.created_at = now - fields.get('age_seconds', 3600)
        self.fields = fields.get('fields', {})
        self.sub_tasks = []
        self._by_target = {}
        self._veils = []
        self._view = None
        for group in fields.get('sub_tasks', []):
            self._add(dict(group), now)

    @property
    def record_id(self):
        return f'{FIRST_RECORD + self.number:024x}'

    def _add(self, group, now):
        unknown = set(group) - GROUP_FIELDS
        if unknown:
            raise ValueError('unknown fields of sub-tasks: {0}'.format(', '.join(sorted(unknown))))
        status, then = group.pop('status'), group.pop('then', [])
        count, prefix = group.pop('count', 1), group.pop('prefix', status.lower())
        targets = group.pop('targets', None) or [f'{prefix}-{number:05d}' for number in range(1, count + 1)]
        common = Group(**group)
        for target in targets:
            timeline = [(self.created_at, status, None)] + [(now + seconds, later, None) for seconds, later in then]
            sub_task = SubTask(target, len(self.sub_tasks) + 1, common, timeline)
            self.sub_tasks.append(sub_task)
            self._by_target[target] = sub_task

    def look(self):
        """Every look at the task brings effects that are hidden for some looks nearer."""
        hidden = [veil for veil in self._veils if veil.looks > 0]
        for veil in hidden:
            veil.looks -= 1
        if hidden:
            self._view = None

    def view(self, now):
        if self._view is None or (self._view.until is not None and now >= self._view.until):
            self._view = self._make_view(now)
        return self._view

    def _make_view(self, now):
        rows, by_status, until = [], {}, None
        for sub_task in reversed(self.sub_tasks):
            status, changes = sub_task.shown(now)
            row = (-sub_task.number, sub_task, status)
            rows.append(row)
            by_status.setdefault(status, []).append(row)
            if changes is not None and (until is None or changes < until):
                until = changes
        return View(rows, by_status, until)

    def page(self, now, status, target, marker, offset, limit):
        """The rows of a page, and how many match before and after the marker."""
        view = self.view(now)
        rows = view.all if status is None else view.by_status.get(status, [])
        if target is not None:
            rows = [row for row in rows if row[1].target == target]
        first = bisect.bisect_left(rows, (FIRST_RECORD - int(marker, 16) + 1,))
        return rows[first + offset:first + offset + limit], len(rows), len(rows) - first

    def status(self, now):
        if self.fixed_status:
            return self.fixed_status
        seen = {status for status, rows in self.view(now).by_status.items() if rows}
        if seen & set(UNDER_WAY):
            return 'Processing'
        if seen <= {'Success', 'Removed'}:
            return 'Success'
        if seen == {'Stopped'}:
            return 'Stopped'
        return 'PartialSuccess' if 'Success' in seen else 'Fail'

    def render(self, now):
        by_status = self.view(now).by_status
        progress = {counter: len(by_status.get(status, ())) for counter, status in COUNTERS.items()}
        return {
            'task_id': self.task_id,
            'task_name': self.task_name,
            'task_type': self.task_type,
            'status': self.status(now),
            'task_progress': dict(progress, total=len(self.sub_tasks)),
            'create_time': datetime.fromtimestamp(self.created_at, timezone.utc).strftime('%Y%m%dT%H%M%SZ'),
            **self.fields,
        }

    def retry(self, targets, now, looks, seconds):
        """Retry the targets (None: all that can be), and return the result of each, as the API gives it."""
        if targets is None:
            targets = [sub_task.target for sub_task in self.sub_tasks if sub_task.status(now) in RETRIABLE]
        veil = Veil(looks, seconds)
        self._veils.append(veil)
        self._view = None
        return [dict({'target': target}, **self._retry_one(target, now, veil)) for target in targets]

    def _retry_one(self, target, now, veil):
        sub_task = self._by_target.get(target)
        if sub_task is None:
            return dict(NOT_IN_TASK, status='failure')
        if sub_task.status(now) not in RETRIABLE:
            return dict(NOT_RETRIABLE, status='failure')
        if sub_task.group.reject:
            return dict(sub_task.group.reject, status='failure')
        sub_task.retry(now, veil)
        return {'status': 'success'}

    def go_online(self, targets, now):
        self._view = None
        for target in targets:
            self._by_target[target].go_online(now)

    def dump(self, now):
        """The truth, whether looks show it or not. Devices are listed one by one only where they were retried."""
        counts, retried = {}, {}
        for sub_task in self.sub_tasks:
            status = sub_task.status(now)
            counts[status] = counts.get(status, 0) + 1
            if sub_task.retries:
                retried[sub_task.target] = {'status': status, 'retries': sub_task.retries}
        return {'task_id': self.task_id, 'status': self.status(now), 'counts': counts, 'retried': retried}
