# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HSS: scan tasks of clusters and files, and the list of clusters."""

from __future__ import annotations

from .. import checks
from ..clock import milliseconds
from ..hss_state import ALL_GRANTED, INFO_OF_TYPE, SCAN_TYPES, Project, attempt_status, source_id, within
from ..service import Rejected, Service, operation

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

    def __init__(self, simulator):
        super().__init__(simulator)
        self._loaded_at = 0.0
        self._projects = {}

    def load(self, part):
        super().load(part)
        self._check_choices(part)
        self._loaded_at = self.clock.time()
        self._projects.clear()
        for special in self.options['projects'].values():
            self._refuse_unknown(special)
            self._check_choices(special)

    def merge(self, part):
        self._check_choices(part)
        special = part.get('projects', {})
        for project in self.simulator.projects:
            changes = dict(part, **(special.get(project['id']) or special.get(project['name'], {})))
            self.project(project['id']).merge(changes)
        super().merge(part)

    def _check_choices(self, part):
        for name, values in self.CHOICES.items():
            if part.get(name, values[0]) not in values:
                raise ValueError('{0} must be one of {1}'.format(name, ', '.join(values)))
        estimate = part.get('estimate', 'good')
        if estimate not in ('good', 'missing') and not isinstance(estimate, (int, float)):
            raise ValueError('estimate must be good, missing or a factor')

    def project(self, project_id):
        """The state of a project. It is made when first needed: a scenario may have hundreds of projects."""
        if project_id not in self._projects:
            project = next(item for item in self.simulator.projects if item['id'] == project_id)
            special = self.options['projects']
            options = dict(self.options, **(special.get(project_id) or special.get(project['name'], {})))
            self._projects[project_id] = Project(project_id, options, self.clock, self._loaded_at)
        return self._projects[project_id]

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
        if task is None or task.task_type != 'cluster_scan' or not within(task, self._granted(call, query)):
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
                 if within(cluster, granted) and name in cluster.cluster_name]
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
                    raise checks.Invalid(name, f'is required for {task_type}')
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
        if task is not None and task.task_type == task_type and within(task, granted) \
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
            for project_id, state in self._projects.items()}}


def _task_id(call):
    return checks.text(1, 64)(call.path['task_id'], 'task_id')


def _page(found, query):
    first = query.get('offset', 0)
    return found[first:first + query.get('limit', 10)]


def _matching_tasks(tasks, body, granted, now):
    """One filter after the other: this is fast for many thousand tasks."""
    found = [task for task in tasks if task.task_type == body['task_type'] and within(task, granted)]
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
            'id': source_id(resource.source),
            'items': {item.scan_type: {'status': attempt_status(item.attempt, now), 'attempts': item.attempts}
                      for item in resource.items},
        } for resource in task.resources])
    return shown
