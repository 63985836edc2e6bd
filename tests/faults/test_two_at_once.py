# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at the same moment. The API has no lock; this is what is guaranteed all the same.

Each run creates at most one task. Two tasks come to be only when both runs read before either has created; then the run
that looks last names both ids in a warning. A run that begins when the other's task is there uses that task.
"""

from __future__ import annotations

import pytest

from tests.faults.world import World, run

SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}}
LATE = {
    "at once": {},
    "two looks later": {"list_delay_looks": 2},
    "resources late": {"resources_listed": "when_running"},
}


class Meeting:
    """One run, and another that happens in full before one of its requests is answered.

    :arg path_end, call: which request of the first run that is.
    """

    def __init__(self, path_end, call=1, scenario=None, faults=()):
        self.world = World({"hss": {"scan_seconds": 3600, **(scenario or {})}})
        self.world.strike(*faults)
        self._inner = None
        self.world.meanwhile(path_end, self._run_inner, call)

    def _run_inner(self):
        self._inner = run(self.world, "hss_task", **SCAN)

    def run(self):
        outer = run(self.world, "hss_task", **SCAN)
        return outer, self._inner

    @property
    def tasks(self):
        projects = self.world.simulator.state["hss"]["projects"].values()
        return [task["task_id"] for project in projects for task in project["tasks"]]


@pytest.mark.parametrize("shown", LATE.values(), ids=LATE)
def test_both_read_before_either_creates(shown):
    meeting = Meeting("/common/task", scenario=shown)
    outer, inner = meeting.run()
    assert (outer.result["decision"], inner.result["decision"]) == ("created", "created")
    assert len(meeting.tasks) == 2
    warned = [text for text in outer.warnings if "same moment" in text]
    assert len(warned) == 1 and all(task_id in warned[0] for task_id in meeting.tasks)
    assert not inner.warnings


@pytest.mark.parametrize("call", [1, 2])
def test_one_reads_after_the_other_has_created(call):
    """Before the first read, and between the reads of waiting and of running tasks."""
    meeting = Meeting("/common/tasks/batch-query", call=call)
    outer, inner = meeting.run()
    assert inner.result["decision"] == "created"
    if call == 1:
        assert (outer.result["decision"], outer.result["task_id"]) == ("reused", inner.result["task_id"])
        assert meeting.tasks == [inner.result["task_id"]]
    else:
        assert outer.result["decision"] == "created"
        assert any(all(task_id in text for task_id in meeting.tasks) for text in outer.warnings)


def test_the_answers_of_both_are_lost():
    meeting = Meeting("/common/task", faults=[{"operation": "CreateTask", "kind": "close_after", "times": 2}])
    outer, inner = meeting.run()
    assert (outer.outcome, inner.outcome) == ("ok", "ok")
    assert (outer.result["decision"], inner.result["decision"]) == ("adopted", "adopted")
    assert len(meeting.tasks) == 2
    assert any(all(task_id in text for task_id in meeting.tasks) for text in outer.warnings)


def test_a_request_that_was_not_carried_out_adopts_the_twin():
    """Nothing is created beside the other run's task, which is what was asked for."""
    meeting = Meeting("/common/task", faults=[{"operation": "CreateTask", "kind": "close_before", "call": 2}])
    outer, inner = meeting.run()
    assert inner.result["decision"] == "created"
    assert (outer.result["decision"], outer.result["task_id"]) == ("adopted", inner.result["task_id"])
    assert len(meeting.tasks) == 1


@pytest.mark.parametrize("operation, path_end, module, options, scenario", [
    (
        "RetryTask", "/retry", "hss_task_retry", {"task_id": "scan"},
        {"hss": {
            "clusters": {"count": 3, "failing": 2, "scan_seconds": 3600},
            "tasks": [{"task_id": "scan", "failed": ["00000001-0000-4000-8000-0123456789ab"]}],
        }},
    ),
    (
        "RetryBatchTask", "/retry", "iotda_batch_task_retry", {"task_id": "65a0", "targets": ["a", "b"]},
        {"iotda": {"batch_tasks": [{
            "task_id": "65a0", "sub_tasks": [{"status": "Fail", "targets": ["a", "b", "c"], "seconds": 3600}],
        }]}},
    ),
    (
        "DeleteFailedTask", "/failed-tasks/00000001-0000-4000-8000-00000000fa11", "kps_failed_task",
        {"state": "absent", "task_ids": ["00000001-0000-4000-8000-00000000fa11"]},
        {"kps": {"failed": {"count": 2}}},
    ),
], ids=["RetryTask", "RetryBatchTask", "DeleteFailedTask"])
def test_what_one_run_has_done_the_other_does_not_do_again(operation, path_end, module, options, scenario):
    """The service refuses the second request for the same thing; the second run says so, or has nothing to do."""
    world = World(scenario)
    inner = []
    world.meanwhile(path_end, lambda: inner.append(run(world, module, **options)))
    outer = run(world, module, **options)
    assert inner[0].outcome == "ok" and inner[0].result["changed"]
    assert sum(entry["effect"] for entry in world.requests(operation)) == 1
    assert outer.outcome in ("ok", "api", "resources_failed")
    assert run(world, module, **options).result["changed"] is False
