# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from tests.unit.inprocess import START, Account

MODULE = "kps_failed_task_info"
NOW_MS = START * 1000


def account(*failed, **part):
    return Account({"kps": {"failed": list(failed), **part}})


def names(result, field="failed_tasks"):
    return [task["server_name"] for task in result[field]]


@pytest.mark.parametrize("total", ["all", "page"])
def test_25000_tasks_take_26_requests(total):
    cloud = Account({"kps": {"failed": {"count": 25000}, "total": total}})
    result = cloud.run(MODULE)
    assert len(result["failed_tasks"]) == len({task["task_id"] for task in result["failed_tasks"]}) == 25000
    assert (result["total"], result["truncated"], result["changed"]) == (25000, False, False)
    assert cloud.operations() == ["ListFailedTask"] * 26
    queries = [dict(entry["query"]) for entry in cloud.simulator.journal.requests]
    assert {query["limit"] for query in queries} == {"1000"}
    assert [query["offset"] for query in queries] == [str(1000 * page) for page in range(26)]


def test_a_short_page_ends_the_reading():
    cloud = Account({"kps": {"failed": {"count": 1999}}})
    assert len(cloud.run(MODULE)["failed_tasks"]) == 1999
    assert len(cloud.operations()) == 2


def test_what_lies_behind_the_last_offset_is_said_to_be_missing():
    cloud = Account({"kps": {"failed": {"count": 101001}}})
    result = cloud.run(MODULE, limit=5)
    assert (len(result["failed_tasks"]), result["total"], result["truncated"]) == (5, 101000, True)
    assert len(cloud.operations()) == 101
    [warning] = cloud.warnings
    assert warning == "Only the first 101000 failed key-pair tasks can be read through the API, and there may be more"


def test_a_task_is_passed_through_with_its_time():
    [task] = account({"task_time": "1767322985000", "task_error_code": None, "fields": {"new_field": 1}}).run(MODULE)[
        "failed_tasks"]
    assert task["failed_at"] == "2026-01-02T03:03:05Z"
    assert (task["task_time"], task["task_error_code"], task["new_field"]) == ("1767322985000", None, 1)
    assert task["operate_type"] == "FAILED_RESET"


@pytest.mark.parametrize("time", [None, "", "soon", "0", "-5", "99999999999999999999", [], {}, True, 1e300])
def test_a_time_that_is_none_gives_null_and_lies_in_no_window(time):
    cloud = account({"task_time": time})
    assert cloud.run(MODULE)["failed_tasks"][0]["failed_at"] is None
    assert cloud.run(MODULE, failed_after="1")["failed_tasks"] == []
    assert cloud.run(MODULE, failed_before="2099-01-01")["failed_tasks"] == []


FILTERED = [
    {"server_name": "a", "server_id": "id-a", "keypair_name": "one", "operate_type": "FAILED_RESET"},
    {"server_name": "b", "server_id": "id-b", "keypair_name": "two", "operate_type": "FAILED_BIND"},
    {"server_name": "ab", "server_id": "id-ab", "keypair_name": "one", "operate_type": "RUNNING_RESET"},
    {"server_name": None, "server_id": None, "keypair_name": None, "operate_type": None},
]


@pytest.mark.parametrize("options, expected", [
    ({}, ["a", "b", "ab", None]),
    ({"server_names": ["a"]}, ["a"]),
    ({"server_names": ["A", "a "]}, []),
    ({"server_names": ["b", "ab", "a", "a"]}, ["a", "b", "ab"]),
    ({"server_ids": ["id-ab"]}, ["ab"]),
    ({"server_ids": ["id"]}, []),
    ({"keypair_names": ["one"]}, ["a", "ab"]),
    ({"operate_types": ["RUNNING_RESET", "FAILED_BIND"]}, ["b", "ab"]),
    ({"keypair_names": ["one"], "operate_types": ["FAILED_RESET"]}, ["a"]),
    ({"keypair_names": ["two"], "server_names": ["a"]}, []),
    ({"server_names": ["None", "null"]}, []),
])
def test_filters_are_exact(options, expected):
    result = account(*FILTERED).run(MODULE, **options)
    assert names(result) == expected
    assert (result["total"], result["truncated"]) == (4, False)


@pytest.mark.parametrize("option", ["operate_types", "server_ids", "server_names", "keypair_names"])
def test_an_empty_filter_matches_nothing_without_a_request(option):
    cloud = account({}, running=[{}])
    result = cloud.run(MODULE, include_running=True, **{option: []})
    assert result == {"changed": False, "failed_tasks": [], "running_tasks": [], "total": 0, "truncated": False}
    assert cloud.operations() == []


EDGES = [{"server_name": name, "task_time": str(NOW_MS + offset)} for name, offset in
         (("before", -1), ("on", 0), ("between", 500), ("end", 1000), ("after", 1001))]


@pytest.mark.parametrize("options, expected", [
    ({"failed_after": "2026-01-02T03:03:05Z"}, ["on", "between", "end", "after"]),
    ({"failed_before": "2026-01-02T03:03:05Z"}, ["before", "on"]),
    ({"failed_after": "2026-01-02T03:03:05Z", "failed_before": "2026-01-02T03:03:06Z"}, ["on", "between", "end"]),
    ({"failed_after": "2026-01-02T11:03:05+08:00", "failed_before": "2026-01-02T11:03:06+08:00"},
     ["on", "between", "end"]),
    ({"failed_after": "2026-01-01T21:33:05-05:30", "failed_before": "2026-01-01T21:33:06-0530"},
     ["on", "between", "end"]),
    ({"failed_after": "2026-01-02T03:03:05", "failed_before": "2026-01-02 03:03:05"}, ["on"]),
    ({"failed_after": "2026-01-02T03:03:05.5Z"}, ["between", "end", "after"]),
    ({"failed_after": "2026-01-02T03:03:05.501Z"}, ["end", "after"]),
    ({"failed_after": str(NOW_MS + 1001)}, ["after"]),
    ({"failed_before": str(NOW_MS - 1)}, ["before"]),
    ({"failed_after": "2026-01-03"}, []),
])
def test_the_window_includes_its_edges_in_any_offset(options, expected):
    assert names(account(*EDGES).run(MODULE, **options)) == expected


def test_limit_cuts_after_the_filters():
    cloud = account(*FILTERED)
    result = cloud.run(MODULE, keypair_names=["one"], limit=1)
    assert (names(result), result["total"], result["truncated"]) == (["a"], 4, True)
    result = cloud.run(MODULE, keypair_names=["one"], limit=2)
    assert (names(result), result["truncated"]) == (["a", "ab"], False)


def test_running_tasks_pass_the_same_filters():
    cloud = account({"server_name": "a"}, running=[{"server_name": "a"}, {"server_name": "b"}])
    assert "running_tasks" not in cloud.run(MODULE)
    assert cloud.operations() == ["ListFailedTask"]
    result = cloud.run(MODULE, include_running=True, server_names=["a"], limit=1)
    assert names(result, "running_tasks") == ["a"]
    assert result["running_tasks"][0]["started_at"] == "2026-01-02T02:53:05Z"
    assert cloud.operations() == ["ListFailedTask", "ListRunningTask", "ListFailedTask"]


def test_the_window_holds_for_running_tasks_too():
    cloud = account(running=[{"server_name": "old", "age_seconds": 60}, {"server_name": "new", "age_seconds": 0}])
    result = cloud.run(MODULE, include_running=True, failed_after=str(NOW_MS))
    assert names(result, "running_tasks") == ["new"]


def test_a_task_that_fails_between_the_lists_is_seen_once():
    cloud = account(running=[{"server_name": "a", "ends": "failed", "remaining_seconds": 5}])
    cloud.simulator.faults.set([{"operation": "ListRunningTask", "kind": "slow", "seconds": 6}])
    result = cloud.run(MODULE, include_running=True)
    assert (names(result), result["running_tasks"]) == (["a"], [])


def test_many_running_tasks_are_paged():
    cloud = account(running={"count": 2500})
    assert len(cloud.run(MODULE, include_running=True)["running_tasks"]) == 2500
    assert cloud.operations() == ["ListRunningTask"] * 3 + ["ListFailedTask"]


def test_tasks_that_appear_while_reading_come_once():
    cloud = Account({"kps": {"failed": {"count": 2500}, "appear": {"count": 3, "every_looks": 1, "where": "front"}}})
    result = cloud.run(MODULE)
    listed = [task["task_id"] for task in result["failed_tasks"]]
    assert len(listed) == len(set(listed)) == 2500


def test_check_mode_makes_no_difference():
    cloud = account({})
    assert cloud.run(MODULE, check_mode=True) == cloud.run(MODULE)
    assert cloud.writes() == []


@pytest.mark.parametrize("options, said", [
    ({"limit": 0}, "limit is 0"),
    ({"limit": -1}, "limit is -1"),
    ({"limit": "many"}, "limit"),
    ({"failed_after": "yesterday"}, "failed_after is 'yesterday'"),
    ({"failed_before": ""}, "failed_before is ''"),
    ({"failed_after": "2026-13-01"}, "failed_after"),
    ({"failed_after": "1969-12-31"}, "failed_after"),
    ({"failed_after": "2026-01-02T00:00:00+08:00", "failed_before": "2026-01-01T15:59:59Z"},
     "failed_after is later than failed_before"),
    ({"server_ids": ["a", ""]}, "server_ids holds an empty string"),
    ({"server_names": [""]}, "server_names holds an empty string"),
    ({"keypair_names": [""]}, "keypair_names holds an empty string"),
    ({"operate_types": [""]}, "operate_types holds an empty string"),
    ({"include_running": "perhaps"}, "include_running"),
])
def test_bad_input_makes_no_request(options, said):
    cloud = account({})
    result = cloud.run(MODULE, **options)
    assert result["failed"] and said in result["msg"]
    assert cloud.operations() == []


def test_a_failure_keeps_what_was_read():
    cloud = Account({"kps": {"failed": {"count": 1500}}})
    cloud.simulator.faults.set([{"operation": "ListFailedTask", "kind": "status", "status": 403, "call": 2,
                                 "code": "KPS.9003", "message": "No operation permission"}])
    result = cloud.run(MODULE, include_running=True)
    assert result["failed"] and result["failure_kind"] == "auth"
    assert (result["failed_tasks"], result["running_tasks"], result["total"], result["truncated"]) == ([], [], 0, False)
    assert result["error"]["operation"] == "ListFailedTask"
    assert "No operation permission" in result["msg"]


@pytest.mark.parametrize("fault", [
    {"kind": "status", "status": 503, "body": "html"},
    {"kind": "throttle", "retry_after": 30},
    {"kind": "close_before"},
    {"kind": "silence_after"},
    {"kind": "truncated"},
])
def test_reads_outlast_a_fault(fault):
    cloud = account({"server_name": "a"})
    cloud.simulator.faults.set([{"operation": "ListFailedTask", **fault}])
    assert names(cloud.run(MODULE)) == ["a"]


@pytest.mark.parametrize("body", [
    [], {}, "text", 5, {"tasks": None}, {"tasks": {}}, {"tasks": ["text"]}, {"total": 3, "tasks": None}, {"total": 3},
])
def test_an_answer_of_another_shape_is_no_empty_list(body):
    cloud = account({})
    cloud.simulator.faults.set([{"operation": "ListFailedTask", "kind": "shape", "body": body, "times": -1}])
    result = cloud.run(MODULE)
    assert result["failed"] and "ListFailedTask" in result["msg"]


ODD = [None, 5, [], {}, ["x"], {"a": 1}, True, 1.5, "x" * 5000]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["operate_type", "task_time", "server_id", "server_name", "keypair_name"])
def test_odd_values_in_records_break_nothing(field, odd):
    cloud = account({"fields": {field: odd}}, {"fields": {field: odd}})
    result = cloud.run(MODULE, include_running=True, failed_after="1", server_names=["server-1"])
    assert not result.get("failed")
    assert result["total"] == 2


@pytest.mark.parametrize("odd", ODD)
def test_records_are_told_apart_by_their_ids(odd):
    cloud = account({"fields": {"task_id": odd}}, {"fields": {"task_id": odd}})
    result = cloud.run(MODULE, server_names=["server-1"])
    if isinstance(odd, str):
        assert not result.get("failed")
        assert result["total"] == 1
    else:
        assert result["failed"] and "ListFailedTask answered HTTP 200 with" in result["msg"]
