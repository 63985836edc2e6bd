# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KPS: records of failed key-pair tasks, and tasks that still run."""

from __future__ import annotations

import math

from .. import checks
from ..clock import milliseconds
from ..service import Rejected, Service, operation

ID = checks.text(36, 36)
PAGE_QUERY = checks.record(optional={'limit': checks.digits(1, 1000), 'offset': checks.digits(0, 100000)})
NO_QUERY = checks.record()

# KPS answers in Chinese, whatever the language of the request.
MESSAGES = {'KPS.0001': 'taskId is illegal', 'KPS.0002': '参数错误', 'KPS.0005': 'Failed task is not found'}
UNREACHABLE = 'SSH连接失败'

SHOWN_FIELDS = ('server_name', 'server_id', 'keypair_name')
FAILED_FIELDS = {'task_id', 'operate_type', 'task_time', 'age_seconds', 'task_error_code', 'task_error_msg', 'fields',
                 *SHOWN_FIELDS}
RUNNING_FIELDS = FAILED_FIELDS | {'remaining_seconds', 'ends', 'failed_operate_type'}


class Failed:
    """The record of a failed task, as it is listed. When cleared, it may still be listed for a while."""

    __slots__ = ('shown', 'looks_left', 'listed_until', 'cleared')

    def __init__(self, shown):
        self.shown = shown
        self.cleared = False
        self.looks_left = 0
        self.listed_until = 0.0

    def clear(self, looks, until):
        self.cleared = True
        self.looks_left = looks
        self.listed_until = until

    def listed(self, now):
        return not self.cleared or self.looks_left > 0 or now < self.listed_until


class Running:
    """A task that runs until ``end`` (epoch seconds; infinite: for ever), and then a failed one, or gone.

    ``failed``: its id and what is then listed, or None.
    """

    def __init__(self, shown, end, failed):
        self.shown = shown
        self.end = end
        self.failed = failed


class Project:
    """The tasks of one project."""

    def __init__(self, options, clock, loaded_at):
        self.options = options
        self.clock = clock
        self._made = 0
        self._looks = 0
        self._appeared = 0
        self.failed = {}
        self._shown = None
        self._fading = []
        self._running = []
        self.add(options, loaded_at)

    def add(self, part, now):
        """Add what a part of a scenario says under ``failed`` and ``running``."""
        self._add_failed([self._failed_record(given, now) for given in _spread(part.get('failed', []))])
        self._running += [self._running_task(given, now) for given in _spread(part.get('running', []))]

    def _add_failed(self, records, first=False):
        new = {task_id: Failed(shown) for task_id, shown in records}
        self.failed = {**new, **self.failed} if first else {**self.failed, **new}
        self._shown = None

    def _base(self, given, known, now):
        """What both kinds of task show; names and ids are made from a number where they are not given."""
        unknown = set(given) - known
        if unknown:
            raise ValueError('unknown fields of a key-pair task: {0}'.format(', '.join(sorted(unknown))))
        self._made += 1
        shown = {
            'task_id': f'{self._made:08x}-0000-4000-8000-00000000fa11',
            'task_time': str(milliseconds(now - given.get('age_seconds', 600))),
            'server_name': f'server-{self._made}',
            'server_id': f'{self._made:08x}-0000-4000-8000-0000005e7e70',
            'keypair_name': 'deploy',
        }
        shown.update((name, given[name]) for name in ('task_id', 'task_time', *SHOWN_FIELDS) if name in given)
        return shown

    def _failed_record(self, given, now):
        shown = self._base(given, FAILED_FIELDS, now)
        shown['operate_type'] = given.get('operate_type', 'FAILED_RESET')
        return _record(shown, given)

    def _running_task(self, given, now):
        shown = self._base(given, RUNNING_FIELDS, now)
        shown['operate_type'] = given.get('operate_type', 'RUNNING_RESET')
        ends = given.get('ends', 'success')
        if ends not in ('success', 'failed'):
            raise ValueError('a running task ends in success or failed')
        remaining = given.get('remaining_seconds', 30)
        end = math.inf if remaining is None else now + remaining
        failed = None
        if ends == 'failed' and remaining is not None:
            operate_type = given.get('failed_operate_type', 'FAILED_RESET')
            failed = _record(dict(shown, operate_type=operate_type, task_time=str(milliseconds(end))), given)
        return Running(dict(shown, **given.get('fields', {})), end, failed)

    def running(self):
        """The tasks that run now; those whose end has come turn into failed ones, or go."""
        now = self.clock.time()
        over = [task for task in self._running if task.end <= now]
        if over:
            self._running = [task for task in self._running if task.end > now]
            self._add_failed([task.failed for task in over if task.failed])
        return [task.shown for task in self._running]

    def look(self):
        """What ListFailedTask shows now; counts as a look."""
        self.running()
        if self._fading:
            self._fade()
        if self._shown is None:
            self._shown = [record.shown for record in self.failed.values()]
        return self._shown

    def _fade(self):
        """Every look brings what was cleared nearer to its end."""
        now = self.clock.time()
        for task_id in self._fading:
            if not self.failed[task_id].listed(now):
                del self.failed[task_id]
                self._shown = None
        self._fading = [task_id for task_id in self._fading if task_id in self.failed]
        for task_id in self._fading:
            self.failed[task_id].looks_left -= 1

    def appear(self):
        """After a look: let new records appear, as the scenario wants it."""
        appear = self.options['appear']
        if not appear:
            return
        self._looks += 1
        total = appear.get('total', math.inf)
        if self._looks % appear.get('every_looks', 1) == 0 and self._appeared < total:
            count = int(min(appear.get('count', 1), total - self._appeared))
            self._appeared += count
            fields = appear.get('fields', {})
            records = [self._failed_record(dict({'age_seconds': 0}, **fields), self.clock.time())
                       for _number in range(count)]
            self._add_failed(records, first=appear.get('where', 'end') == 'front')

    def clear(self, task_id=None):
        """Clear one record, or all; return whether there was any."""
        self.running()
        wanted = list(self.failed) if task_id is None else [task_id]
        there = [each for each in wanted if each in self.failed and not self.failed[each].cleared]
        until = self.clock.time() + self.options['list_delay_seconds']
        for each in there:
            self.failed[each].clear(self.options['list_delay_looks'], until)
        self._fading += there
        return bool(there)

    def dump(self):
        running = self.running()
        return {'failed': [record.shown for record in self.failed.values() if not record.cleared],
                'running': running}


def _spread(given):
    """Tasks as a list, or {'count': n, 'every_seconds': s, 'newest_age_seconds': s, ... fields of all}."""
    if not isinstance(given, dict):
        return given
    fields = dict(given)
    count, every, age = fields.pop('count'), fields.pop('every_seconds', 1), fields.pop('newest_age_seconds', 60)
    return [dict({'age_seconds': age + every * number}, **fields) for number in range(count)]


def _record(shown, given):
    """(task_id, what is listed) of a failed task."""
    task_id = shown['task_id']
    shown = dict(shown, task_error_code=given.get('task_error_code'),
                 task_error_msg=given.get('task_error_msg', UNREACHABLE))
    shown.update(given.get('fields', {}))
    return task_id, shown


class Kps(Service):
    """Scenario: the keys of DEFAULTS, explained in the README; ``projects`` overrides them by project id or name."""

    name = 'kps'
    error_code_invalid = 'KPS.0002'
    DEFAULTS = {
        'failed': [],
        'running': [],
        'total': 'all',
        'list_delay_looks': 0,
        'list_delay_seconds': 0,
        'appear': None,
        'projects': {},
    }

    def __init__(self, simulator):
        super().__init__(simulator)
        self._loaded_at = 0.0
        self._projects = {}

    def load(self, part):
        super().load(part)
        self._loaded_at = self.clock.time()
        self._projects.clear()
        for each in (part, *self.options['projects'].values()):
            self._refuse_unknown(each)
            self._check_total(each)
        for project in self.simulator.projects[:1]:
            self.project(project['id'])

    def merge(self, part):
        self._check_total(part)
        special = part.get('projects', {})
        for project in self.simulator.projects:
            changes = dict(part, **(special.get(project['id']) or special.get(project['name'], {})))
            state = self.project(project['id'])
            state.options.update({name: value for name, value in changes.items() if name in self.DEFAULTS})
            state.add(changes, self.clock.time())
        super().merge({name: value for name, value in part.items() if name not in ('failed', 'running')})

    @staticmethod
    def _check_total(part):
        if part.get('total', 'all') not in ('all', 'page'):
            raise ValueError('total must be all or page')

    def project(self, project_id):
        """The state of a project; one that the scenario says nothing about is made when first needed."""
        if project_id not in self._projects:
            project = next(item for item in self.simulator.projects if item['id'] == project_id)
            special = self.options['projects']
            options = dict(self.options, **(special.get(project_id) or special.get(project['name'], {})))
            self._projects[project_id] = Project(options, self.clock, self._loaded_at)
        return self._projects[project_id]

    def error(self, status, code, message):
        return {'error_code': code, 'error_msg': MESSAGES.get(code, message)}

    @operation('ListFailedTask', 'GET', '/v3/<project_id>/failed-tasks')
    def list_failed(self, call):
        project = self.project(call.project_id)
        query = self._checked(call, PAGE_QUERY)
        answer = self._page(project, project.look(), query)
        project.appear()
        return answer

    @operation('ListRunningTask', 'GET', '/v3/<project_id>/running-tasks')
    def list_running(self, call):
        project = self.project(call.project_id)
        return self._page(project, project.running(), self._checked(call, PAGE_QUERY))

    @operation('DeleteFailedTask', 'DELETE', '/v3/<project_id>/failed-tasks/<task_id>', write=True)
    def delete_one(self, call):
        self._checked(call, NO_QUERY)
        try:
            task_id = ID(call.path['task_id'], 'task_id')
        except checks.Invalid as problem:
            raise Rejected(400, 'KPS.0001', str(problem)) from problem
        if not self.project(call.project_id).clear(task_id):
            raise Rejected(400, 'KPS.0005', task_id)

    @operation('DeleteAllFailedTask', 'DELETE', '/v3/<project_id>/failed-tasks', write=True)
    def delete_all(self, call):
        self._checked(call, NO_QUERY)
        call.effect = self.project(call.project_id).clear()

    @staticmethod
    def _checked(call, query):
        if call.body is not None:
            raise checks.Invalid('body', 'must be empty')
        return query(call.query)

    @staticmethod
    def _page(project, found, query):
        first = query.get('offset', 0)
        page = found[first:first + query.get('limit', 1000)]
        return {'total': len(page) if project.options['total'] == 'page' else len(found), 'tasks': page}

    def dump(self):
        """Every project that has state, with what is really there whether lists show it or not."""
        return {'projects': {project_id: state.dump() for project_id, state in self._projects.items()}}
