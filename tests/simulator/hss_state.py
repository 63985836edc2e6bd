# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of HSS. What a task is at any moment is worked out from the times at which its scans begin and end."""

from __future__ import annotations

import math
from typing import NamedTuple, Optional

from .clock import milliseconds
from .service import Rejected

SCAN_TYPES = ('cluster_vul', 'risk_assessment', 'benchmark')
FILE_SCAN = 'file'
INFO_OF_TYPE = {'cluster_scan': 'cluster_scan_info', 'iac_scan': 'iac_scan_info'}
ALL_GRANTED = 'all_granted_eps'

# HSS mostly answers in Chinese, whatever the language of the request.
REASONS = {
    'cluster_vul': '集群漏洞扫描超时',
    'risk_assessment': '获取集群配置失败',
    'benchmark': 'Agent不在线，无法执行安全合规检查',
    FILE_SCAN: '文件解析失败',
}
UNKNOWN_REASON = '扫描失败'
NOT_AVAILABLE = '集群状态异常，无法扫描'

CLUSTER_STATES = ('Available', 'Unavailable', 'ScalingUp', 'ScalingDown', 'Creating', 'Deleting', 'Upgrading',
                  'Resizing', 'RollingBack', 'RollbackFailed', 'Empty')

# The fields that the scenario may give.
CLUSTER_FIELDS = {'cluster_id', 'cluster_name', 'cluster_type', 'status', 'version', 'enterprise_project_id',
                  'scan_seconds', 'fails', 'fail_attempts', 'scanned', 'fields'}
FILE_FIELDS = {'file_id', 'file_name', 'file_type', 'chart_name', 'file_size', 'enterprise_project_id',
               'scan_seconds', 'fails', 'fail_attempts'}
TASK_FIELDS = {'task_id', 'task_type', 'status', 'scan_types', 'clusters', 'failed', 'file_type', 'files',
               'age_seconds', 'ready_seconds', 'remaining_seconds', 'finished_seconds_ago', 'trigger_type',
               'task_name', 'enterprise_project_id', 'fields'}


class Attempt(NamedTuple):
    """One try to scan. ``reason``: why it fails in the end, or None."""

    start: float
    end: float
    reason: Optional[str]


class Veil:
    """Hides something that has happened already from the next ``looks`` looks, and for some time."""

    def __init__(self, looks, until):
        self._looks = looks
        self._until = until

    def hides(self, now):
        return self._looks > 0 or now < self._until

    def look(self):
        self._looks -= 1


class Failing(NamedTuple):
    """How a cluster or file fails: {scan type: reason}, in how many attempts (-1: in all)."""

    reasons: dict
    attempts: int

    def reason(self, scan_type, attempt):
        if 0 <= self.attempts < attempt:
            return None
        return self.reasons.get(scan_type)


def as_failing(fails, attempts, scan_types):
    """The Failing of a scenario's ``fails``: False, True, a reason, or {scan type: reason or True}."""
    if not fails:
        return Failing({}, attempts)
    if not isinstance(fails, dict):
        fails = dict.fromkeys(scan_types, fails)
    return Failing({name: REASONS[name] if reason is True else reason for name, reason in fails.items()}, attempts)


class Item:
    """One scan type on one cluster, or the scan of one file."""

    def __init__(self, scan_type, attempt):
        self.scan_type = scan_type
        self.attempts = 1
        self._attempt = attempt
        self._before = None
        self._veil = None

    def retry(self, attempt, veil):
        self._before = self._attempt
        self._attempt = attempt
        self._veil = veil
        self.attempts += 1

    def shown(self, now):
        """The attempt that lists show."""
        return self._before if self._veil is not None and self._veil.hides(now) else self._attempt

    @property
    def attempt(self):
        return self._attempt


def attempt_status(attempt, now):
    if now < attempt.end:
        return 'scanning'
    return 'failed' if attempt.reason else 'success'


class Resource:
    """A cluster or a file in a task. ``source``: the Cluster or File it stands for."""

    def __init__(self, source, items):
        self.source = source
        self.items = items

    def status(self, now):
        statuses = [attempt_status(item.shown(now), now) for item in self.items]
        for status in ('scanning', 'failed'):
            if status in statuses:
                return status
        return 'success'

    def times(self, now):
        """(start, end) in epoch milliseconds; as for tasks, what still runs ends when it started."""
        attempts = [item.shown(now) for item in self.items]
        start = min(attempt.start for attempt in attempts)
        end = max(attempt.end for attempt in attempts)
        return milliseconds(start), milliseconds(end if end <= now else start)

    def failed_items(self, now):
        """What really failed by now, whether lists show it or not."""
        return [item for item in self.items if attempt_status(item.attempt, now) == 'failed']


class Counts(NamedTuple):
    scanning: int
    success: int
    failed: int


class Task:
    """A scan task.

    ``resources`` may be a function that makes them when they are first asked for; ``counts`` and ``ended_at`` then
    say what they will come to.
    """

    def __init__(self, task_id, task_type, created_at, started_at, scan_types=(), file_type=None, resources=(),
                 counts=None, trigger_type='manual', task_name=None, enterprise_project_id='0', veil=None,
                 listed_at=None, counted_at=None, range_type=None, fields=None, history=False, ended_at=None):
        self.task_id = task_id
        self.task_type = task_type
        self.created_at = created_at
        self.started_at = started_at
        self.scan_types = list(scan_types)
        self.file_type = file_type
        self.trigger_type = trigger_type
        self.task_name = task_name
        self.enterprise_project_id = enterprise_project_id
        self.veil = veil
        self.listed_at = created_at if listed_at is None else listed_at
        self.counted_at = created_at if counted_at is None else counted_at
        self.range_type = range_type
        self.fields = fields or {}
        self.history = history
        self.retries = 0
        self._veils = []
        self._resources = resources
        self._counts = counts
        self._end = ended_at if callable(resources) else self._last_end()

    @property
    def resources(self):
        if callable(self._resources):
            self._resources = self._resources(self)
            self._counts = None
            self._end = self._last_end()
        return self._resources

    def _last_end(self):
        return max([self.started_at] + [item.attempt.end for resource in self._resources for item in resource.items])

    def end(self, now):
        """When lists show, or will show, it as finished."""
        self._veils = [veil for veil in self._veils if veil.hides(now)]
        if not self._veils:
            return self._end
        return max([self.started_at]
                   + [item.shown(now).end for resource in self.resources for item in resource.items])

    def busy(self, now):
        """Whether it is really not finished, whatever lists show."""
        return now < self._end

    def status(self, now):
        """What lists show."""
        if now < self.started_at:
            return 'ready'
        return 'running' if now < self.end(now) else 'finished'

    def counts(self, now):
        if self._counts is not None:
            return self._counts
        if now < self.counted_at:
            return Counts(0, 0, 0)
        statuses = [resource.status(now) for resource in self.resources]
        return Counts(*(statuses.count(status) for status in ('scanning', 'success', 'failed')))

    def look(self):
        """Somebody saw this task in a list: effects that are still hidden come a look nearer."""
        for veil in self._veils:
            veil.look()

    def hidden(self, now):
        return self.veil is not None and self.veil.hides(now)

    def retry(self, chosen, now, seconds, veil):
        """Scan again what failed.

        :arg chosen: [(Resource, [Item])]
        :arg seconds: function of a Resource: how long its scan takes
        """
        for resource, items in chosen:
            for item in items:
                reason = resource.source.failing.reason(item.scan_type, item.attempts + 1)
                item.retry(Attempt(now, now + seconds(resource), reason), veil)
        self.retries += 1
        self._veils.append(veil)
        self._end = self._last_end()

    def estimated_minutes(self, now, factor):
        """Minutes until the end, times ``factor``."""
        return math.ceil(max(0.0, self.end(now) - now) * factor / 60)


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


class Project:
    """HSS in one project: its clusters, files and tasks."""

    def __init__(self, project_id, options, clock, since):
        """:arg since: epoch seconds from which the ages of given tasks are counted"""
        self.project_id = project_id
        self.options = options
        self.clock = clock
        self.clusters = {}
        self.files = {}
        self.tasks = []
        self.looks = 0
        self._by_id = {}
        self._cluster_fields = {}
        self._made = 0
        self._appeared = 0
        self.add_clusters(options['clusters'])
        self.add_files(options['files'])
        if options['history']:
            self._add_history(since, **options['history'])
        self.add_tasks(options['tasks'], since)

    # What the scenario gives

    def merge(self, part):
        if 'clusters' in part:
            self.add_clusters(part['clusters'])
        if 'files' in part:
            self.add_files(part['files'])
        if 'tasks' in part:
            self.add_tasks(part['tasks'], self.clock.time())
        self.options.update(part)

    def add_clusters(self, given):
        """Clusters by their fields, or {'count': n, ...}; fields of one that is there already are changed."""
        if isinstance(given, dict):
            given = self._many_clusters(**given)
        for number, fields in enumerate(given, start=len(self.clusters) + 1):
            _refuse_unknown('a cluster', fields, CLUSTER_FIELDS)
            cluster_id = fields.get('cluster_id') or self._number_id(number)
            known = self._cluster_fields.get(cluster_id, {'cluster_name': f'cluster-{number}'})
            fields = self._cluster_fields[cluster_id] = dict(known, **fields)
            scans = self.clusters[cluster_id].scans if cluster_id in self.clusters else []
            status = fields.get('status', 'Available')
            if status not in CLUSTER_STATES:
                raise ValueError(f'a cluster cannot be {status}')
            self.clusters[cluster_id] = Cluster(
                cluster_id=cluster_id,
                cluster_name=fields['cluster_name'],
                cluster_type=fields.get('cluster_type', 'cce'),
                status=status,
                version=fields.get('version', 'v1.31.4-r0'),
                enterprise_project_id=fields.get('enterprise_project_id', '0'),
                scan_seconds=fields.get('scan_seconds'),
                failing=as_failing(fields.get('fails'), fields.get('fail_attempts', -1), SCAN_TYPES),
                scanned=fields.get('scanned', True),
                fields=fields.get('fields', {}),
                scans=scans)

    @staticmethod
    def _many_clusters(count, failing=0, unavailable=0, prefix='cluster-', **common):
        """The first ones fail, the last ones are unavailable."""
        for number in range(1, count + 1):
            fields = dict(common, cluster_name=f'{prefix}{number:04d}')
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
                file_name=fields.get('file_name', f'{file_type}-{number}'),
                file_type=file_type,
                chart_name=fields.get('chart_name', ''),
                file_size=fields.get('file_size', 1024),
                enterprise_project_id=fields.get('enterprise_project_id', '0'),
                scan_seconds=fields.get('scan_seconds'),
                failing=as_failing(fields.get('fails'), fields.get('fail_attempts', -1), (FILE_SCAN,)),
                scans=[])

    def add_tasks(self, given, now):
        for fields in given:
            self._add_given_task(fields, now)

    def _add_given_task(self, fields, now):
        """A task that is there already. Its times say which status it has; see the README for the fields."""
        _refuse_unknown('a task', fields, TASK_FIELDS)
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
            raise ValueError(f'a task cannot be {status}')
        scan_types = fields.get('scan_types', list(SCAN_TYPES)) if task_type == 'cluster_scan' else (FILE_SCAN,)
        reasons = _reasons_by_id(fields.get('failed', {}), scan_types)
        resources = []
        for source in self._given_sources(task_type, fields):
            failed = reasons.get(source_id(source), {})
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

    def _add_history(self, now, count, every_seconds=60, newest_age_seconds=86400, task_type='cluster_scan',
                     clusters=None, failed=0, scan_types=SCAN_TYPES, file_type='dockerfile'):
        """Finished tasks, oldest first. They make their resources only when somebody asks for them."""
        sources = list(self.clusters.values() if task_type == 'cluster_scan' else self.files.values())[:clusters]
        kinds = tuple(scan_types) if task_type == 'cluster_scan' else (FILE_SCAN,)

        def resources(task):
            attempts = [[Attempt(task.started_at, task.started_at + 30, UNKNOWN_REASON if number < failed else None)
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
                task_name=self._name(task_type), history=True, ended_at=created_at + 30)
            self._add(task)

    def _number_id(self, number):
        return f'{number:08x}-0000-4000-8000-{self.project_id:0<12.12}'

    def _next_id(self):
        self._made += 1
        return f'{self._made:08x}-5ca0-4000-8000-{self.project_id:0<12.12}'

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
                    if cluster.status == 'Available' and cluster.scanned and within(cluster, granted)]
        known = self.clusters if task_type == 'cluster_scan' else self.files
        ids = dict.fromkeys(info['cluster_id_list'] if task_type == 'cluster_scan' else info['file_id_list'])
        found = [known[one] for one in ids if one in known and within(known[one], granted)
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
        if task.busy(now) and self.options['retry_while_running'] == 'error':
            raise Rejected(400, 'HSS.1020', '任务正在执行，不允许重试')
        chosen = [(resource, items) for resource, items in self._chosen(task, info, now) if items]
        if not chosen:
            if self.options['retry_nothing_failed'] == 'error':
                raise Rejected(400, 'HSS.1021', '没有扫描失败的集群')
            return False
        for resource, _items in chosen:
            resource.source = self.clusters[resource.source.cluster_id]
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


def _refuse_unknown(what, fields, known):
    unknown = set(fields) - known
    if unknown:
        raise ValueError('unknown fields of {0} in the scenario: {1}'.format(what, ', '.join(sorted(unknown))))


def source_id(source):
    return source.cluster_id if isinstance(source, Cluster) else source.file_id


def _reasons_by_id(failed, scan_types):
    """{id: {scan type: reason}} of a list of ids, or {id: whatever ``fails`` of a cluster may be}."""
    if isinstance(failed, list):
        failed = dict.fromkeys(failed, True)
    return {one: as_failing(fails, -1, scan_types).reasons for one, fails in failed.items()}


def within(thing, granted):
    return granted is None or thing.enterprise_project_id in granted
