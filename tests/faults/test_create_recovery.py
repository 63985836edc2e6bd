# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CreateTask when its answer is lost: looked for before it is sent again, adopted when it is there, else said."""

from __future__ import annotations

import pytest

from tests.faults.world import World, run

CLUSTERS = {"scan_types": ["cluster_vul", "benchmark"]}
SCAN = {"task_type": "cluster_scan", "cluster_scan": CLUSTERS}
FIRST, SECOND = ("%08x-0000-4000-8000-0123456789ab" % number for number in (1, 2))
LOST = {"operation": "CreateTask", "kind": "close_after"}
NOT_DONE = {"operation": "CreateTask", "kind": "close_before"}
NO_LISTS = {"operation": "ListTasks", "kind": "status", "status": 503, "call": 3}


def scan(world, **options):
    return run(world, "hss_task", **{**SCAN, **options})


def tasks(world):
    return [task for project in world.simulator.state["hss"]["projects"].values() for task in project["tasks"]]


def add_task(world, **fields):
    """Somebody else starts a scan."""
    task = {"status": "running", "age_seconds": 0, "scan_types": CLUSTERS["scan_types"], **fields}
    world.simulator.merge({"hss": {"tasks": [task]}})


SHOWN_LATE = {
    "at once": {},
    "two looks later": {"list_delay_looks": 2},
    "after 25 seconds": {"list_delay_seconds": 25},
    "resources late": {"resources_listed": "late", "resources_late_seconds": 20},
    "resources only when it runs": {"resources_listed": "when_running", "ready_seconds": 10},
    "resources not before the end of the look": {"resources_listed": "when_running", "ready_seconds": 90},
    "counters late": {"counters_listed": "late"},
    "everything late": {
        "list_delay_looks": 2,
        "list_delay_seconds": 12,
        "resources_listed": "late",
        "resources_late_seconds": 25,
        "counters_listed": "with_resources",
    },
    "finished before it is looked for": {"ready_seconds": 0, "scan_seconds": 0.5},
    "failed before it is looked for": {"ready_seconds": 0, "scan_seconds": 0.5, "clusters": {"count": 3, "failing": 2}},
    "no total": {"total_num": "page"},
    "among many": {"history": {"count": 250, "newest_age_seconds": 3600}},
}
REQUESTS = {
    "all clusters": SCAN,
    "two clusters": {**SCAN, "cluster_scan": {**CLUSTERS, "cluster_ids": [FIRST, SECOND]}},
    "files": {"task_type": "iac_scan", "iac_scan": {"file_type": "dockerfile", "file_ids": [FIRST, SECOND]}},
    "forced": {**SCAN, "force": True},
    "recent enough": {**SCAN, "reuse_finished_within": 600},
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize("shown", SHOWN_LATE.values(), ids=SHOWN_LATE)
def test_a_task_whose_answer_was_lost_is_adopted(shown, request_, skew=0):
    world = World({"hss": shown}, skew=skew)
    world.strike(LOST)
    done = run(world, "hss_task", **request_)
    assert done.outcome == "ok", done.result
    assert (done.result["decision"], done.result["changed"]) == ("adopted", True)
    assert len(done.writes) == 1
    assert done.result["task_id"] == tasks(world)[0]["task_id"] == done.result["task"]["task_id"]
    assert not done.warnings


@pytest.mark.parametrize("skew", [600, -600], ids=["10 minutes ahead", "10 minutes behind"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_clock_that_is_off_makes_no_difference(request_, skew):
    test_a_task_whose_answer_was_lost_is_adopted(SHOWN_LATE["everything late"], request_, skew)


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_that_was_not_carried_out_is_sent_again(request_):
    world = World({"hss": {"list_delay_looks": 2}})
    world.strike(NOT_DONE)
    done = run(world, "hss_task", **request_)
    assert (done.outcome, done.result["decision"]) == ("ok", "created")
    assert (len(done.writes), len(done.effects)) == (2, 1)


def test_the_second_request_can_be_lost_as_well():
    world = World()
    world.strike(NOT_DONE, {**LOST, "call": 2})
    done = scan(world)
    assert (done.outcome, done.result["decision"]) == ("ok", "adopted")
    assert (len(done.writes), len(done.effects)) == (2, 1)


def test_nothing_is_sent_again_while_the_tasks_cannot_be_read():
    """A look that failed proves nothing: here the task is there all the time."""
    world = World({"hss": {"scan_seconds": 3600}})
    world.strike(LOST, {**NO_LISTS, "times": -1})
    done = scan(world)
    assert done.outcome == "unknown_outcome" and "could not be read again" in done.result["msg"]
    assert (len(done.writes), done.result["changed"]) == (1, False)
    world.heal()
    assert scan(world).result["decision"] == "reused"


@pytest.mark.parametrize("fault", [
    {"kind": "status", "status": 503, "times": 12},
    {"kind": "silence_before", "times": 4},
    {"kind": "throttle", "times": 3},
    {"kind": "throttle", "times": 2, "retry_after": 60},
    {"kind": "slow", "seconds": 50, "times": 3},
], ids=lambda fault: fault["kind"])
@pytest.mark.parametrize("shown", [{}, {"list_delay_looks": 2}], ids=["at once", "two looks later"])
def test_a_look_that_fails_for_some_time_is_made_good(fault, shown):
    world = World({"hss": shown})
    world.strike(LOST, {"operation": "ListTasks", "call": 3, **fault})
    done = scan(world)
    assert (done.outcome, done.result["decision"], len(done.writes)) == ("ok", "adopted", 1)


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 401}, {"kind": "redirect"}], ids=["401", "redirect"])
def test_a_look_that_is_refused_is_said(fault):
    world = World()
    world.strike(LOST, {"operation": "ListTasks", "call": 3, **fault})
    done = scan(world)
    assert (done.outcome, len(done.writes)) == ("unknown_outcome", 1)
    assert done.result["error"]["operation"] == "CreateTask" and "ListTasks" in done.result["msg"]


OTHERS = {
    "other scan types": {"scan_types": ["risk_assessment"]},
    "one more scan type": {"scan_types": ["cluster_vul", "benchmark", "risk_assessment"]},
    "started by the schedule": {"trigger_type": "schedule"},
    "began before": {"age_seconds": 30, "status": "finished", "finished_seconds_ago": 1},
    "scans files": {"task_type": "iac_scan", "scan_types": []},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_task_is_not_taken_for_the_lost_one(other):
    world = World()
    world.strike(NOT_DONE)
    world.meanwhile("/common/task", lambda: add_task(world, **other))
    done = scan(world)
    assert (done.outcome, done.result["decision"], len(done.effects)) == ("ok", "created", 1)


def test_a_task_for_other_clusters_is_not_taken_for_the_lost_one():
    world = World()
    world.strike(NOT_DONE)
    world.meanwhile("/common/task", lambda: add_task(world, clusters=[SECOND]))
    done = scan(world, cluster_scan={**CLUSTERS, "cluster_ids": [FIRST]})
    assert (done.outcome, done.result["decision"], len(done.effects)) == ("ok", "created", 1)


def test_a_task_that_may_be_the_lost_one_is_named_and_nothing_is_sent_again():
    """HSS never scans one of the clusters that it lists: the lost task cannot be told from another's."""
    world = World({"hss": {"clusters": [{}, {}, {"scanned": False}]}})
    world.strike(LOST)
    done = scan(world)
    assert (done.outcome, len(done.writes)) == ("unknown_outcome", 1)
    assert tasks(world)[0]["task_id"] in done.result["msg"]


def test_a_cluster_that_does_not_exist_leaves_no_doubt_about_doubling():
    world = World()
    world.strike(LOST)
    done = scan(world, cluster_scan={**CLUSTERS, "cluster_ids": [FIRST, "unknown"]})
    assert (done.outcome, len(done.writes)) == ("unknown_outcome", 1)
    assert tasks(world)[0]["task_id"] in done.result["msg"]


def test_one_of_two_new_tasks_is_adopted_and_the_other_named():
    world = World()
    world.strike(LOST)
    world.meanwhile("/common/task", lambda: add_task(world))
    done = scan(world)
    assert (done.result["decision"], len(done.writes)) == ("adopted", 1)
    ids = [task["task_id"] for task in tasks(world)]
    assert done.result["task_id"] in ids
    assert len(done.warnings) == 1 and all(task_id in done.warnings[0] for task_id in ids)


@pytest.mark.parametrize("times", [1, 3, 5])
@pytest.mark.parametrize("retry_after", [None, 0, 200])
def test_throttling_is_waited_out(times, retry_after):
    world = World()
    world.strike({"operation": "CreateTask", "kind": "throttle", "times": times, "retry_after": retry_after})
    done = scan(world)
    assert (done.outcome, done.result["decision"]) == ("ok", "created")
    assert (len(done.writes), len(done.effects)) == (times + 1, 1)
    asked = [15, 30, 60, 120, 120][:times] if retry_after is None else [retry_after] * times
    assert world.clock.slept[:times] == asked


def test_a_pause_of_an_hour_is_not_waited_for():
    world = World()
    world.strike({"operation": "CreateTask", "kind": "throttle", "retry_after": 3600})
    done = scan(world)
    assert (done.outcome, done.result["error"]["http_status"], done.result["changed"]) == ("api", 429, False)
    assert world.clock.slept == []


def test_waiting_goes_on_after_an_adoption():
    world = World({"hss": {"list_delay_looks": 2, "clusters": {"count": 3, "failing": 1}}})
    world.strike(LOST)
    done = scan(world, wait=True)
    assert (done.outcome, done.result["decision"], done.result["changed"]) == ("resources_failed", "adopted", True)
    assert len(done.result["failed_resources"]) == 1
