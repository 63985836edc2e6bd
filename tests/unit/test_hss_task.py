# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hss_task against the simulator: when it creates, when it does not, what that costs, and what a wait comes to."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

ALL_TYPES = ["cluster_vul", "risk_assessment", "benchmark"]


def cluster(number):
    return "%08x-0000-4000-8000-0123456789ab" % number


def account(skew=0, **hss):
    return Account({"hss": hss}, skew=skew)


def scan(cloud, types=None, ids=None, check_mode=False, **options):
    info = {"scan_types": ALL_TYPES if types is None else types, **({} if ids is None else {"cluster_ids": ids})}
    return cloud.run("hss_task", check_mode, task_type="cluster_scan", cluster_scan=info, **options)


def fault(cloud, **fields):
    cloud.simulator.faults.set([fields])


def tasks(cloud):
    """The tasks that really are there, listed or not."""
    return [
        task for project in cloud.simulator.state["hss"]["projects"].values() for task in project["tasks"]
    ]


# Run twice


@pytest.mark.parametrize(
    "hss",
    [
        {},
        {"list_delay_looks": 2},
        {"list_delay_seconds": 10},
        {"resources_listed": "late"},
        {"resources_listed": "when_running", "counters_listed": "when_running"},
        {"resources_listed": "late", "counters_listed": "late", "list_delay_looks": 2},
        {"total_num": "page"},
    ],
    ids=str,
)
@pytest.mark.parametrize("ids", [None, [cluster(2)]], ids=["all", "one"])
def test_a_second_run_finds_what_the_first_one_created(hss, ids):
    cloud = account(**hss)
    first, second = scan(cloud, ids=ids), scan(cloud, ids=ids)
    assert (first["changed"], first["decision"]) == (True, "created")
    assert (second["changed"], second["decision"]) == (False, "reused")
    assert first["task_id"] == second["task_id"] == first["task"]["task_id"]
    assert first.keys() == second.keys()
    assert len(cloud.writes()) == 1


@pytest.mark.parametrize("skew", [-600, 600])
@pytest.mark.parametrize("window", [0, 3600])
def test_a_clock_that_is_off_changes_nothing(skew, window):
    cloud = account(skew=skew, list_delay_looks=2)
    assert scan(cloud, wait=True, reuse_finished_within=window)["changed"]
    cloud.simulator.clock.advance(3000)
    assert scan(cloud, reuse_finished_within=window)["changed"] is (window == 0)
    cloud.simulator.clock.advance(4000)
    assert scan(cloud, reuse_finished_within=window)["changed"]


# What covers a request


def test_a_running_scan_of_one_cluster_is_no_scan_of_all():
    cloud = account()
    one = scan(cloud, ids=[cluster(1)])
    result = scan(cloud)
    assert result["decision"] == "created"
    assert result["task_id"] != one["task_id"]
    assert len(cloud.warnings) == 1 and one["task_id"] in cloud.warnings[0]


def test_a_running_scan_of_all_counts_for_one():
    cloud = account()
    every = scan(cloud)
    result = scan(cloud, types=["benchmark"], ids=[cluster(2)])
    assert result["decision"] == "reused"
    assert result["task_id"] == every["task_id"]


def test_a_scan_for_fewer_types_does_not_count():
    cloud = account()
    scan(cloud, types=["benchmark", "cluster_vul"])
    assert scan(cloud)["decision"] == "created"


def test_a_scan_of_another_kind_does_not_count():
    cloud = account()
    file_id = "00000001-0000-4000-8000-0123456789ab"
    files = {"file_type": "dockerfile", "file_ids": [file_id]}
    assert cloud.run("hss_task", task_type="iac_scan", iac_scan=files)["decision"] == "created"
    assert scan(cloud, ids=[cluster(1)])["decision"] == "created"
    assert cloud.run("hss_task", task_type="iac_scan", iac_scan=files)["decision"] == "reused"
    yaml = {"file_type": "k8s_yaml", "file_ids": [file_id]}
    assert cloud.run("hss_task", task_type="iac_scan", iac_scan=yaml)["decision"] == "created"


@pytest.mark.parametrize("status, decision", [("ready", "reused"), ("running", "reused"), ("finished", "created")])
def test_only_what_is_under_way_counts_without_a_window(status, decision):
    cloud = account(tasks=[{"status": status, "ready_seconds": 100}])
    assert scan(cloud)["decision"] == decision


@pytest.mark.parametrize(
    "task, decision",
    [
        ({"finished_seconds_ago": 100}, "reused"),
        ({"finished_seconds_ago": 4000, "age_seconds": 5000}, "created"),
        ({"finished_seconds_ago": 100, "age_seconds": 90000}, "reused"),
        ({"finished_seconds_ago": 100, "failed": [cluster(1)]}, "created"),
        ({"finished_seconds_ago": 100, "trigger_type": "schedule"}, "reused"),
        ({"finished_seconds_ago": 100, "clusters": [cluster(1), cluster(2)]}, "created"),
    ],
    ids=str,
)
def test_what_ended_well_within_the_window_counts(task, decision):
    assert scan(account(tasks=[task]), reuse_finished_within=3600)["decision"] == decision


def test_clusters_that_cannot_be_scanned_are_named_and_not_held_against_the_task():
    cloud = account(clusters={"count": 4, "unavailable": 1})
    scan(cloud)
    result = scan(cloud)
    assert result["decision"] == "reused"
    assert [one["cluster_id"] for one in result["unavailable_clusters"]] == [cluster(4)]


def test_available_clusters_that_are_never_scanned():
    clusters = [{"cluster_name": "a"}, {"cluster_name": "b", "scanned": False}]
    cloud = account(clusters=clusters)
    scan(cloud)
    result = scan(cloud)
    assert result["decision"] == "created"
    assert "leaves out" in cloud.warnings[0]
    assert scan(cloud, reuse_match="scan_types")["decision"] == "reused"


def test_force_creates_beside_a_running_scan():
    cloud = account()
    scan(cloud)
    assert scan(cloud, force=True)["decision"] == "created"
    assert len(tasks(cloud)) == 2


def test_another_scan_that_appears_at_the_same_moment_is_a_warning():
    cloud = account()
    adapter = cloud.simulator.app
    seen = []

    def app(environ, start_response):
        if environ["PATH_INFO"].endswith("/common/task") and not seen:
            seen.append("another")
            cloud.simulator.app = adapter
            other = Account.__new__(Account)
            other.__dict__.update(cloud.__dict__)
            seen.append(scan(other)["task_id"])
        return adapter(environ, start_response)

    cloud.simulator.app = app
    result = scan(cloud)
    assert result["decision"] == "created"
    assert len(cloud.warnings) == 1
    assert result["task_id"] in cloud.warnings[0] and seen[1] in cloud.warnings[0]


# Cost


@pytest.mark.parametrize("window", [0, 3600])
@pytest.mark.parametrize("history", [None, {"count": 300}], ids=["no history", "300 old tasks"])
def test_what_it_costs_to_create_and_to_find(window, history):
    cloud = account(clusters={"count": 200}, history=history)
    assert scan(cloud, reuse_finished_within=window)["changed"]
    assert len(cloud.operations()) <= 4
    cloud.simulator.journal.clear()
    assert not scan(cloud, reuse_finished_within=window)["changed"]
    assert len(cloud.operations()) <= 5


@pytest.mark.parametrize("further", [1, 2, 4])
def test_each_further_200_clusters_cost_a_page_of_each_list(further):
    cloud = account(clusters={"count": 200 + 200 * further})
    scan(cloud)
    cloud.simulator.journal.clear()
    assert not scan(cloud)["changed"]
    assert len(cloud.operations()) <= 5 + 2 * further


def test_a_task_with_too_few_clusters_costs_no_further_request():
    cloud = account(clusters={"count": 3})
    scan(cloud, ids=[cluster(1), cluster(2)])
    cloud.simulator.journal.clear()
    scan(cloud)
    assert "ListTaskResources" not in cloud.operations()


# Check mode


def test_check_mode_on_an_empty_project():
    cloud = account()
    result = scan(cloud, check_mode=True, wait=True)
    assert result["changed"]
    assert (result["task"], result["task_id"], result["decision"]) == (None, None, "would_create")
    assert cloud.writes() == []
    assert cloud.clock.slept == []


def test_check_mode_beside_a_running_scan():
    cloud = account()
    created = scan(cloud)
    result = scan(cloud, check_mode=True, wait=True)
    assert not result["changed"]
    assert result["task_id"] == created["task_id"]
    assert cloud.clock.slept == []


# Lost answers


@pytest.mark.parametrize(
    "kind",
    [
        {"kind": "close_after"},
        {"kind": "silence_after"},
        {"kind": "truncated"},
        {"kind": "status", "status": 502, "body": "html", "effect": True},
    ],
    ids=lambda kind: kind["kind"],
)
@pytest.mark.parametrize("looks", [0, 2])
def test_a_task_whose_answer_was_lost_is_adopted(kind, looks):
    cloud = account(list_delay_looks=looks)
    fault(cloud, operation="CreateTask", **kind)
    result = scan(cloud)
    assert (result["changed"], result["decision"]) == (True, "adopted")
    assert [task["task_id"] for task in tasks(cloud)] == [result["task_id"]]
    assert scan(cloud)["task_id"] == result["task_id"]


@pytest.mark.parametrize("kind", [{"kind": "close_before"}, {"kind": "status", "status": 503}], ids=["close", "503"])
def test_a_request_without_effect_is_sent_once_more(kind):
    cloud = account()
    fault(cloud, operation="CreateTask", **kind)
    result = scan(cloud)
    assert (result["changed"], result["decision"]) == (True, "created")
    assert len(tasks(cloud)) == 1
    assert len(cloud.writes()) == 2


def test_an_outcome_that_stays_unknown_is_told():
    cloud = account()
    fault(cloud, operation="CreateTask", kind="close_before", times=-1)
    result = scan(cloud)
    assert result["failure_kind"] == "unknown_outcome"
    assert not result["changed"]
    assert result["error"]["operation"] == "CreateTask"
    assert len(cloud.writes()) == 2


# Waiting


def test_a_wait_for_a_good_end():
    result = scan(account(), wait=True)
    assert not result.get("failed")
    assert result["task"]["outcome"] == "succeeded"
    assert result["task"]["finished_at"]


def test_a_wait_fails_with_the_clusters_that_failed_and_why():
    cloud = account(clusters={"count": 3, "failing": 2})
    result = scan(cloud, wait=True)
    assert result["failed"] and result["changed"]
    assert result["failure_kind"] == "resources_failed"
    assert [one["cluster_id"] for one in result["failed_resources"]] == [cluster(1), cluster(2)]
    reason = result["failed_resources"][0]["scan_detail_list"][0]["failed_reason"]
    assert "2 of 3 clusters failed" in result["msg"] and reason in result["msg"]
    assert result["task"]["outcome"] == "partially_failed"
    assert result["task_id"] == result["task"]["task_id"]


def test_a_scan_that_scanned_nothing_fails_a_wait():
    result = scan(account(clusters={"count": 0}), wait=True)
    assert result["failure_kind"] == "resources_failed"
    assert result["task"]["outcome"] == "nothing_scanned"
    assert "scanned nothing" in result["msg"]


def test_a_scan_that_left_out_a_cluster_fails_a_wait():
    result = scan(account(), ids=[cluster(1), "elsewhere"], wait=True)
    assert result["failure_kind"] == "resources_failed"
    assert "without 1 of the 2 that were asked for: elsewhere" in result["msg"]


def test_a_wait_that_runs_out_of_time_returns_the_task():
    result = scan(account(scan_seconds=1000), wait=True, wait_timeout=60)
    assert result["failure_kind"] == "wait_timeout"
    assert result["changed"]
    assert result["task"]["outcome"] == "running"
    assert result["task_id"] in result["msg"] and "3 of 3 clusters still being scanned" in result["msg"]


def test_a_wait_for_a_task_that_was_found():
    cloud = account()
    scan(cloud)
    result = scan(cloud, wait=True)
    assert not result["changed"]
    assert result["task"]["outcome"] == "succeeded"


# Wrong options


@pytest.mark.parametrize(
    "info",
    [
        {"scan_types": []},
        {"scan_types": ["nonsense"]},
        {"scan_types": ["benchmark"], "cluster_ids": []},
        {"scan_types": ["benchmark"], "cluster_ids": [""]},
        {"scan_types": ["benchmark"], "cluster_ids": ["x" * 65]},
        {"scan_types": ["benchmark"], "cluster_ids": [str(number) for number in range(201)]},
        {"scan_types": ["benchmark"], "range": "specific"},
        {"scan_types": ["benchmark"], "range": "all", "cluster_ids": ["x"]},
    ],
    ids=lambda info: str(info)[:60],
)
def test_wrong_options_fail_before_any_request(info):
    cloud = account()
    assert cloud.run("hss_task", task_type="cluster_scan", cluster_scan=info)["failed"]
    assert cloud.operations() == []
