# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HSS: scan tasks of clusters and files, and the list of clusters."""

from __future__ import annotations

from typing import NamedTuple, Optional

from .. import checks
from ..clock import milliseconds
from ..scans import (
    FILE_SCAN, SCAN_TYPES, Attempt, Counts, Failing, Item, Resource, Task, Veil, attempt_status, failing,
)
from ..service import Rejected, Service, operation

ALL_GRANTED = 'all_granted_eps'
CLUSTER_STATES = ('Available', 'Unavailable', 'ScalingUp', 'ScalingDown', 'Creating', 'Deleting', 'Upgrading',
                  'Resizing', 'RollingBack', 'RollbackFailed', 'Empty')
CLUSTER_TYPES = ('cce', 'ali', 'tencent', 'azure', 'aws', 'self_built_hw', 'self_built_idc')
LARGEST = 9223372036854775807

# The limits of the API

ID = checks.text(1, 64)
FILTER_TEXT = checks.text(1, 256)
TASK_TYPE = checks.choice('cluster_scan', 'iac_scan')
FILE_TYPE = checks.choice('dockerfile', 'k8s_yaml')
SCAN_TYPE = checks.choice(*SCAN_TYPES)
SCAN_STATUS = checks.choice('scanning', 'success', 'failed')
MOMENT = checks.whole(0, LARGEST)

ENTERPRISE_PROJECT = {'enterprise_project_id': checks.text(1, 256)}
PAGE = dict(ENTERPRISE_PROJECT, offset=checks.digits(0, 2000000), limit=checks.digits(10, 200))

WRITE_QUERY = checks.record(optional=ENTERPRISE_PROJECT)
LIST_QUERY = checks.record(optional=PAGE)
CLUSTERS_QUERY = checks.record(optional=dict(
    PAGE, cluster_name=FILTER_TEXT, load_agent_info=checks.flag(), scene=checks.choice('cluster_risk')))

CREATE_BODY = checks.record(
    required={'task_type': TASK_TYPE},
    optional={
        'cluster_scan_info': checks.record(
            required={'scan_type_list': checks.items(SCAN_TYPE, 1, 3),
                      'range_type': checks.choice('all_cluster', 'specific_cluster')},
            optional={'cluster_id_list': checks.items(ID, 0, 200)}),
        'iac_scan_info': checks.record(
            required={'file_type': FILE_TYPE, 'file_id_list': checks.items(ID, 1, 100)}),
    })
LIST_BODY = checks.record(
    required={'task_type': TASK_TYPE},
    optional={
        'task_id': ID,
        'task_name': FILTER_TEXT,
        'start_create_time': MOMENT,
        'end_create_time': MOMENT,
        'trigger_type': checks.choice('manual', 'schedule'),
        'task_status': checks.choice('ready', 'running', 'finished'),
        'sort_key': checks.choice('start_time'),
        'sort_dir': checks.choice('desc', 'asc'),
        'cluster_scan_info': checks.record(optional={'scan_type_list': checks.items(SCAN_TYPE, 0, 3)}),
        'iac_scan_info': checks.record(optional={'file_type': FILE_TYPE}),
    })
RESOURCES_BODY = checks.record(
    required={'task_type': TASK_TYPE},
    optional={
        'cluster_scan_info': checks.record(optional={
            'scan_status': SCAN_STATUS, 'cluster_name': FILTER_TEXT, 'cluster_id': ID,
            'cluster_type': checks.choice(*CLUSTER_TYPES)}),
        'iac_scan_info': checks.record(optional={
            'scan_status': SCAN_STATUS, 'file_name': FILTER_TEXT, 'chart_name': FILTER_TEXT}),
    })
RETRY_BODY = checks.record(
    required={'task_type': checks.choice('cluster_scan'),
              'cluster_scan_info': checks.record(
                  required={'range_type': checks.choice('all_failed_cluster', 'specific_cluster')},
                  optional={'cluster_info_list': checks.items(checks.record(
                      required={'cluster_id': ID},
                      optional={'scan_type_list': checks.items(SCAN_TYPE, 1, 3)}), 1, 200)})})

INFO_OF_TYPE = {'cluster_scan': 'cluster_scan_info', 'iac_scan': 'iac_scan_info'}

CLUSTER_FIELDS = {'cluster_id', 'cluster_name', 'cluster_type', 'status', 'version', 'enterprise_project_id',
                  'scan_seconds', 'fails', 'fail_attempts', 'scanned', 'fields'}
FILE_FIELDS = {'file_id', 'file_name', 'file_type', 'chart_name', 'file_size', 'enterprise_project_id',
               'scan_seconds', 'fails', 'fail_attempts'}
TASK_FIELDS = {'task_id', 'task_type', 'status', 'scan_types', 'clusters', 'failed', 'file_type', 'files',
               'age_seconds', 'ready_seconds', 'remaining_seconds', 'finished_seconds_ago', 'trigger_type',
               'task_name', 'enterprise_project_id', 'fields'}


class Cluster(NamedTuple):
    cluster_id: str
    cluster_name: str
    cluster_type: str
    status: str
    version: str
    enterprise_project_id: str
    scan_seconds: Optional[float]
    failing: Failing
    scanned: bool
    fields: dict
    # Ends of the scans that went well, for last_scan_time.
    scans: list

    scan_types = SCAN_TYPES

    def render(self, now):
        done = [end for end in self.scans if end <= now]
        return dict({
            'id': self.cluster_id,
            'cluster_name': self.cluster_name,
            'cluster_id': self.cluster_id,
            'cluster_type': self.cluster_type,
            'status': self.status,
            'version': self.version,
            'total_nodes_number': 3,
            'active_nodes_number': 3,
            'creation_timestamp': 1735689600000,
            'last_scan_time': milliseconds(max(done)) if done else 0,
            'sys_vul_num': 0,
            'app_vul_num': 0,
            'emg_vul_num': 0,
            'risk_assess_num': 0,
            'sec_comp_num': 0,
        }, **self.fields)


class File(NamedTuple):
    file_id: str
    file_name: str
    file_type: str
    chart_name: str
    file_size: int
    enterprise_project_id: str
    scan_seconds: Optional[float]
    failing: Failing
    scans: list

    scan_types = (FILE_SCAN,)


class Project:
    """HSS in one project: its clusters, files and tasks."""

    def __init__(self, project_id, options, clock):
        self.project_id = project_id
        self.options = options
        self.clock = clock
        self.clusters = {}
        self.files = {}
        self.tasks = []
        self.looks = 0
        self._by_id = {}
        self._made = 0
        self._appeared = 0
        self.add_clusters(options['clusters'])
        self.add_files(options['files'])
        if options['history']:
            self._add_history(**options['history'])
        self.add_tasks(options['tasks'])

    # What the scenario gives

    def merge(self, part):
        for name, add in (('clusters', self.add_clusters), ('files', self.add_files), ('tasks', self.add_tasks)):
            if name in part:
                add(part[name])
        self.options.update(part)

    def add_clusters(self, given):
        """Clusters by their fields, or {'count': n, ...}; one whose id is there already is replaced."""
        if isinstance(given, dict):
            given = self._many_clusters(**given)
        for number, fields in enumerate(given, start=len(self.clusters) + 1):
            _refuse_unknown('a cluster', fields, CLUSTER_FIELDS)
            cluster_id = fields.get('cluster_id') or self._number_id(number)
            status = fields.get('status', 'Available')
            if status not in CLUSTER_STATES:
                raise ValueError('a cluster cannot be {0}'.format(status))
            self.clusters[cluster_id] = Cluster(
                cluster_id=cluster_id,
                cluster_name=fields.get('cluster_name', 'cluster-{0}'.format(number)),
                cluster_type=fields.get('cluster_type', 'cce'),
                status=status,
                version=fields.get('version', 'v1.31.4-r0'),
                enterprise_project_id=fields.get('enterprise_project_id', '0'),
                scan_seconds=fields.get('scan_seconds'),
                failing=failing(fields.get('fails'), fields.get('fail_attempts', -1), SCAN_TYPES),
                scanned=fields.get('scanned', True),
                fields=fields.get('fields', {}),
                scans=[])

    @staticmethod
    def _many_clusters(count, failing=0, unavailable=0, prefix='cluster-', **common):
        """The first ones fail, the last ones are unavailable."""
        for number in range(1, count + 1):
            fields = dict(common, cluster_name='{0}{1:04d}'.format(prefix, number))
            fields['fails'] = common.get('fails', True) if number <= failing else False
            if number > count - unavailable:
                fields['status'] = 'Unavailable'
            yield fields

    def add_files(self, given):
        """Files by their fields, or {'count': n, ...}."""
        if isinstance(given, dict):
            common = {name: value for name, value in given.items() if name not in ('count', 'failing')}
            given = [dict(common, fails=number < given.get('failing', 0)) for number in range(given['count'])]
        for number, fields in enumerate(given, start=len(self.files) + 1):
            _refuse_unknown('a file', fields, FILE_FIELDS)
            file_id = fields.get('file_id') or self._number_id(number)
            file_type = fields.get('file_type', 'dockerfile')
            self.files[file_id] = File(
                file_id=file_id,
                file_name=fields.get('file_name', '{0}-{1}'.format(file_type, number)),
                file_type=file_type,
                chart_name=fields.get('chart_name', ''),
                file_size=fields.get('file_size', 1024),
                enterprise_project_id=fields.get('enterprise_project_id', '0'),
                scan_seconds=fields.get('scan_seconds'),
                failing=failing(fields.get('fails'), fields.get('fail_attempts', -1), (FILE_SCAN,)),
                scans=[])

    def add_tasks(self, given):
        for fields in given:
            self._add_given_task(**fields)

    def _add_given_task(self, **fields):
        """A task that is there already. Its times say which status it has; see the README for the fields."""
        _refuse_unknown('a task', fields, TASK_FIELDS)
        now = self.clock.time()
        task_type = fields.get('task_type', 'cluster_scan')
        created_at = now - fields.get('age_seconds', 600)
        status = fields.get('status', 'finished')
        if status == 'ready':
            started_at = now + fields.get('ready_seconds', self.options['ready_seconds'])
            end = started_at + self.options['scan_seconds']
        elif status == 'running':
            started_at = created_at
            end = now + fields.get('remaining_seconds', self.options['scan_seconds'])
        elif status == 'finished':
            started_at = created_at
            end = max(created_at, now - fields.get('finished_seconds_ago', 60))
        else:
            raise ValueError('a task cannot be {0}'.format(status))
        scan_types = fields.get('scan_types', list(SCAN_TYPES)) if task_type == 'cluster_scan' else (FILE_SCAN,)
        reasons = _reasons_by_id(fields.get('failed', {}), scan_types)
        resources = []
        for source in self._given_sources(task_type, fields):
            failed = reasons.get(_source_id(source), {})
            resources.append(Resource(source, [
                Item(name, Attempt(started_at, end, failed.get(name))) for name in scan_types]))
        self._note_scans(resources)
        self._add(Task(
            task_id=fields.get('task_id') or self._next_id(),
            task_type=task_type,
            created_at=created_at,
            started_at=started_at,
            scan_types=scan_types if task_type == 'cluster_scan' else (),
            file_type=fields.get('file_type', 'dockerfile') if task_type == 'iac_scan' else None,
            resources=resources,
            trigger_type=fields.get('trigger_type', 'manual'),
            task_name=fields.get('task_name') or self._name(task_type),
            enterprise_project_id=fields.get('enterprise_project_id', '0'),
            fields=fields.get('fields'),
            listed_at=self._shown_at('resources_listed', created_at, started_at),
            counted_at=self._shown_at('counters_listed', created_at, started_at)))

    def _given_sources(self, task_type, fields):
        known = self.clusters if task_type == 'cluster_scan' else self.files
        ids = fields.get('clusters' if task_type == 'cluster_scan' else 'files', 'all')
        if ids == 'all':
            return list(known.values())
        return [known[one] for one in ids]

    def _add_history(self, count, every_seconds=60, newest_age_seconds=86400, task_type='cluster_scan', clusters=None,
                     failed=0, scan_types=SCAN_TYPES, file_type='dockerfile'):
        """Finished tasks, oldest first. They make their resources only when somebody asks for them."""
        now = self.clock.time()
        sources = list(self.clusters.values() if task_type == 'cluster_scan' else self.files.values())[:clusters]
        kinds = tuple(scan_types) if task_type == 'cluster_scan' else (FILE_SCAN,)

        def resources(task):
            attempts = [[Attempt(task.started_at, task.started_at + 30, REFUSED if number < failed else None)
                         for _kind in kinds] for number in range(len(sources))]
            return [Resource(source, [Item(kind, attempt) for kind, attempt in zip(kinds, given)])
                    for source, given in zip(sources, attempts)]

        for number in range(count):
            created_at = now - newest_age_seconds - every_seconds * (count - 1 - number)
            task = Task(
                task_id=self._next_id(), task_type=task_type, created_at=created_at, started_at=created_at,
                scan_types=scan_types if task_type == 'cluster_scan' else (),
                file_type=file_type if task_type == 'iac_scan' else None, resources=resources,
                counts=Counts(0, len(sources) - failed, failed), trigger_type='schedule',
                task_name=self._name(task_type), history=True)
            task.end_at(created_at + 30)
            self._add(task)

    def _number_id(self, number):
        return '{0:08x}-0000-4000-8000-{1:0<12.12}'.format(number, self.project_id)

    def _next_id(self):
        self._made += 1
        return '{0:08x}-5ca0-4000-8000-{1:0<12.12}'.format(self._made, self.project_id)

    def _name(self, task_type):
        return '{0}_{1}'.format('集群扫描' if task_type == 'cluster_scan' else 'IaC扫描', self._made)

    # What happens

    def _add(self, task):
        """Keep the tasks in the order of their creation."""
        place = len(self.tasks)
        while place and self.tasks[place - 1].created_at > task.created_at:
            place -= 1
        self.tasks.insert(place, task)
        self._by_id[task.task_id] = task

    def task(self, task_id):
        return self._by_id.get(task_id)

    def create(self, body, enterprise_project_id, granted):
        """Start a scan, and return its Task."""
        now = self.clock.time()
        info = body[INFO_OF_TYPE[body['task_type']]]
        sources = self._wanted(body['task_type'], info, granted)
        scan_types = list(dict.fromkeys(info.get('scan_type_list', ())))
        started_at = now + self.options['ready_seconds']
        resources = [self._resource(source, scan_types or (FILE_SCAN,), started_at) for source in sources]
        self._note_scans(resources)
        task = Task(
            task_id=self._next_id(),
            task_type=body['task_type'],
            created_at=now,
            started_at=started_at,
            scan_types=scan_types,
            file_type=info.get('file_type'),
            resources=resources,
            task_name=self._name(body['task_type']),
            enterprise_project_id='0' if enterprise_project_id == ALL_GRANTED else enterprise_project_id,
            veil=Veil(self.options['list_delay_looks'], now + self.options['list_delay_seconds']),
            listed_at=self._shown_at('resources_listed', now, started_at),
            counted_at=self._shown_at('counters_listed', now, started_at),
            range_type=info.get('range_type'))
        self._add(task)
        return task

    def _resource(self, source, scan_types, started_at):
        end = started_at + self.seconds(source)
        items = []
        for scan_type in scan_types:
            reason = source.failing.reason(scan_type, 1)
            if isinstance(source, Cluster) and source.status != 'Available':
                reason = NOT_AVAILABLE
            items.append(Item(scan_type, Attempt(started_at, end, reason)))
        return Resource(source, items)

    def _wanted(self, task_type, info, granted):
        """The clusters or files of a new scan. Whether an unknown id is an error is documented nowhere."""
        if task_type == 'cluster_scan' and info['range_type'] == 'all_cluster':
            return [cluster for cluster in self.clusters.values()
                    if cluster.status == 'Available' and cluster.scanned and _in(cluster, granted)]
        known = self.clusters if task_type == 'cluster_scan' else self.files
        ids = dict.fromkeys(info['cluster_id_list'] if task_type == 'cluster_scan' else info['file_id_list'])
        found = [known[one] for one in ids if one in known and _in(known[one], granted)
                 and info.get('file_type') in (None, getattr(known[one], 'file_type', None))]
        if len(found) < len(ids) and self.options['create_unknown'] == 'error':
            raise Rejected(400, 'HSS.1019', '查询资产失败')
        return found

    def seconds(self, source):
        return self.options['scan_seconds'] if source.scan_seconds is None else source.scan_seconds

    def _shown_at(self, option, created_at, started_at):
        """When resources or counters of a task begin to be listed."""
        how = self.options[option]
        if option == 'counters_listed' and how == 'with_resources':
            how = self.options['resources_listed']
        if how == 'when_running':
            return started_at
        return created_at + self.options['resources_late_seconds'] if how == 'late' else created_at

    @staticmethod
    def _note_scans(resources):
        for resource in resources:
            if not any(item.attempt.reason for item in resource.items):
                resource.source.scans.append(max(item.attempt.end for item in resource.items))

    def retry(self, task, info):
        """Scan again what failed; False when there was nothing to do."""
        now = self.clock.time()
        if task.status(now) != 'finished' and self.options['retry_while_running'] == 'error':
            raise Rejected(400, 'HSS.1020', '任务正在执行，不允许重试')
        chosen = [(resource, items) for resource, items in self._chosen(task, info, now) if items]
        if not chosen:
            if self.options['retry_nothing_failed'] == 'error':
                raise Rejected(400, 'HSS.1021', '没有扫描失败的集群')
            return False
        task.retry(chosen, now, lambda resource: self.seconds(resource.source), self._retry_veil(now))
        self._note_scans([resource for resource, _items in chosen])
        return True

    def _chosen(self, task, info, now):
        """[(Resource, its failed Items that are asked for)]"""
        if info['range_type'] == 'all_failed_cluster':
            return [(resource, resource.failed_items(now)) for resource in task.resources]
        in_task = {resource.source.cluster_id: resource for resource in task.resources}
        chosen = []
        for wanted in info.get('cluster_info_list', []):
            resource = in_task.get(wanted['cluster_id'])
            if resource is None:
                if self.options['retry_unknown_cluster'] == 'error':
                    raise Rejected(400, 'HSS.1019', '集群不在任务中')
                continue
            scan_types = wanted.get('scan_type_list', SCAN_TYPES)
            chosen.append((resource, [item for item in resource.failed_items(now) if item.scan_type in scan_types]))
        return chosen

    def _retry_veil(self, now):
        looks, seconds = self.options['retry_delay_looks'], self.options['retry_delay_seconds']
        return Veil(self.options['list_delay_looks'] if looks is None else looks,
                    now + (self.options['list_delay_seconds'] if seconds is None else seconds))

    def appear(self, task_type):
        """After a look at the list, the schedule may have made new tasks, which were over at once."""
        appear = self.options['appear']
        self.looks += 1
        if not appear or self.looks % appear.get('every_looks', 1):
            return
        for _number in range(appear.get('count', 1)):
            if 'total' in appear and self._appeared >= appear['total']:
                return
            self._appeared += 1
            now = self.clock.time()
            task = Task(
                task_id=self._next_id(), task_type=task_type, created_at=now, started_at=now,
                scan_types=SCAN_TYPES[:1] if task_type == 'cluster_scan' else (),
                file_type='dockerfile' if task_type == 'iac_scan' else None,
                counts=Counts(0, 1, 0), trigger_type='schedule', task_name=self._name(task_type))
            self._add(task)


REFUSED = '扫描失败'
NOT_AVAILABLE = '集群状态异常，无法扫描'


class Hss(Service):
    """Scenario: the keys of DEFAULTS, explained in the README; ``projects`` overrides them by project id or name."""

    name = 'hss'
    error_code_invalid = 'HSS.0001'
    DEFAULTS = {
        'clusters': {'count': 3},
        'files': {'count': 2},
        'tasks': [],
        'history': None,
        'ready_seconds': 5,
        'scan_seconds': 60,
        'resources_listed': 'at_once',
        'resources_late_seconds': 10,
        'counters_listed': 'at_once',
        'list_delay_looks': 0,
        'list_delay_seconds': 0,
        'retry_delay_looks': None,
        'retry_delay_seconds': None,
        'estimate': 'good',
        'retry_nothing_failed': 'error',
        'retry_while_running': 'ok',
        'retry_unknown_cluster': 'error',
        'create_unknown': 'ignored',
        'unknown_task': 'empty',
        'total_num': 'all',
        'appear': None,
        'projects': {},
    }
    CHOICES = {
        'resources_listed': ('at_once', 'late', 'when_running'),
        'counters_listed': ('at_once', 'late', 'when_running', 'with_resources'),
        'retry_nothing_failed': ('ok', 'error'),
        'retry_while_running': ('ok', 'error'),
        'retry_unknown_cluster': ('ok_ignored', 'error'),
        'create_unknown': ('ignored', 'error'),
        'unknown_task': ('empty', 'error'),
        'total_num': ('all', 'page'),
    }

    def load(self, part):
        super().load(part)
        self._check_choices(part)
        self._projects = {}
        for project in self.simulator.projects:
            special = self.options['projects'].get(project['id']) or self.options['projects'].get(project['name'], {})
            self._refuse_unknown(special)
            self._check_choices(special)
            self._projects[project['id']] = dict(self.options, **special)

    def merge(self, part):
        self._check_choices(part)
        super().merge(part)
        for project in self.simulator.projects:
            special = part.get('projects', {})
            changes = dict(part, **(special.get(project['id']) or special.get(project['name'], {})))
            state = self._projects.setdefault(project['id'], dict(self.options))
            if isinstance(state, Project):
                state.merge(changes)
            else:
                state.update(changes)

    def _check_choices(self, part):
        for name, values in self.CHOICES.items():
            if part.get(name, values[0]) not in values:
                raise ValueError('{0} must be one of {1}'.format(name, ', '.join(values)))

    def project(self, project_id):
        """The state of a project. It is made when first needed: a scenario may have hundreds of projects."""
        state = self._projects.get(project_id)
        if not isinstance(state, Project):
            state = Project(project_id, state if state is not None else dict(self.options), self.clock)
            self._projects[project_id] = state
        return state

    def error(self, status, code, message):
        return {'error_code': code, 'error_description': message, 'error_msg': message}

    # Operations

    @operation('CreateTask', 'POST', '/v5/<project_id>/common/task', write=True)
    def create_task(self, call):
        query = WRITE_QUERY(call.query)
        body = CREATE_BODY(call.body)
        self._check_info(body, required=True)
        info = body.get('cluster_scan_info', {})
        if info.get('range_type') == 'specific_cluster' and 'cluster_id_list' not in info:
            raise checks.Invalid('cluster_scan_info.cluster_id_list', 'is required for specific_cluster')
        granted = self._granted(call, query)
        task = self.project(call.project_id).create(body, query.get('enterprise_project_id', '0'), granted)
        return {'task_id': task.task_id}

    @operation('ListTasks', 'POST', '/v5/<project_id>/common/tasks/batch-query')
    def list_tasks(self, call):
        query = LIST_QUERY(call.query)
        body = LIST_BODY(call.body)
        self._check_info(body)
        project = self.project(call.project_id)
        now = self.clock.time()
        found = _without_hidden(_matching_tasks(project.tasks, body, self._granted(call, query), now), now)
        if body.get('sort_dir') != 'asc':
            found.reverse()
        page = _page(found, query)
        answer = {'total_num': len(page) if project.options['total_num'] == 'page' else len(found),
                  'data_list': [_render_task(task, now, project.options['estimate']) for task in page]}
        for task in page:
            task.look()
        project.appear(body['task_type'])
        return answer

    @operation('ListTaskResources', 'POST', '/v5/<project_id>/common/tasks/<task_id>/resources/batch-query')
    def list_task_resources(self, call):
        query = LIST_QUERY(call.query)
        body = RESOURCES_BODY(call.body)
        self._check_info(body)
        project = self.project(call.project_id)
        now = self.clock.time()
        task = self._listed_task(project, call, body['task_type'], self._granted(call, query))
        resources = task.resources if task is not None and now >= task.listed_at else []
        found = _matching_resources(resources, body.get(INFO_OF_TYPE[body['task_type']], {}), now)
        page = _page(found, query)
        kind, render = ('cluster_scan_data_list', _render_cluster) if body['task_type'] == 'cluster_scan' \
            else ('iac_scan_data_list', _render_file)
        answer = {'total_num': len(page) if project.options['total_num'] == 'page' else len(found),
                  kind: [render(resource, now) for resource in page]}
        if task is not None:
            task.look()
        return answer

    @operation('RetryTask', 'PUT', '/v5/<project_id>/common/tasks/<task_id>/retry', write=True)
    def retry_task(self, call):
        query = WRITE_QUERY(call.query)
        body = RETRY_BODY(call.body)
        info = body['cluster_scan_info']
        if info['range_type'] == 'specific_cluster' and 'cluster_info_list' not in info:
            raise checks.Invalid('cluster_scan_info.cluster_info_list', 'is required for specific_cluster')
        project = self.project(call.project_id)
        task = project.task(_task_id(call))
        if task is None or task.task_type != 'cluster_scan' or not _in(task, self._granted(call, query)):
            raise Rejected(400, 'HSS.1018', '任务不存在')
        call.effect = project.retry(task, info)

    @operation('ListKubernetesClusterDetails', 'GET', '/v5/<project_id>/kubernetes/clusters')
    def list_clusters(self, call):
        query = CLUSTERS_QUERY(call.query)
        if call.body is not None:
            raise checks.Invalid('body', 'must be empty')
        project = self.project(call.project_id)
        granted = self._granted(call, query)
        name = query.get('cluster_name', '')
        found = [cluster for cluster in project.clusters.values()
                 if _in(cluster, granted) and name in cluster.cluster_name]
        page = _page(found, query)
        now = self.clock.time()
        return {'last_update_time': milliseconds(now),
                'total_num': len(page) if project.options['total_num'] == 'page' else len(found),
                'cluster_info_list': [cluster.render(now) for cluster in page]}

    # What operations share

    @staticmethod
    def _check_info(body, required=False):
        """The info object of the task's type is allowed, and sometimes required; that of the other type is not."""
        for task_type, name in INFO_OF_TYPE.items():
            if task_type == body['task_type']:
                if required and name not in body:
                    raise checks.Invalid(name, 'is required for {0}'.format(task_type))
            elif name in body:
                raise checks.Invalid(name, 'is not for {0}'.format(body['task_type']))

    @staticmethod
    def _granted(call, query):
        """The enterprise projects that this call sees, None for all."""
        wanted = query.get('enterprise_project_id', '0')
        allowed = call.caller.enterprise_project_ids
        if wanted == ALL_GRANTED:
            return allowed
        if allowed is not None and wanted not in allowed:
            raise Rejected(403, '00000010', '拒绝访问',
                           body={'error_code': '00000010', 'error_description': '拒绝访问'})
        return (wanted,)

    @staticmethod
    def _listed_task(project, call, task_type, granted):
        task = project.task(_task_id(call))
        if task is not None and task.task_type == task_type and _in(task, granted) \
                and not task.hidden(project.clock.time()):
            return task
        if project.options['unknown_task'] == 'error':
            raise Rejected(400, 'HSS.1018', '任务不存在')
        return None

    def dump(self):
        """Every project that was called, with the truth about each task whether lists show it or not."""
        now = self.clock.time()
        return {'projects': {
            project_id: {'tasks': [_dump_task(task, now) for task in state.tasks if not task.history],
                         'history': sum(1 for task in state.tasks if task.history),
                         'clusters': len(state.clusters),
                         'files': len(state.files)}
            for project_id, state in self._projects.items() if isinstance(state, Project)}}


def _refuse_unknown(what, fields, known):
    unknown = set(fields) - known
    if unknown:
        raise ValueError('unknown fields of {0} in the scenario: {1}'.format(what, ', '.join(sorted(unknown))))


def _source_id(source):
    return source.cluster_id if isinstance(source, Cluster) else source.file_id


def _reasons_by_id(failed, scan_types):
    """{id: {scan type: reason}} of a list of ids, or {id: whatever ``fails`` of a cluster may be}."""
    if isinstance(failed, list):
        failed = dict.fromkeys(failed, True)
    return {one: failing(fails, -1, scan_types).reasons for one, fails in failed.items()}


def _in(thing, granted):
    return granted is None or thing.enterprise_project_id in granted


def _task_id(call):
    return checks.text(1, 64)(call.path['task_id'], 'task_id')


def _page(found, query):
    first = query.get('offset', 0)
    return found[first:first + query.get('limit', 10)]


def _matching_tasks(tasks, body, granted, now):
    """One filter after the other: this is fast for many thousand tasks."""
    found = [task for task in tasks if task.task_type == body['task_type'] and _in(task, granted)]
    if 'task_id' in body:
        found = [task for task in found if task.task_id == body['task_id']]
    if 'start_create_time' in body:
        found = [task for task in found if milliseconds(task.created_at) >= body['start_create_time']]
    if 'end_create_time' in body:
        found = [task for task in found if milliseconds(task.created_at) <= body['end_create_time']]
    if 'trigger_type' in body:
        found = [task for task in found if task.trigger_type == body['trigger_type']]
    if 'task_status' in body:
        found = [task for task in found if task.status(now) == body['task_status']]
    if 'task_name' in body:
        found = [task for task in found if body['task_name'] in _shown_name(task, now)]
    scan_types = set(body.get('cluster_scan_info', {}).get('scan_type_list', ()))
    if scan_types:
        found = [task for task in found if scan_types.issubset(task.scan_types)]
    file_type = body.get('iac_scan_info', {}).get('file_type')
    if file_type:
        found = [task for task in found if task.file_type == file_type]
    return found


def _without_hidden(tasks, now):
    """Leave out new tasks that do not show yet, each of which comes a look nearer by this."""
    hidden = [task for task in tasks if task.hidden(now)]
    if not hidden:
        return tasks
    for task in hidden:
        task.veil.look()
    return [task for task in tasks if task not in hidden]


def _shown_name(task, now):
    """A running task shows no name."""
    return task.task_name if task.status(now) == 'finished' and task.task_name else ''


def _render_task(task, now, estimate):
    status = task.status(now)
    counts = task.counts(now)
    start = milliseconds(task.created_at)
    shown = {
        'task_id': task.task_id,
        'task_type': task.task_type,
        'trigger_type': task.trigger_type,
        'task_status': status,
        'start_time': start,
        'end_time': milliseconds(task.end(now)) if status == 'finished' else start,
    }
    if _shown_name(task, now):
        shown['task_name'] = task.task_name
    if estimate != 'missing':
        shown['estimated_time'] = task.estimated_minutes(now, 1 if estimate == 'good' else estimate)
    if task.task_type == 'cluster_scan':
        shown['cluster_scan_info'] = {
            'scan_type_list': task.scan_types,
            'scanning_cluster_num': counts.scanning,
            'success_cluster_num': counts.success,
            'failed_cluster_num': counts.failed,
        }
    else:
        shown['iac_scan_info'] = {
            'file_type': task.file_type,
            'scan_file_num': counts.scanning,
            'success_file_num': counts.success,
            'failed_file_num': counts.failed,
        }
    shown.update(task.fields)
    return shown


def _matching_resources(resources, wanted, now):
    found = resources
    if 'scan_status' in wanted:
        found = [resource for resource in found if resource.status(now) == wanted['scan_status']]
    for name in ('cluster_name', 'file_name', 'chart_name'):
        if name in wanted:
            found = [resource for resource in found if wanted[name] in getattr(resource.source, name)]
    for name in ('cluster_id', 'cluster_type'):
        if name in wanted:
            found = [resource for resource in found if getattr(resource.source, name) == wanted[name]]
    return found


def _render_cluster(resource, now):
    cluster = resource.source
    start, end = resource.times(now)
    return {
        'cluster_name': cluster.cluster_name,
        'cluster_id': cluster.cluster_id,
        'cluster_type': cluster.cluster_type,
        'cluster_version': cluster.version,
        'scan_status': resource.status(now),
        'start_time': start,
        'end_time': end,
        'scan_detail_list': [_render_item(item, now) for item in resource.items],
    }


def _render_item(item, now):
    attempt = item.shown(now)
    status = attempt_status(attempt, now)
    shown = {'scan_type': item.scan_type, 'status': status}
    if status == 'failed':
        shown['failed_reason'] = attempt.reason
    return shown


def _render_file(resource, now):
    file = resource.source
    start, end = resource.times(now)
    detail = _render_item(resource.items[0], now)
    shown = {
        'file_name': file.file_name,
        'file_type': file.file_type,
        'chart_name': file.chart_name,
        'file_id': file.file_id,
        'file_size': file.file_size,
        'scan_status': detail['status'],
        'start_time': start,
        'end_time': end,
    }
    if 'failed_reason' in detail:
        shown['failed_reason'] = detail['failed_reason']
    return shown


def _dump_task(task, now):
    shown = _render_task(task, now, 'good')
    shown.update(
        hidden=task.hidden(now),
        retries=task.retries,
        range_type=task.range_type,
        enterprise_project_id=task.enterprise_project_id,
        resources=[{
            'id': _source_id(resource.source),
            'items': {item.scan_type: {'status': attempt_status(item.attempt, now), 'attempts': item.attempts}
                      for item in resource.items},
        } for resource in task.resources])
    return shown
