# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listing key-pair tasks: the API has no filters, so they are applied to what was read."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError, keep
from ansible_collections.huaweicloud.tasks.plugins.module_utils._kps import MOST_TASKS, Kps, task_id
from ansible_collections.huaweicloud.tasks.plugins.module_utils._limit import check_limit, cut
from ansible_collections.huaweicloud.tasks.plugins.module_utils._times import as_milliseconds, iso_utc, parse_moment

_FIELDS = {
    "operate_types": "operate_type",
    "server_ids": "server_id",
    "server_names": "server_name",
    "keypair_names": "keypair_name",
}


def list_key_pair_tasks(client, params):
    """Return ``failed_tasks``, ``total``, ``truncated`` and, when asked for, ``running_tasks``.

    :arg params: the options of ``kps_failed_task_info``.
    :raises InputError: an option cannot be used; before any call.
    """
    check_limit(params["limit"])
    filters = read_filters(params)
    kps = Kps(client)
    result = {"changed": False, "failed_tasks": [], "total": 0, "truncated": False}
    if params["include_running"]:
        result["running_tasks"] = []
    if filters.match_nothing:
        return result
    with keep(result):
        # The running ones first: a task that fails in between is then in the second list, and never in neither.
        running = _read(kps.list_running_tasks, "running", result, client) if params["include_running"] else []
        failed = _read(kps.list_failed_tasks, "failed", result, client)
        result["total"] = len(failed)
        found, more = cut((described_failure(task) for task in failed if filters.fit(task)), params["limit"])
        result.update(failed_tasks=found, truncated=result["truncated"] or more)
        if params["include_running"]:
            over = {task_id(task) for task in failed} - {None}
            still = [task for task in running if filters.fit(task) and task_id(task) not in over]
            result["running_tasks"] = [{**task, "started_at": iso_utc(task.get("task_time"))} for task in still]
    return result


def described_failure(task):
    """A failed task with what the API leaves to the reader: when it failed, or null when its time says nothing."""
    return {**task, "failed_at": iso_utc(task.get("task_time"))}


def warn_of_end(client, which):
    """Say that the list is longer than what can be read of it."""
    client.warn(
        "Only the first %s %s key-pair tasks can be read through the API, and there may be more" % (MOST_TASKS, which)
    )


def _read(list_tasks, which, result, client):
    def at_end():
        result["truncated"] = True
        warn_of_end(client, which)

    return list(list_tasks(on_end=at_end))


class Filters(NamedTuple):
    """What a task must be: one of these values in each of these fields, and of this time (epoch milliseconds)."""

    values: dict
    after: Optional[int]
    before: Optional[int]

    @property
    def match_nothing(self):
        return not all(self.values.values())

    def fit(self, task):
        """Whether a task passes. One whose time cannot be read is in no window of time."""
        for field, wanted in self.values.items():
            value = task.get(field)
            if not isinstance(value, str) or value not in wanted:
                return False
        if self.after is None and self.before is None:
            return True
        moment = as_milliseconds(task.get("task_time"))
        if moment is None:
            return False
        return (self.after is None or moment >= self.after) and (self.before is None or moment <= self.before)


def read_filters(params):
    """Read the filter options.

    :raises InputError: a moment cannot be read, the window is upside down, or a list holds an empty string.
    """
    values = {}
    for option, field in _FIELDS.items():
        if params[option] is None:
            continue
        if "" in params[option]:
            raise InputError("%s holds an empty string; leave the option out to list tasks of every value" % option)
        values[field] = frozenset(params[option])
    after, before = (
        None if params[option] is None else parse_moment(option, params[option])
        for option in ("failed_after", "failed_before")
    )
    if after is not None and before is not None and after > before:
        raise InputError("failed_after is later than failed_before")
    return Filters(values, after, before)
