# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a scan that is asked for to one that is under way or recent enough."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError, keep
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import Hss
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_create import ScanCreation
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_search import ACTIVE, ScanSearch
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_task import described, outcome, read_request
from ansible_collections.huaweicloud.tasks.plugins.module_utils._scan_wait import wait_for_scan
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import check_wait_options


def ensure_scan(client, params, check_mode):
    """Find or create a scan for the options of ``hss_task``, and wait when that is wanted.

    :returns: the module's result.
    :raises InputError: an option is wrong; before any call.
    :raises TasksError: any other failure, with the result as far as it is known.
    """
    request = read_request(params)
    check_wait_options(params)
    if params["reuse_finished_within"] < 0:
        raise InputError("reuse_finished_within is %s, but must be at least 0" % params["reuse_finished_within"])
    hss = Hss(client)
    search = ScanSearch(hss, request, params["reuse_finished_within"], params["reuse_match"])
    result = {
        "changed": False,
        "task_id": None,
        "task": None,
        "decision": None,
        "reason": "",
        "unavailable_clusters": None,
        "failed_resources": [],
    }
    with keep(result):
        _decide(search, params["force"], result)
        if result["decision"] == "would_create":
            if check_mode:
                return result
            _create(ScanCreation(hss, request, search), request, result)
        if params["wait"] and not check_mode:
            wait_for_scan(hss, request, params, result)
    return result


def _decide(search, force, result):
    """Settle, by reads alone, whether a task can be reused."""
    tasks = search.read_tasks()
    if force:
        result.update(changed=True, decision="would_create", reason="A new task was asked for with force.")
        return
    found, left_out = search.find(tasks)
    result["unavailable_clusters"] = search.unavailable_clusters
    if found:
        state = "is under way" if outcome(found) in ACTIVE else "finished recently enough with nothing failed"
        reason = "Task %s %s and covers the request." % (found["task_id"], state)
        result.update(decision="reused", reason=reason, task_id=found["task_id"], task=described(found))
        return
    reason = "No task that covers the request is under way or recent enough."
    result.update(changed=True, decision="would_create", reason=reason)
    if left_out:
        result["reason"] = "No task covers the request: %s." % "; ".join(left_out)
        search.warn("A new scan is needed beside one that is under way: %s" % "; ".join(left_out))


def _create(creation, request, result):
    result.update(changed=False, decision=None)
    created = creation.create()
    result.update(changed=True, decision=created.decision, task_id=created.task_id)
    result["reason"] = created.reason or result["reason"]
    unlisted = {"task_id": created.task_id, "task_type": request.task_type, "task_status": "ready"}
    result["task"] = described(created.task or unlisted)
    if created.task is None:
        result["task"] = described(creation.show(created.task_id) or unlisted)
