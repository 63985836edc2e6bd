# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

MODULE = "kps_failed_task"
IDS = [f"{number:08x}-0000-4000-8000-00000000fa11" for number in range(1, 6)]
UNKNOWN = "ffffffff-0000-4000-8000-00000000fa11"
ALL_FAULTS_BEFORE = [
    {"kind": "refused"}, {"kind": "close_before"}, {"kind": "silence_before"},
    {"kind": "status", "status": 503, "body": "html"}, {"kind": "status", "status": 500, "body": "empty"},
    {"kind": "throttle"}, {"kind": "throttle", "retry_after": 20},
]
ALL_FAULTS_AFTER = [
    {"kind": "close_after"}, {"kind": "silence_after"}, {"kind": "truncated"}, {"kind": "slow", "seconds": 90},
    {"kind": "status", "status": 502, "effect": True}, {"kind": "shape", "body": "<html>"},
    {"kind": "shape", "body": [1]},
]


def account(count=3, **part):
    return Account({"kps": {"failed": {"count": count}, **part}})


def left(cloud):
    [project] = cloud.simulator.state["kps"]["projects"].values()
    return [task["task_id"] for task in project["failed"]]


def ids(tasks):
    return [task["task_id"] for task in tasks]


def clear(cloud, **options):
    return cloud.run(MODULE, state="absent", **options)


def places(result):
    """Every id of the result with the list that it stands in."""
    lists = ("cleared_tasks", "uncleared_tasks", "unknown_tasks")
    found = [(each, name) for name in lists for each in ids(result[name])]
    return sorted(found + [(each, "absent_task_ids") for each in result["absent_task_ids"]])


def test_clear_by_ids():
    cloud = account()
    result = clear(cloud, task_ids=[IDS[2], UNKNOWN, IDS[0], IDS[2]])
    assert result["changed"]
    assert ids(result["cleared_tasks"]) == [IDS[2], IDS[0]]
    assert result["cleared_tasks"][0]["server_name"] == "server-3"
    assert result["cleared_tasks"][0]["failed_at"].startswith("2026-01-0")
    assert result["absent_task_ids"] == [UNKNOWN]
    assert (result["uncleared_tasks"], result["unknown_tasks"]) == ([], [])
    assert left(cloud) == [IDS[1]]
    assert cloud.operations() == ["ListFailedTask", "DeleteFailedTask", "DeleteFailedTask", "ListFailedTask"]
    assert cloud.warnings == []


@pytest.mark.parametrize("options", [{"task_ids": IDS[:2]}, {"all": True}])
def test_clearing_twice_changes_and_writes_nothing(options):
    cloud = account()
    assert clear(cloud, **options)["changed"]
    writes = len(cloud.writes())
    again = clear(cloud, **options)
    assert not again["changed"] and again["cleared_tasks"] == []
    assert len(cloud.writes()) == writes


def test_clear_all_takes_one_write():
    cloud = account(2500)
    result = clear(cloud, all=True)
    assert result["changed"] and len(result["cleared_tasks"]) == 2500
    assert cloud.operations() == ["ListFailedTask"] * 3 + ["DeleteAllFailedTask", "ListFailedTask"]
    assert left(cloud) == []


@pytest.mark.parametrize("options, expected", [
    ({"task_ids": [IDS[1], UNKNOWN]}, [IDS[1]]),
    ({"task_ids": [IDS[1]], "all": False}, [IDS[1]]),
    ({"all": True}, IDS[:3]),
    ({"task_ids": [UNKNOWN]}, []),
    ({"task_ids": []}, []),
])
def test_check_mode_names_what_would_be_cleared(options, expected):
    cloud = account()
    predicted = cloud.run(MODULE, check_mode=True, state="absent", **options)
    assert ids(predicted["cleared_tasks"]) == expected
    assert predicted["changed"] == bool(expected)
    assert cloud.writes() == [] and left(cloud) == IDS[:3]
    assert clear(cloud, **options) == predicted


def test_no_ids_make_no_request():
    cloud = account()
    result = clear(cloud, task_ids=[])
    assert (result["changed"], result["cleared_tasks"]) == (False, [])
    assert cloud.operations() == []


def test_all_of_nothing_makes_no_write():
    cloud = account(0)
    assert not clear(cloud, all=True)["changed"]
    assert cloud.operations() == ["ListFailedTask"]


def test_reading_ends_when_every_id_was_found():
    cloud = account(25000)
    clear(cloud, task_ids=IDS[:1])
    assert cloud.operations()[:2] == ["ListFailedTask", "DeleteFailedTask"]


@pytest.mark.parametrize("where", ["front", "end"])
def test_records_that_appear_meanwhile_stay(where):
    cloud = account(appear={"count": 2, "every_looks": 1, "total": 2, "where": where})
    result = clear(cloud, task_ids=IDS[:3])
    assert ids(result["cleared_tasks"]) == IDS[:3]
    assert left(cloud) == IDS[3:]


def test_records_that_appear_meanwhile_go_with_all():
    cloud = account(appear={"count": 2, "every_looks": 1, "total": 2})
    result = clear(cloud, all=True)
    assert ids(result["cleared_tasks"]) == IDS[:3]
    assert left(cloud) == []


def test_a_record_that_somebody_else_clears_meanwhile_is_absent():
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteFailedTask", "kind": "status", "status": 400, "code": "KPS.0005"}])
    result = clear(cloud, task_ids=IDS[:1])
    assert (result["changed"], result["absent_task_ids"]) == (False, IDS[:1])


@pytest.mark.parametrize("status, code", [(400, "KPS.0001"), (400, "KPS.0002"), (403, "KPS.9003"), (404, "KPS.0005")])
def test_any_other_refusal_is_an_error(status, code):
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteFailedTask", "kind": "status", "status": status, "code": code,
                                 "message": "no", "call": 2}])
    result = clear(cloud, task_ids=[*IDS[:3], UNKNOWN])
    assert result["failed"] and result["changed"]
    assert result["error"]["code"] == code and code in result["msg"]
    assert places(result) == [(IDS[0], "cleared_tasks"), (IDS[1], "uncleared_tasks"), (IDS[2], "uncleared_tasks"),
                              (UNKNOWN, "absent_task_ids")]
    assert len(cloud.writes()) == 2


@pytest.mark.parametrize("fault", ALL_FAULTS_BEFORE + ALL_FAULTS_AFTER)
@pytest.mark.parametrize("call", [1, 2, 3])
def test_one_fault_is_outlasted(fault, call):
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteFailedTask", "call": call, **fault}])
    result = clear(cloud, task_ids=IDS[:3])
    assert not result.get("failed"), result
    assert result["changed"] and ids(result["cleared_tasks"]) == IDS[:3]
    assert left(cloud) == []
    effects = [entry for entry in cloud.writes() if entry["effect"]]
    assert len(effects) == 3


@pytest.mark.parametrize("fault", ALL_FAULTS_BEFORE + ALL_FAULTS_AFTER)
def test_one_fault_is_outlasted_with_all(fault):
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteAllFailedTask", **fault}])
    result = clear(cloud, all=True)
    assert result["changed"] and ids(result["cleared_tasks"]) == IDS[:3] and left(cloud) == []


@pytest.mark.parametrize("fault", ALL_FAULTS_AFTER)
@pytest.mark.parametrize("operation, options", [
    ("DeleteFailedTask", {"task_ids": IDS[:3]}), ("DeleteAllFailedTask", {"all": True})])
def test_without_any_answer_the_list_tells(fault, operation, options):
    cloud = account()
    cloud.simulator.faults.set([{"operation": operation, "times": -1, **fault}])
    result = clear(cloud, **options)
    assert not result.get("failed") and ids(result["cleared_tasks"]) == IDS[:3] and left(cloud) == []


@pytest.mark.parametrize("fault", ALL_FAULTS_BEFORE)
@pytest.mark.parametrize("operation, options", [
    ("DeleteFailedTask", {"task_ids": IDS[:3]}), ("DeleteAllFailedTask", {"all": True})])
def test_what_the_list_still_shows_was_not_cleared(fault, operation, options):
    cloud = account()
    cloud.simulator.faults.set([{"operation": operation, "times": -1, **fault}])
    result = clear(cloud, **options)
    assert result["failed"] and not result["changed"]
    assert result["failure_kind"] in ("network", "api")
    assert (ids(result["uncleared_tasks"]), result["unknown_tasks"]) == (IDS[:3], [])
    cloud.simulator.faults.clear()
    assert ids(clear(cloud, **options)["cleared_tasks"]) == IDS[:3]
    assert left(cloud) == []


def test_when_the_list_is_silent_too_the_outcome_is_unknown():
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteFailedTask", "call": 2, "times": -1, "kind": "close_after"},
                                {"operation": "ListFailedTask", "call": 2, "times": -1, "kind": "silence_before"}])
    result = clear(cloud, task_ids=IDS[:3])
    assert result["failed"] and result["changed"] and result["failure_kind"] == "unknown_outcome"
    assert result["msg"].endswith("it may have taken effect, and the list that would tell could not be read")
    assert places(result) == [(IDS[0], "cleared_tasks"), (IDS[1], "unknown_tasks"), (IDS[2], "uncleared_tasks")]
    assert result["error"]["operation"] == "DeleteFailedTask"
    cloud.simulator.faults.clear()
    assert places(clear(cloud, task_ids=IDS[:3])) == [
        (IDS[0], "absent_task_ids"), (IDS[1], "absent_task_ids"), (IDS[2], "cleared_tasks")]


def test_when_all_is_cleared_half_by_somebody_else_the_rest_is_named():
    cloud = account()
    cloud.simulator.faults.set([{"operation": "DeleteAllFailedTask", "times": -1, "kind": "close_before"}])
    gone = cloud.simulator.services["kps"].project("0123456789abcdef0123456789abcdef")
    read_clock, cloud.clock.sleep = cloud.clock.sleep, lambda seconds: (gone.clear(IDS[1]), read_clock(seconds))
    result = clear(cloud, all=True)
    assert result["failed"] and result["changed"]
    assert places(result) == [(IDS[0], "uncleared_tasks"), (IDS[1], "cleared_tasks"), (IDS[2], "uncleared_tasks")]


def test_a_list_that_cannot_be_read_clears_nothing():
    cloud = account()
    cloud.simulator.faults.set([{"operation": "ListFailedTask", "times": -1, "kind": "status", "status": 500}])
    result = clear(cloud, task_ids=IDS[:2])
    assert result["failed"] and not result["changed"]
    assert places(result) == [(IDS[0], "uncleared_tasks"), (IDS[1], "uncleared_tasks")]
    assert cloud.writes() == []


@pytest.mark.parametrize("options", [{"task_ids": IDS[:2]}, {"all": True}])
@pytest.mark.parametrize("delay", [{"list_delay_looks": 3}, {"list_delay_seconds": 20}])
def test_a_late_list_is_waited_for(options, delay):
    cloud = account(2, **delay)
    result = clear(cloud, **options)
    assert result["changed"] and cloud.warnings == []
    assert not clear(cloud, **options)["changed"]


def test_a_list_that_stays_late_is_warned_of():
    cloud = account(list_delay_seconds=1000)
    result = clear(cloud, task_ids=IDS[:1])
    assert result["changed"]
    assert cloud.warnings == ["What was cleared was not seen to leave the list within 30 seconds"]
    assert sum(cloud.clock.slept) <= 31
    again = clear(cloud, task_ids=IDS[:1])
    assert (again["changed"], again["absent_task_ids"]) == (False, IDS[:1])


def test_what_no_list_reaches_is_cleared_unseen():
    cloud = account(101001)
    last = f"{101001:08x}-0000-4000-8000-00000000fa11"
    result = clear(cloud, task_ids=[last, UNKNOWN])
    assert ids(result["cleared_tasks"]) == [last] and result["absent_task_ids"] == [UNKNOWN]
    assert "may be more" in cloud.warnings[0]


@pytest.mark.parametrize("options, said", [
    ({}, "Nothing says what to clear"),
    ({"all": False}, "Nothing says what to clear"),
    ({"all": True, "task_ids": IDS[:1]}, "exclude each other"),
    ({"all": True, "task_ids": []}, "exclude each other"),
    ({"task_ids": [""]}, "task_ids holds ''"),
    ({"task_ids": [IDS[0], ""]}, "task_ids holds ''"),
    ({"task_ids": ["x" * 37]}, "1 to 36"),
    ({"task_ids": ["."]}, "task_ids holds '.'"),
    ({"task_ids": [".."]}, "task_ids holds '..'"),
    ({"task_ids": ["a/b"]}, "task_ids holds"),
    ({"task_ids": ["a b"]}, "task_ids holds"),
    ({"task_ids": ["a\n"]}, "task_ids holds"),
    ({"task_ids": ["a?b"]}, "task_ids holds"),
    ({"task_ids": {"a": 1}}, "task_ids"),
    ({"all": "perhaps"}, "all"),
    ({"all": True, "state": "present"}, "state"),
    ({"all": True, "state": None}, "state"),
])
def test_bad_input_makes_no_request(options, said):
    cloud = account()
    result = cloud.run(MODULE, **{"state": "absent", **options})
    assert result["failed"] and said in result["msg"]
    assert cloud.operations() == []


def test_state_is_required():
    assert "state" in account().run(MODULE, all=True)["msg"]


def test_a_second_run_after_a_failure_goes_on():
    cloud = account(5)
    cloud.simulator.faults.set([{"operation": "DeleteFailedTask", "kind": "status", "status": 403, "code": "KPS.9003",
                                 "call": 3}])
    first = clear(cloud, task_ids=IDS)
    assert ids(first["cleared_tasks"]) == IDS[:2]
    second = clear(cloud, task_ids=IDS)
    assert ids(second["cleared_tasks"]) == IDS[2:] and second["absent_task_ids"] == IDS[:2]
