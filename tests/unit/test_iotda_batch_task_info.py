# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What iotda_batch_task_info lists."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter

import pytest

from tests.unit.inprocess import Account

TASKS = [
    {
        "task_id": "a1",
        "age_seconds": 9000,
        "sub_tasks": [
            {"status": "Success", "count": 120},
            {"status": "Fail", "count": 60, "output": "SECRET"},
            {"status": "Stopped"},
        ],
    },
    {"task_id": "a2", "task_type": "softwareUpgrade"},
    {"task_id": "a3", "sub_tasks": [{"status": "Processing"}], "app_id": "space1"},
]


@pytest.fixture
def account():
    return Account({"iotda": {"batch_tasks": TASKS}})


def ids(result):
    return [task["task_id"] for task in result["batch_tasks"]]


def run(account, **options):
    return account.run("iotda_batch_task_info", **options)


def test_one_task(account):
    result = run(account, task_id="a1")
    [task] = result["batch_tasks"]
    assert (task["status"], task["task_progress"]["total"], task["create_time"]) == (
        "PartialSuccess",
        181,
        "20260102T003305Z",
    )
    assert "subtasks" not in task
    assert (result["changed"], result["truncated"], account.operations()) == (False, False, ["ShowBatchTask"])


def test_a_task_that_does_not_exist_is_an_empty_result(account):
    assert run(account, task_id="bbb") == {"changed": False, "batch_tasks": [], "truncated": False}


def test_newest_first(account):
    assert ids(run(account, task_type="firmwareUpgrade")) == ["a3", "a1"]
    assert ids(run(account, task_type="softwareUpgrade")) == ["a2"]
    assert ids(run(account, task_type="moduleUpgrade")) == []


def test_failed_subtasks_are_those_that_can_be_retried(account):
    [task] = run(account, task_id="a1", subtasks="failed")["batch_tasks"]
    assert Counter(subtask["status"] for subtask in task["subtasks"]) == {"Fail": 60, "Stopped": 1}
    assert task["subtasks"][0]["error"]["error_code"] == "IOTDA.014111"
    assert len(account.operations()) == 3  # two pages of Fail, one of Stopped; nothing waits to retry


def test_all_subtasks_of_every_task(account):
    result = run(account, task_type="firmwareUpgrade", subtasks="all")
    assert [len(task["subtasks"]) for task in result["batch_tasks"]] == [1, 181]
    assert Counter(account.operations()) == {"ListBatchTasks": 1, "ShowBatchTask": 1 + 4}


@pytest.mark.parametrize("subtasks", ["failed", "all"])
def test_output_comes_only_when_asked_for(account, subtasks):
    assert "SECRET" not in json.dumps(run(account, task_id="a1", subtasks=subtasks))
    [task] = run(account, task_id="a1", subtasks=subtasks, include_output=True)["batch_tasks"]
    assert {subtask.get("output") for subtask in task["subtasks"] if subtask["status"] == "Fail"} == {"SECRET"}


@pytest.mark.parametrize(
    ("number", "limit", "listed", "truncated", "requests"),
    [
        (120, None, 120, False, 3),
        (120, 1, 1, True, 1),
        (120, 50, 50, True, 2),
        (120, 120, 120, False, 3),
        (0, 5, 0, False, 1),
    ],
)
def test_pages_and_limit(number, limit, listed, truncated, requests):
    account = Account({"iotda": {"batch_tasks": [{"task_name": "t%s" % each} for each in range(number)]}})
    result = run(account, task_type="firmwareUpgrade", limit=limit)
    newest_first = ["t%s" % each for each in reversed(range(number))]
    assert [task["task_name"] for task in result["batch_tasks"]] == newest_first[:listed]
    assert (result["truncated"], len(account.operations())) == (truncated, requests)


def test_a_fleet_is_read_page_by_page():
    """30,000 / 50 requests, and no memory but for the list."""
    task = {"task_id": "a1", "sub_tasks": [{"status": "Success", "count": 30000}]}
    account = Account({"iotda": {"batch_tasks": [task]}})
    assert account.simulator.state["iotda"]  # makes the simulator's own lists before memory is measured
    tracemalloc.start()
    [task] = run(account, task_id="a1", subtasks="all")["batch_tasks"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print("\n30,000 sub-tasks listed: %s requests, peak memory %.1f MB" % (len(account.operations()), peak / 1e6))
    assert (len(task["subtasks"]), len(account.operations())) == (30000, 600)
    assert peak < 40e6


@pytest.mark.parametrize(
    "options",
    [
        {"task_id": ""},
        {"task_id": "A1"},
        {"app_id": "", "task_type": "firmwareUpgrade"},
        {"app_id": "a b", "task_type": "firmwareUpgrade"},
        {"limit": 0, "task_type": "firmwareUpgrade"},
        {"include_output": True, "task_id": "a1"},
        {"instance_id": "G", "task_id": "a1"},
    ],
)
def test_bad_input_is_refused_before_any_call(account, options):
    result = run(account, **options)
    assert result["failure_kind"] == "input" and next(iter(options)) in result["msg"]
    assert account.operations() == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"app_id": "space1"},
        {"task_id": "a1", "task_type": "firmwareUpgrade"},
        {"task_id": "a1", "app_id": "space1"},
        {"task_id": "a1", "status": "Fail"},
        {"task_type": "other"},
    ],
)
def test_options_that_do_not_go_together(account, options):
    assert run(account, **options)["failed"]
    assert account.operations() == []


@pytest.mark.parametrize(
    "body", [[], {}, {"batchtasks": None}, {"batchtasks": [{}]}, {"batchtasks": "x", "page": {"count": 0}}]
)
def test_an_answer_of_another_shape_is_an_error(account, body):
    account.simulator.faults.set([{"operation": "ListBatchTasks", "kind": "shape", "body": body, "times": -1}])
    result = run(account, task_type="firmwareUpgrade")
    assert (result["failure_kind"], result["error"]["operation"]) == ("api", "ListBatchTasks")


def test_a_list_without_entries_may_be_left_out(account):
    body = {"page": {"count": 0}}
    account.simulator.faults.set([{"operation": "ListBatchTasks", "kind": "shape", "body": body}])
    assert run(account, task_type="firmwareUpgrade")["batch_tasks"] == []
