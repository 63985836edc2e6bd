# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clearing the records of failed key-pair tasks.

The list is read first: so the result names what is cleared, nothing is sent for what is absent, and a record whose
deletion was not answered is known to have been there.
"""

from __future__ import annotations

import re
from functools import partial

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import (
    ApiError,
    InputError,
    NetworkError,
    TasksError,
    UnknownOutcome,
    keep,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._kps import Kps, task_id
from ansible_collections.huaweicloud.tasks.plugins.module_utils._kps_list import described_failure, warn_of_end
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import (
    SETTLE_SECONDS,
    settle,
    settle_surely,
)

# The id becomes a part of the path: a dot there would turn the deletion of one record into that of all.
_TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def clear_failed_tasks(client, params, check_mode):
    """Clear the records that ``kps_failed_task`` was asked to clear.

    :returns: the module's result.
    :raises InputError: an option is wrong; before any call.
    :raises TasksError: any other failure, with the result as far as it is known.
    """
    wanted = read_wanted(params)
    clearing = _Clearing(Kps(client), wanted)
    if wanted != []:
        with keep(clearing.result):
            clearing.find()
            if check_mode:
                clearing.predict()
            else:
                clearing.clear()
                clearing.see_it_gone()
    return clearing.result


def read_wanted(params):
    """The ids of the records to clear, each once; None for all.

    :raises InputError: neither or both of ``task_ids`` and ``all`` are given, or an id cannot be one.
    """
    ids = params["task_ids"]
    if params["all"]:
        if ids is not None:
            raise InputError("task_ids and all exclude each other; give the ids, or all: true")
        return None
    if ids is None:
        raise InputError("Nothing says what to clear: give task_ids, or all: true for every record")
    for each in ids:
        if not _TASK_ID.fullmatch(each):
            raise InputError(
                "task_ids holds %r, but an id has 1 to 36 letters, digits, hyphens and underscores" % each[:100]
            )
    return list(dict.fromkeys(ids))


class _Clearing:
    """One run. Every record stands in exactly one list of the result, and moves on from ``uncleared_tasks``."""

    def __init__(self, kps, wanted):
        self._kps = kps
        self._client = kps.client
        self._wanted = wanted
        self._left = {each: {"task_id": each} for each in wanted or []}
        self.result = {
            "changed": False,
            "cleared_tasks": [],
            "absent_task_ids": [],
            "uncleared_tasks": list(self._left.values()),
            "unknown_tasks": [],
        }

    def find(self):
        """Find out which of the records are there."""
        ends = []
        found = self._listed(self._wanted, on_end=lambda: ends.append(True))
        if ends:
            warn_of_end(self._client, "failed")
        if self._wanted is None:
            self._left = found
        elif ends:
            # One that was not found may stand where no list reaches: only its deletion tells.
            self._left.update(found)
        else:
            self._left = {each: found[each] for each in self._wanted if each in found}
            self.result["absent_task_ids"] = [each for each in self._wanted if each not in found]
        self.result["uncleared_tasks"] = list(self._left.values())

    def predict(self):
        """Say what ``clear`` would do."""
        self.result.update(changed=bool(self._left), cleared_tasks=list(self._left.values()), uncleared_tasks=[])

    def clear(self):
        """Delete what is there, until something fails."""
        try:
            if self._wanted is not None:
                for each in list(self._left):
                    self._delete([each], partial(self._kps.delete_failed_task, each))
            elif self._left:
                self._delete(list(self._left), self._kps.delete_all_failed_tasks)
        finally:
            self.result["uncleared_tasks"] = list(self._left.values())

    def see_it_gone(self):
        """Read until the list shows it: a second run, or a listing, right after this one must not find it again."""
        ids = _ids(self.result["cleared_tasks"])
        if ids and settle(self._client, lambda: self._listed(ids), lambda listed: not listed) is None:
            self._client.warn("What was cleared was not seen to leave the list within %s seconds" % SETTLE_SECONDS)

    def _delete(self, keys, send):
        try:
            cleared = send()
        except (NetworkError, ApiError) as error:
            if not _may_have_happened(error):
                raise
            if self._move_gone(keys, error):
                return
            raise
        if cleared:
            self._move_cleared(keys)
        else:
            self.result["absent_task_ids"] += _ids(self._left.pop(key) for key in keys)

    def _move_gone(self, keys, error):
        """After a deletion that may have happened: read which records are gone; return whether all of them are.

        What is gone can be listed for a while, so that is read for up to 30 seconds.

        :raises UnknownOutcome: that cannot be read.
        """
        ids = _ids(self._left[key] for key in keys)
        listed = {}

        def look():
            nonlocal listed
            listed = self._listed(ids)
            return not listed

        try:
            settle_surely(self._client, look, bool)
        except TasksError as second:
            self.result["unknown_tasks"] += [self._left.pop(key) for key in keys]
            raise UnknownOutcome(
                "%s; it may have taken effect, and the list that would tell could not be read"
                % error.msg.rstrip("."),
                error.details,
            ) from second
        self._move_cleared([key for key in keys if key not in listed])
        return not listed

    def _move_cleared(self, keys):
        self.result["cleared_tasks"] += [self._left.pop(key) for key in keys]
        self.result["changed"] = self.result["changed"] or bool(keys)

    def _listed(self, ids, on_end=None):
        """The failed tasks that are listed, by id; those of ``ids`` only, read until every one was found."""
        wanted = None if ids is None else set(ids)
        found = {}
        for number, task in enumerate(self._kps.list_failed_tasks(on_end)):
            key = task_id(task) or number
            if wanted is None or key in wanted:
                found[key] = described_failure(task)
                if wanted is not None and len(found) == len(wanted):
                    break
        return found


def _ids(tasks):
    return [each for each in map(task_id, tasks) if each]


def _may_have_happened(error):
    """A refusal of the first try is certain; after a try without an answer, a refusal of the next says nothing."""
    status = error.details["http_status"]
    return error.details["tries"] > 1 or status is None or status >= 500 or status < 300
