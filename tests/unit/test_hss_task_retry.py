# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hss_task_retry against the simulator: what is sent, what is not, and what is told about it."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

TASK = "00000001-5ca0-4000-8000-0123456789ab"


def cluster(number):
    return "%08x-0000-4000-8000-0123456789ab" % number


def account(clusters=5, failed=(1, 2), failing=0, skew=0, **hss):
    """An account with one finished task; the clusters with the numbers in ``failed`` failed in it.

    The first ``failing`` clusters fail whenever they are scanned.
    """
    task = {"failed": [cluster(number) for number in failed]}
    return Account({"hss": {"clusters": {"count": clusters, "failing": failing}, "tasks": [task], **hss}}, skew=skew)


def fault(cloud, *faults):
    cloud.simulator.faults.set(list(faults))


def requests(cloud):
    """The clusters in each RetryTask, as the server read them."""
    return [entry["body"]["cluster_scan_info"]["cluster_info_list"] for entry in cloud.writes()]


def ids(entries):
    return [entry["cluster_id"] for entry in entries]


def attempts(cloud):
    """How often each cluster of the task was scanned, as it really is."""
    (project,) = cloud.simulator.state["hss"]["projects"].values()
    task = next(task for task in project["tasks"] if task["task_id"] == TASK)
    return {
        resource["id"]: max(item["attempts"] for item in resource["items"].values()) for resource in task["resources"]
    }


def retry(cloud, **options):
    return cloud.run("hss_task_retry", task_id=TASK, **options)


# What is sent


def test_every_failed_cluster_is_retried_by_its_id():
    cloud = account()
    result = retry(cloud)
    assert result["changed"]
    assert requests(cloud) == [[{"cluster_id": cluster(1)}, {"cluster_id": cluster(2)}]]
    assert ids(result["retried_clusters"]) == [cluster(1), cluster(2)]
    assert result["retried_clusters"][0] == {
        "cluster_id": cluster(1),
        "cluster_name": "cluster-0001",
        "scan_types": ["cluster_vul", "risk_assessment", "benchmark"],
    }
    assert result["skipped_clusters"] == result["unsent_clusters"] == result["failed_resources"] == []
    assert result["task"]["outcome"] == "running"
    assert cloud.operations() == ["ListTasks", "ListTaskResources", "RetryTask", "ListTaskResources", "ListTasks"]


def test_chosen_clusters_with_chosen_scan_types():
    cloud = account(failed=(1, 2, 3))
    result = retry(
        cloud,
        clusters=[{"cluster_id": cluster(2), "scan_types": ["benchmark", "cluster_vul"]}, {"cluster_id": cluster(3)}],
    )
    assert requests(cloud) == [
        [{"cluster_id": cluster(2), "scan_type_list": ["cluster_vul", "benchmark"]}, {"cluster_id": cluster(3)}]
    ]
    assert result["retried_clusters"][0]["scan_types"] == ["cluster_vul", "benchmark"]
    assert attempts(cloud)[cluster(1)] == 1


def test_scan_types_that_did_not_fail_are_left_out():
    cloud = Account(
        {"hss": {"clusters": {"count": 2}, "tasks": [{"failed": {cluster(1): {"benchmark": True}}}]}},
    )
    result = retry(cloud, clusters=[{"cluster_id": cluster(1), "scan_types": ["benchmark", "cluster_vul"]}])
    assert requests(cloud) == [[{"cluster_id": cluster(1), "scan_type_list": ["benchmark"]}]]
    assert result["retried_clusters"][0]["scan_types"] == ["benchmark"]


def test_a_cluster_named_twice_is_sent_once_with_all_its_scan_types():
    cloud = account()
    twice = [
        {"cluster_id": cluster(1), "scan_types": ["benchmark"]},
        {"cluster_id": cluster(1), "scan_types": ["cluster_vul"]},
    ]
    retry(cloud, clusters=twice)
    assert requests(cloud) == [[{"cluster_id": cluster(1), "scan_type_list": ["cluster_vul", "benchmark"]}]]


def test_what_did_not_fail_is_skipped_and_named():
    cloud = account(clusters=3, failed=(1, 2))
    retry(cloud, clusters=[{"cluster_id": cluster(2)}])
    cloud.simulator.journal.clear()
    result = retry(
        cloud,
        clusters=[{"cluster_id": cluster(3)}, {"cluster_id": "elsewhere"}, {"cluster_id": cluster(2)}],
    )
    assert not result["changed"]
    assert cloud.writes() == []
    assert result["skipped_clusters"] == [
        {"cluster_id": cluster(3), "cluster_name": "cluster-0003", "reason": "did not fail"},
        {"cluster_id": "elsewhere", "cluster_name": None, "reason": "is not in the task"},
        {"cluster_id": cluster(2), "cluster_name": "cluster-0002", "reason": "is being scanned"},
    ]


def test_a_cluster_that_failed_for_other_scan_types_is_skipped():
    cloud = Account({"hss": {"clusters": {"count": 2}, "tasks": [{"failed": {cluster(1): {"benchmark": True}}}]}})
    result = retry(cloud, clusters=[{"cluster_id": cluster(1), "scan_types": ["cluster_vul"]}])
    assert not result["changed"]
    assert result["skipped_clusters"][0]["reason"] == "failed, but not in cluster_vul"


def test_a_list_without_clusters_retries_nothing_and_waits_for_nothing():
    cloud = account()
    result = retry(cloud, clusters=[], wait=True)
    assert not result["changed"]
    assert cloud.operations() == ["ListTasks"]
    assert result["task"]["outcome"] == "partially_failed"


@pytest.mark.parametrize("nothing_failed", ["ok", "error"])
def test_when_nothing_failed_nothing_is_sent(nothing_failed):
    cloud = account(failed=(), retry_nothing_failed=nothing_failed)
    result = retry(cloud)
    assert not result["changed"]
    assert cloud.writes() == []
    assert len(cloud.operations()) == 2


@pytest.mark.parametrize("unknown_cluster", ["ok_ignored", "error"])
def test_a_cluster_that_is_not_in_the_task_is_not_sent(unknown_cluster):
    cloud = account(retry_unknown_cluster=unknown_cluster)
    result = retry(cloud, clusters=[{"cluster_id": "elsewhere"}, {"cluster_id": cluster(1)}])
    assert requests(cloud) == [[{"cluster_id": cluster(1)}]]
    assert ids(result["skipped_clusters"]) == ["elsewhere"]


@pytest.mark.parametrize("looks", [0, 2])
def test_a_second_run_changes_nothing_also_when_the_effect_shows_late(looks):
    cloud = account(retry_delay_looks=looks)
    first, second = retry(cloud), retry(cloud)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first.keys() == second.keys()
    assert set(attempts(cloud).values()) == {1, 2}
    assert len(cloud.writes()) == 1


def test_an_effect_that_does_not_show_in_30_seconds_is_a_warning():
    cloud = account(retry_delay_seconds=45)
    assert retry(cloud)["changed"]
    assert len(cloud.warnings) == 1 and "does not show after 30 seconds" in cloud.warnings[0]


def test_what_fails_again_at_once_shows_a_newer_scan():
    cloud = account(scan_seconds=0, failing=2)
    result = retry(cloud)
    assert result["changed"]
    assert cloud.warnings == []
    assert sum(cloud.clock.slept) == 0


# More than fits in one request


def test_a_thousand_clusters_with_450_failures():
    cloud = account(clusters=1000, failed=range(1, 451))
    result = retry(cloud)
    sent = requests(cloud)
    assert [len(clusters) for clusters in sent] == [200, 200, 50]
    assert [entry["cluster_id"] for clusters in sent for entry in clusters] == [cluster(n) for n in range(1, 451)]
    assert len(result["retried_clusters"]) == 450
    # Three pages of failures; afterwards there are none, which is one more page.
    assert cloud.operations() == (
        ["ListTasks"] + 3 * ["ListTaskResources"] + 3 * ["RetryTask"] + ["ListTaskResources", "ListTasks"]
    )


def test_one_chosen_cluster_of_many_is_found_on_its_page():
    cloud = account(clusters=1000, failed=range(1, 451))
    retry(cloud, check_mode=True, clusters=[{"cluster_id": cluster(250)}])
    assert cloud.operations() == ["ListTasks", "ListTaskResources", "ListTaskResources"]


def test_a_failure_in_the_second_request_tells_what_the_first_one_did():
    cloud = account(clusters=1000, failed=range(1, 451))
    fault(cloud, {"operation": "RetryTask", "call": 2, "kind": "status", "status": 400, "code": "HSS.0001"})
    result = retry(cloud)
    assert result["failed"] and result["changed"]
    assert result["failure_kind"] == "api"
    assert result["error"]["operation"] == "RetryTask"
    assert ids(result["retried_clusters"]) == [cluster(n) for n in range(1, 201)]
    assert ids(result["unsent_clusters"]) == [cluster(n) for n in range(201, 451)]
    again = retry(cloud)
    assert ids(again["retried_clusters"]) == [cluster(n) for n in range(201, 451)]
    assert max(attempts(cloud).values()) == 2


def test_a_service_that_refuses_while_the_task_runs_leaves_the_rest_for_later():
    cloud = account(clusters=300, failed=range(1, 251), retry_while_running="error", scan_seconds=60)
    result = retry(cloud)
    assert result["failure_kind"] == "api"
    assert "run again after its end" in result["msg"]
    assert (len(result["retried_clusters"]), len(result["unsent_clusters"])) == (200, 50)
    cloud.simulator.clock.advance(100)
    assert len(retry(cloud)["retried_clusters"]) == 50
    assert sorted(attempts(cloud).values()) == 50 * [1] + 250 * [2]


# Lost answers


@pytest.mark.parametrize(
    "kind",
    [
        {"kind": "close_after"},
        {"kind": "silence_after"},
        {"kind": "status", "status": 502, "body": "html", "effect": True},
        {"kind": "status", "status": 504, "body": "empty", "effect": True},
    ],
    ids=lambda kind: kind.get("status", kind["kind"]),
)
@pytest.mark.parametrize("looks", [0, 2])
def test_a_retry_whose_answer_was_lost_is_not_sent_again(kind, looks):
    cloud = account(retry_delay_looks=looks, scan_seconds=600)
    fault(cloud, {"operation": "RetryTask", **kind})
    result = retry(cloud)
    assert result["changed"] and not result.get("failed")
    assert len(cloud.writes()) == 1
    assert ids(result["retried_clusters"]) == [cluster(1), cluster(2)]


@pytest.mark.parametrize("kind", [{"kind": "close_before"}, {"kind": "status", "status": 503}], ids=["close", "503"])
def test_a_retry_that_had_no_effect_is_sent_once_more(kind):
    cloud = account(scan_seconds=600)
    fault(cloud, {"operation": "RetryTask", **kind})
    result = retry(cloud)
    assert result["changed"] and not result.get("failed")
    assert set(attempts(cloud).values()) == {1, 2}
    assert len(cloud.writes()) == 2


def test_an_outcome_that_stays_unknown_is_told():
    cloud = account()
    fault(cloud, {"operation": "RetryTask", "times": -1, "kind": "close_before"})
    result = retry(cloud)
    assert result["failure_kind"] == "unknown_outcome"
    assert "2 of its clusters still show the old failure" in result["msg"]
    assert not result["changed"]
    assert ids(result["unsent_clusters"]) == [cluster(1), cluster(2)]
    assert len(cloud.writes()) == 2


def test_an_outcome_that_cannot_be_read_is_told():
    cloud = account()
    fault(
        cloud,
        {"operation": "RetryTask", "kind": "close_after"},
        {"operation": "ListTaskResources", "call": 2, "times": -1, "kind": "close_before"},
    )
    result = retry(cloud)
    assert result["failure_kind"] == "unknown_outcome"
    assert "could not be read again" in result["msg"]
    assert len(cloud.writes()) == 1


def test_a_lost_answer_in_the_middle_goes_on_with_the_rest():
    cloud = account(clusters=500, failed=range(1, 451), scan_seconds=6000)
    fault(cloud, {"operation": "RetryTask", "call": 2, "kind": "close_after"})
    result = retry(cloud)
    assert len(result["retried_clusters"]) == 450
    assert len(cloud.writes()) == 3
    assert max(attempts(cloud).values()) == 2


def test_a_throttled_retry_is_sent_again_after_the_pause_that_is_asked_for():
    cloud = account()
    fault(cloud, {"operation": "RetryTask", "kind": "throttle", "retry_after": 77})
    result = retry(cloud)
    assert result["changed"]
    assert cloud.clock.slept[0] == 77
    assert len(cloud.writes()) == 2


def test_throttling_without_an_end_fails():
    cloud = account()
    fault(cloud, {"operation": "RetryTask", "times": -1, "kind": "throttle"})
    result = retry(cloud)
    assert result["failure_kind"] == "api"
    assert result["error"]["http_status"] == 429
    assert len(cloud.writes()) == 6
    assert cloud.clock.slept == [15, 30, 60, 120, 120]


def test_a_pause_of_an_hour_is_not_waited_for():
    cloud = account()
    fault(cloud, {"operation": "RetryTask", "kind": "throttle", "retry_after": 3600})
    assert retry(cloud)["error"]["http_status"] == 429
    assert cloud.clock.slept == []


def test_what_somebody_else_had_scanned_again_during_throttling_is_skipped():
    cloud = account(scan_seconds=600)
    fault(cloud, {"operation": "RetryTask", "kind": "throttle"})
    sleep = cloud.clock.sleep

    def sleep_while_another_retries(seconds):
        cloud.clock.sleep = sleep
        other = Account.__new__(Account)
        other.__dict__.update(cloud.__dict__)
        retry(other, clusters=[{"cluster_id": cluster(1)}])
        sleep(seconds)

    cloud.clock.sleep = sleep_while_another_retries
    result = retry(cloud)
    assert ids(result["retried_clusters"]) == [cluster(2)]
    assert [(entry["cluster_id"], entry["reason"]) for entry in result["skipped_clusters"]] == [
        (cluster(1), "is scanned again already")
    ]
    assert max(attempts(cloud).values()) == 2


# Check mode


def test_check_mode_names_exactly_what_would_be_retried():
    cloud = account(failed=(1, 2, 4))
    choice = [{"cluster_id": cluster(4), "scan_types": ["benchmark"]}, {"cluster_id": cluster(3)}]
    predicted = retry(cloud, check_mode=True, clusters=choice, wait=True)
    assert predicted["changed"]
    assert cloud.writes() == []
    assert cloud.clock.slept == []
    done = retry(cloud, clusters=choice)
    assert predicted["retried_clusters"] == done["retried_clusters"]
    assert predicted["skipped_clusters"] == done["skipped_clusters"]
    assert not retry(cloud, check_mode=True, clusters=choice)["changed"]


# Waiting


@pytest.mark.parametrize("looks", [0, 2])
def test_a_wait_judges_the_retry_and_not_what_was_before(looks):
    cloud = account(retry_delay_looks=looks)
    result = retry(cloud, wait=True)
    assert not result.get("failed")
    assert result["task"]["outcome"] == "succeeded"
    assert result["failed_resources"] == []


def test_a_wait_goes_on_while_the_effect_does_not_show():
    cloud = account(retry_delay_seconds=200, scan_seconds=400)
    result = retry(cloud, wait=True)
    assert not result.get("failed")
    assert result["task"]["outcome"] == "succeeded"
    assert len(cloud.warnings) == 1


def test_a_wait_for_an_effect_that_never_shows_ends_in_time():
    cloud = account(retry_delay_seconds=100000)
    result = retry(cloud, wait=True, wait_timeout=600)
    assert result["failure_kind"] == "wait_timeout"
    assert "shown as before the retry" in result["msg"]
    assert result["changed"]


def test_a_wait_fails_with_what_failed_again():
    cloud = account(failing=2)
    result = retry(cloud, wait=True)
    assert result["failed"] and result["changed"]
    assert result["failure_kind"] == "resources_failed"
    assert ids(result["failed_resources"]) == [cluster(1), cluster(2)]
    assert result["failed_resources"][0]["scan_detail_list"][0]["failed_reason"] in result["msg"]
    assert ids(result["retried_clusters"]) == [cluster(1), cluster(2)]


def test_a_wait_for_chosen_clusters_judges_only_them():
    cloud = account(failed=(1, 2, 3))
    assert not retry(cloud, clusters=[{"cluster_id": cluster(1)}], wait=True).get("failed")
    assert retry(cloud, wait=True)["task"]["outcome"] == "succeeded"


def test_a_wait_for_chosen_scan_types_judges_only_them():
    cloud = account(failed=(1,))
    result = retry(cloud, clusters=[{"cluster_id": cluster(1), "scan_types": ["benchmark"]}], wait=True)
    assert not result.get("failed")
    assert result["task"]["outcome"] == "partially_failed"
    result = retry(cloud, clusters=[{"cluster_id": cluster(1)}])
    assert result["retried_clusters"][0]["scan_types"] == ["cluster_vul", "risk_assessment"]


def test_a_wait_without_a_cluster_that_was_asked_for_fails():
    cloud = account()
    result = retry(cloud, clusters=[{"cluster_id": cluster(1)}, {"cluster_id": "elsewhere"}], wait=True)
    assert result["failure_kind"] == "resources_failed"
    assert "are not in the task: elsewhere" in result["msg"]


def test_a_second_run_waits_for_what_is_scanning_again():
    cloud = account()
    retry(cloud)
    result = retry(cloud, wait=True)
    assert not result["changed"]
    assert result["task"]["outcome"] == "succeeded"


def test_a_wait_when_nothing_failed_makes_no_further_request():
    cloud = account(failed=())
    assert not retry(cloud, wait=True)["changed"]
    assert len(cloud.operations()) == 2


def test_a_wait_that_runs_out_of_time_says_what_is_still_going_on():
    cloud = account(scan_seconds=1000)
    result = retry(cloud, wait=True, wait_timeout=100)
    assert result["failure_kind"] == "wait_timeout"
    assert result["changed"]
    assert "scan task %s is running, with 2 of 5 clusters still being scanned" % TASK in result["msg"]
    assert result["task"]["outcome"] == "running"


@pytest.mark.parametrize("skew", [-600, 0, 600])
def test_a_clock_that_is_off_changes_nothing(skew):
    cloud = account(skew=skew, retry_delay_looks=2)
    assert retry(cloud, wait=True)["task"]["outcome"] == "succeeded"
    assert not retry(cloud)["changed"]


# What cannot be retried


def test_a_scan_of_files_is_refused_with_a_sentence():
    cloud = Account({"hss": {"tasks": [{"task_type": "iac_scan", "failed": [cluster(1)]}]}})
    result = retry(cloud)
    assert result["failure_kind"] == "input"
    assert "is an iac_scan task, and only cluster scans can be retried" in result["msg"]
    assert cloud.writes() == []


def test_an_unknown_task_is_a_clear_error():
    cloud = account()
    result = cloud.run("hss_task_retry", task_id="nowhere")
    assert result["failure_kind"] == "input"
    assert "No scan task nowhere is listed" in result["msg"]
    assert result["task"] is None


@pytest.mark.parametrize(
    "options",
    [
        {"task_id": ""},
        {"task_id": "x" * 65},
        {"task_id": TASK, "clusters": [{"cluster_id": ""}]},
        {"task_id": TASK, "clusters": [{"cluster_id": "x" * 65}]},
        {"task_id": TASK, "clusters": [{"cluster_id": "x", "scan_types": []}]},
        {"task_id": TASK, "clusters": [{"cluster_id": "x", "scan_types": ["nonsense"]}]},
        {"task_id": TASK, "clusters": [{}]},
        {"task_id": TASK, "wait_timeout": -1},
        {"task_id": TASK, "wait_interval": 0},
    ],
    ids=str,
)
def test_wrong_options_fail_before_any_request(options):
    cloud = account()
    assert cloud.run("hss_task_retry", **options)["failed"]
    assert cloud.operations() == []
