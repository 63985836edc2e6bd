# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an HSS scan task is, at any moment: everything is worked out from the times at which things begin and end."""

from __future__ import annotations

import math
from typing import NamedTuple, Optional

from .clock import milliseconds

SCAN_TYPES = ('cluster_vul', 'risk_assessment', 'benchmark')
FILE_SCAN = 'file'

# HSS mostly answers in Chinese, whatever the language of the request.
REASONS = {
    'cluster_vul': '集群漏洞扫描超时',
    'risk_assessment': '获取集群配置失败',
    'benchmark': 'Agent不在线，无法执行安全合规检查',
    FILE_SCAN: '文件解析失败',
}


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


def failing(fails, attempts, scan_types):
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
    """A scan task. ``resources`` may be a function that makes them when they are first asked for."""

    def __init__(self, task_id, task_type, created_at, started_at, scan_types=(), file_type=None, resources=(),
                 counts=None, trigger_type='manual', task_name=None, enterprise_project_id='0', veil=None,
                 listed_at=None, counted_at=None, range_type=None, fields=None, history=False):
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
        self._end = None if callable(resources) else self._last_end()

    @property
    def resources(self):
        if callable(self._resources):
            self._resources = self._resources(self)
            self._counts = None
            self._end = self._last_end()
        return self._resources

    def _last_end(self):
        return max([self.started_at] + [item.attempt.end for resource in self._resources for item in resource.items])

    def end_at(self, shown_end=None):
        """Set when a task with lazily made resources ended."""
        self._end = shown_end

    def end(self, now):
        """When lists show, or will show, it as finished."""
        self._veils = [veil for veil in self._veils if veil.hides(now)]
        if not self._veils:
            return self._end
        return max([self.started_at]
                   + [item.shown(now).end for resource in self.resources for item in resource.items])

    def status(self, now):
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
