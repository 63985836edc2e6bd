# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hss_task_info against the simulator: every page, in order, each task once."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account


def cluster(number):
    return "%08x-0000-4000-8000-0123456789ab" % number


def account(**hss):
    return Account({"hss": hss})


def listed(cloud, **options):
    return cloud.run("hss_task_info", **{"task_type": "cluster_scan", **options})


@pytest.mark.parametrize("count, requests", [(9999, 50), (10000, 51)])
def test_ten_thousand_tasks(count, requests):
    cloud = account(history={"count": count})
    result = listed(cloud)
    assert len(cloud.operations()) == requests
    ids = [task["task_id"] for task in result["tasks"]]
    assert len(set(ids)) == len(ids) == result["total"] == count
    starts = [task["start_time"] for task in result["tasks"]]
    assert starts == sorted(starts, reverse=True)
    assert not result["truncated"]


def test_none_is_dropped_or_doubled_while_new_ones_appear():
    cloud = account(history={"count": 2000}, appear={"every_looks": 1, "count": 7})
    ids = [task["task_id"] for task in listed(cloud)["tasks"]]
    assert len(set(ids)) == len(ids)
    old = [task_id for task_id in ids if int(task_id[:8], 16) <= 2000]
    assert len(old) == 2000
    assert old == sorted(old, reverse=True), "newest first"


@pytest.mark.parametrize("total", ["all", "page"])
def test_a_limit_cuts_off_and_says_so(total):
    cloud = account(history={"count": 300}, total_num=total)
    result = listed(cloud, limit=250)
    assert len(result["tasks"]) == 250
    assert result["truncated"]
    assert not listed(cloud, limit=300)["truncated"]


def test_a_small_limit_asks_for_a_small_page():
    cloud = account(history={"count": 300})
    listed(cloud, limit=5)
    assert [dict(entry["query"])["limit"] for entry in cloud.simulator.journal.requests] == ["10"]


def test_both_types_are_merged_in_order():
    tasks = [
        {"task_type": "cluster_scan", "age_seconds": 500},
        {"task_type": "iac_scan", "age_seconds": 400},
        {"task_type": "cluster_scan", "age_seconds": 300},
    ]
    cloud = account(tasks=tasks)
    found = cloud.run("hss_task_info")["tasks"]
    assert [task["task_type"] for task in found] == ["cluster_scan", "iac_scan", "cluster_scan"]
    oldest_first = cloud.run("hss_task_info", order="oldest_first")["tasks"]
    assert [task["task_id"] for task in oldest_first] == [task["task_id"] for task in reversed(found)]


@pytest.mark.parametrize(
    "task, outcome, ended",
    [
        ({"status": "ready"}, "pending", False),
        ({"status": "running"}, "running", False),
        ({}, "succeeded", True),
        ({"failed": [cluster(1)]}, "partially_failed", True),
        ({"failed": [cluster(1), cluster(2), cluster(3)]}, "failed", True),
        ({"clusters": []}, "nothing_scanned", True),
    ],
    ids=str,
)
def test_outcome_and_times(task, outcome, ended):
    (found,) = listed(account(tasks=[task]))["tasks"]
    assert found["outcome"] == outcome
    assert found["started_at"].endswith("Z")
    assert bool(found["finished_at"]) is ended


def test_the_fields_of_the_api_are_kept():
    (found,) = listed(account(tasks=[{"fields": {"a_new_field": {"b": 1}}}]))["tasks"]
    assert found["a_new_field"] == {"b": 1}
    assert found["cluster_scan_info"]["success_cluster_num"] == 3


@pytest.mark.parametrize("which, count", [("none", None), ("failed", 1), ("all", 3)])
def test_resources(which, count):
    (found,) = listed(account(tasks=[{"failed": [cluster(2)]}]), resources=which)["tasks"]
    assert (len(found["cluster_resources"]) if count else found.get("cluster_resources")) == count


def test_resources_of_files():
    cloud = account(tasks=[{"task_type": "iac_scan"}])
    (found,) = cloud.run("hss_task_info", task_type="iac_scan", resources="all")["tasks"]
    assert [resource["scan_status"] for resource in found["file_resources"]] == ["success", "success"]


def test_filters_reach_the_service():
    cloud = account()
    listed(
        cloud,
        task_id="t-1",
        task_name="night",
        trigger_type="schedule",
        task_status="finished",
        scan_types=["benchmark"],
        created_after="2026-01-01T00:00:00Z",
        created_before="1767322985000",
        order="oldest_first",
    )
    (request,) = cloud.simulator.journal.requests
    assert request["body"] == {
        "task_type": "cluster_scan",
        "sort_key": "start_time",
        "sort_dir": "asc",
        "task_id": "t-1",
        "task_name": "night",
        "trigger_type": "schedule",
        "task_status": "finished",
        "cluster_scan_info": {"scan_type_list": ["benchmark"]},
        "start_create_time": 1767225600000,
        "end_create_time": 1767322985000,
    }


def test_check_mode_reads_as_well():
    cloud = account(history={"count": 3})
    result = cloud.run("hss_task_info", check_mode=True, task_type="cluster_scan")
    assert len(result["tasks"]) == 3
    assert cloud.writes() == []


def test_a_filter_without_scan_types_matches_nothing():
    cloud = account(history={"count": 3})
    result = cloud.run("hss_task_info", scan_types=[])
    assert (result["tasks"], result["total"], result["truncated"]) == ([], 0, False)
    assert cloud.operations() == []


@pytest.mark.parametrize(
    "options",
    [
        {"task_id": ""},
        {"task_id": "x" * 65},
        {"task_name": ""},
        {"limit": 0},
        {"created_after": "yesterday"},
        {"created_after": "2026-01-02", "created_before": "2026-01-01"},
        {"task_type": "iac_scan", "scan_types": ["benchmark"]},
        {"task_type": "cluster_scan", "file_type": "dockerfile"},
    ],
    ids=str,
)
def test_wrong_options_fail_before_any_request(options):
    cloud = account()
    assert cloud.run("hss_task_info", **options)["failed"]
    assert cloud.operations() == []
