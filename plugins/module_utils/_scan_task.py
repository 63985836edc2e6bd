# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an HSS scan task says: how it stands, when it ran, what it scans."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError, ResourcesFailed
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import (
    LONGEST_ID,
    MOST_CLUSTERS,
    MOST_FILES,
    MOST_SCAN_TYPES,
    resource_id,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._times import as_milliseconds, iso_utc

SCAN_TYPES = ("cluster_vul", "risk_assessment", "benchmark")
FILE_TYPES = ("dockerfile", "k8s_yaml")
TASK_TYPES = ("cluster_scan", "iac_scan")

_COUNTERS = {
    "cluster_scan": ("cluster_scan_info", "scanning_cluster_num", "success_cluster_num", "failed_cluster_num"),
    "iac_scan": ("iac_scan_info", "scan_file_num", "success_file_num", "failed_file_num"),
}
_THINGS = {"cluster_scan": "cluster", "iac_scan": "file"}
_SCAN_AGAIN = {
    "cluster_scan": "scan just these clusters again with hss_task_retry",
    "iac_scan": "scan these files again with hss_task (a scan of files cannot be retried)",
}
_NAMED_AT_MOST = 5


class Counters(NamedTuple):
    """How many clusters or files of a task are being scanned, were scanned, and could not be scanned."""

    scanning: int
    succeeded: int
    failed: int

    @property
    def total(self):
        return self.scanning + self.succeeded + self.failed


def counters(task):
    """Read a task's counters; one that is missing or no number counts as 0."""
    info_field, *names = _COUNTERS[task["task_type"]]
    info = _info(task, info_field)
    return Counters(*(_whole(info.get(name)) for name in names))


def outcome(task):
    """Say how a task stands, from its status and counters.

    ``finished`` is not yet success: ``succeeded``, ``partially_failed`` and ``failed`` tell, and
    ``nothing_scanned`` when every counter is 0. Before the end it is ``pending`` or ``running``.
    """
    if task.get("task_status") == "ready":
        return "pending"
    count = counters(task)
    if task.get("task_status") != "finished":
        return "running"
    if not count.failed:
        return "succeeded" if count.succeeded else "nothing_scanned"
    return "partially_failed" if count.succeeded else "failed"


def is_over(task):
    """Whether the scan has ended, whatever its outcome."""
    return task is not None and task.get("task_status") == "finished"


def standing(task):
    """Say in words how a task that is waited for stands; None is a task that is not listed."""
    if task is None:
        return "not listed"
    count = counters(task)
    if not count.scanning:
        return outcome(task)
    things = (outcome(task), count.scanning, count.total, _THINGS[task["task_type"]])
    return "%s, with %s of %s %ss still being scanned" % things


def seconds_left(task):
    """The service's estimate (in whole minutes, of an unfinished task) as seconds, or None."""
    minutes = task.get("estimated_time") if task else None
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or minutes <= 0:
        return None
    return minutes * 60


def described(task):
    """The task's own fields, with ``outcome``, ``started_at`` and ``finished_at`` (ISO 8601 UTC, or None)."""
    ended = task.get("task_status") == "finished"
    return {
        **task,
        "outcome": outcome(task),
        "started_at": iso_utc(task.get("start_time")),
        "finished_at": iso_utc(task.get("end_time")) if ended else None,
    }


def scan_types_of(task):
    """The scan types of a cluster scan, as a set."""
    types = _info(task, "cluster_scan_info").get("scan_type_list")
    return {entry for entry in types if isinstance(entry, str)} if isinstance(types, list) else set()


def file_type_of(task):
    """The file type of an iac scan."""
    return _info(task, "iac_scan_info").get("file_type")


def started_ms(task):
    """When the task began, in epoch milliseconds; None when it does not say."""
    return as_milliseconds(task.get("start_time"))


def fail_unless_succeeded(task, failed_resources):
    """End a wait.

    :arg task: a finished task. :arg failed_resources: its failed clusters or files.
    :raises ResourcesFailed: something failed, or nothing was scanned.
    """
    state = outcome(task)
    if state == "succeeded":
        return
    if state == "nothing_scanned":
        raise ResourcesFailed(
            "Scan task %s finished and scanned nothing; check that the %ss are there and can be scanned,"
            " then scan again"
            % (task.get("task_id"), _THINGS[task["task_type"]])
        )
    raise ResourcesFailed(
        "Scan task %s finished, and %s of %s %ss failed: %s. Remove the cause, then %s"
        % (
            task.get("task_id"),
            counters(task).failed,
            counters(task).total,
            _THINGS[task["task_type"]],
            name_failures(task["task_type"], failed_resources),
            _SCAN_AGAIN[task["task_type"]],
        )
    )


def name_failures(task_type, failed_resources):
    """The first five failed clusters or files with their reasons, and how many more there are."""
    named = [_failure(task_type, resource) for resource in failed_resources[:_NAMED_AT_MOST]]
    more = len(failed_resources) - len(named)
    return "; ".join(named) + ("; and %s more in failed_resources" % more if more else "")


def _failure(task_type, resource):
    name = resource.get("%s_name" % _THINGS[task_type]) or resource_id(task_type, resource)
    details = resource.get("scan_detail_list")
    reasons = [
        "%s: %s" % (detail.get("scan_type"), detail.get("failed_reason") or "no reason given")
        for detail in (details if isinstance(details, list) else [])
        if isinstance(detail, dict) and detail.get("status") == "failed"
    ]
    return "%s (%s)" % (name, ", ".join(reasons) or resource.get("failed_reason") or "no reason given")


class ScanRequest(NamedTuple):
    """A scan that is asked for. ``ids`` are those of clusters or files; None asks for every available cluster."""

    task_type: str
    scan_types: frozenset
    file_type: Optional[str]
    ids: Optional[frozenset]

    def info(self):
        """The request body's part for this kind of scan."""
        if self.task_type == "iac_scan":
            return {"file_type": self.file_type, "file_id_list": sorted(self.ids)}
        scope = {"range_type": "all_cluster"}
        if self.ids is not None:
            scope = {"range_type": "specific_cluster", "cluster_id_list": sorted(self.ids)}
        return {"scan_type_list": [name for name in SCAN_TYPES if name in self.scan_types], **scope}

    def missing_kinds(self, task):
        """What kinds of scan the task leaves out: scan types, or the file type."""
        if self.task_type == "iac_scan":
            return [] if file_type_of(task) == self.file_type else ["file type %s" % self.file_type]
        return ["scan type %s" % name for name in SCAN_TYPES if name in self.scan_types - scan_types_of(task)]

    def same_kinds(self, task):
        """Whether the task scans exactly these kinds, as one that this request created would."""
        return not self.missing_kinds(task) and (
            self.task_type == "iac_scan" or scan_types_of(task) == self.scan_types
        )


def read_request(params):
    """Read what is asked for from the options of ``hss_task``, in full before any call.

    :raises InputError: an option is missing, out of range, or does not go with another.
    """
    if params["task_type"] == "iac_scan":
        scan = params["iac_scan"]
        ids = _ids("iac_scan.file_ids", scan["file_ids"], MOST_FILES)
        return ScanRequest("iac_scan", frozenset(), scan["file_type"], ids)
    scan = params["cluster_scan"]
    types = scan["scan_types"]
    if not 1 <= len(set(types)) <= MOST_SCAN_TYPES:
        raise InputError("cluster_scan.scan_types must name 1 to %s scan types" % MOST_SCAN_TYPES)
    return ScanRequest("cluster_scan", frozenset(types), None, _cluster_ids(scan))


def _cluster_ids(scan):
    """None for all clusters. An empty list is an error, because it must never be taken for all."""
    given = scan["cluster_ids"]
    scope = scan["range"] or ("all" if given is None else "specific")
    if scope == "all" and given is not None:
        raise InputError("cluster_scan.cluster_ids cannot be given when cluster_scan.range is all")
    if scope == "all":
        return None
    if given is None:
        raise InputError("cluster_scan.cluster_ids is needed when cluster_scan.range is specific")
    return _ids("cluster_scan.cluster_ids", given, MOST_CLUSTERS)


def _ids(option, ids, most):
    if not 1 <= len(set(ids)) <= most:
        raise InputError(
            "%s has %s ids, but must have 1 to %s; an empty list is not taken for all" % (option, len(ids), most)
        )
    for entry in ids:
        check_id(option, entry)
    return frozenset(ids)


def check_id(option, text):
    """Check an id of HSS.

    :raises InputError: it is empty, or longer than 64 characters.
    """
    if not 1 <= len(text) <= LONGEST_ID:
        raise InputError("%s holds %r, but an id has 1 to %s characters" % (option, text, LONGEST_ID))


def _info(task, field):
    info = task.get(field)
    return info if isinstance(info, dict) else {}


def _whole(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
