# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listing scan tasks of one type or both."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import MOST_SCAN_TYPES, Hss
from ansible_collections.huaweicloud.tasks.plugins.module_utils._limit import check_limit, cut
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import (
    TASK_TYPES,
    check_id,
    described,
    started_ms,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._times import parse_moment

_DIRECTIONS = {"newest_first": "desc", "oldest_first": "asc"}
_RESOURCE_KEYS = {"cluster_scan": "cluster_resources", "iac_scan": "file_resources"}


def list_scans(client, params):
    """Return ``tasks``, ``total`` and ``truncated`` for the options of ``hss_task_info``.

    :raises InputError: an option is out of range or does not go with another; before any call.
    """
    check_limit(params["limit"])
    hss = Hss(client)
    filters = _filters(params)
    totals = {}
    tasks, truncated = [], False
    for task_type in _task_types(params):
        found = hss.list_tasks(
            task_type,
            order=_DIRECTIONS[params["order"]],
            at_most=params["limit"] and params["limit"] + 1,
            on_total=lambda count, task_type=task_type: totals.__setitem__(task_type, count),
            **_filters_of_type(task_type, params, filters),
        )
        some, more = cut(found, params["limit"])
        tasks += some
        truncated = truncated or more
    tasks, more = cut(_in_order(tasks, params), params["limit"])
    return {
        "tasks": [_with_resources(hss, described(task), params["resources"]) for task in tasks],
        "total": sum(count for count in totals.values() if isinstance(count, int)),
        "truncated": truncated or more,
    }


def _task_types(params):
    """The types to ask for; none when a filter matches nothing."""
    if params["scan_types"] == []:
        return []
    for option, task_type in (("scan_types", "cluster_scan"), ("file_type", "iac_scan")):
        if params[option] is not None:
            if params["task_type"] not in (None, task_type):
                raise InputError("%s cannot be given when task_type is %s" % (option, params["task_type"]))
            return [task_type]
    return [params["task_type"]] if params["task_type"] else list(TASK_TYPES)


def _filters(params):
    for option in ("task_id", "task_name"):
        if params[option] == "":
            raise InputError("%s is an empty string; leave it out to list every task" % option)
    if params["task_id"] is not None:
        check_id("task_id", params["task_id"])
    if params["scan_types"] is not None and len(set(params["scan_types"])) > MOST_SCAN_TYPES:
        raise InputError("scan_types must name at most %s scan types" % MOST_SCAN_TYPES)
    after, before = (
        None if params[option] is None else parse_moment(option, params[option])
        for option in ("created_after", "created_before")
    )
    if after is not None and before is not None and after > before:
        raise InputError("created_after is later than created_before")
    return {
        "task_id": params["task_id"],
        "task_name": params["task_name"],
        "trigger_type": params["trigger_type"],
        "task_status": params["task_status"],
        "start_create_time": after,
        "end_create_time": before,
    }


def _filters_of_type(task_type, params, filters):
    if task_type == "cluster_scan" and params["scan_types"] is not None:
        return {**filters, "cluster_scan_info": {"scan_type_list": sorted(set(params["scan_types"]))}}
    if task_type == "iac_scan" and params["file_type"] is not None:
        return {**filters, "iac_scan_info": {"file_type": params["file_type"]}}
    return filters


def _in_order(tasks, params):
    """Tasks of one type stay as the API orders them; those of two are merged, tasks that have not started as newest."""
    if len({task["task_type"] for task in tasks}) < 2:
        return tasks
    newest_first = params["order"] == "newest_first"
    return sorted(tasks, key=lambda task: started_ms(task) or float("inf"), reverse=newest_first)


def _with_resources(hss, task, which):
    if which == "none":
        return task
    status = "failed" if which == "failed" else None
    resources = list(hss.list_task_resources(task["task_type"], task["task_id"], status))
    return {**task, _RESOURCE_KEYS[task["task_type"]]: resources}
