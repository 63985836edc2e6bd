# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

import pytest

from tests.unit.simulator.sim_caller import PROJECT

TASK = "5c8ba99030344005c02316ad"


@pytest.fixture
def iotda(caller):
    def call(method, path, body=None, **options):
        return caller.call(method, f"/v5/iot/{PROJECT}/batchtasks{path}", body, **options)
    return call


@pytest.fixture
def load(simulator):
    def load(*groups, task=None, **options):
        simulator.load({"iotda": {"batch_tasks": [{"task_id": TASK, "sub_tasks": groups, **(task or {})}], **options}})
    return load


@pytest.fixture
def show(iotda):
    return lambda query="": iotda("GET", f"/{TASK}{query}").json()


@pytest.fixture
def retry(iotda):
    return lambda body: iotda("POST", f"/{TASK}/retry", body)


def test_a_task_as_it_is_shown(load, show):
    load({"status": "Success"}, {"status": "Fail", "targets": ["d1"], "output": "text"})
    answer = show()
    assert answer["batchtask"] == {
        "task_id": TASK, "task_name": "upgrade_1", "task_type": "firmwareUpgrade", "status": "PartialSuccess",
        "create_time": "20260102T020305Z",
        "task_progress": {"total": 2, "success": 1, "fail": 1, "processing": 0, "waitting": 0, "fail_wait_retry": 0,
                          "stopped": 0, "removed": 0}}
    assert [detail["target"] for detail in answer["task_details"]] == ["d1", "success-00001"]
    assert answer["task_details"][0]["output"] == "text" and answer["task_details"][0]["error"]["error_code"]
    assert answer["page"] == {"count": 2, "marker": "650000000000000000000001"}


def test_pages(load, show):
    load({"status": "Fail", "count": 120})
    seen, marker = [], "f" * 24
    while True:
        answer = show(f"?task_detail_status=Fail&limit=50&marker={marker}")
        assert answer["page"]["count"] == 120
        seen += [detail["target"] for detail in answer["task_details"]]
        if len(answer["task_details"]) < 50:
            break
        marker = answer["page"]["marker"]
    assert seen == [f"fail-{number:05d}" for number in range(120, 0, -1)]
    assert [detail["target"] for detail in show("?offset=119&limit=1")["task_details"]] == ["fail-00001"]
    assert len(show()["task_details"]) == 10


@pytest.mark.parametrize("query, code", [
    ("limit=0", "IOTDA.000017"), ("limit=51", "IOTDA.000017"), ("limit=x", "IOTDA.000017"),
    ("offset=501", "IOTDA.000006"), ("marker=abc", "IOTDA.000006"),
    ("target=a%20b", "IOTDA.000006"), ("task_detail_status=Failed", "IOTDA.000006"),
    ("unknown=1", "IOTDA.000006")])
def test_limits_of_a_query(load, iotda, query, code):
    load()
    answer = iotda("GET", f"/{TASK}?{query}")
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


@pytest.mark.parametrize("targets", [[], [""], ["a b"], ["a" * 129], ["d"] * 101, "d1", [1]])
def test_limits_of_a_retry(load, retry, simulator, targets):
    load({"status": "Fail"})
    assert retry({"targets": targets}).json()["error_code"] == "IOTDA.000006"
    assert simulator.journal.summary()["effects"] == 0


@pytest.mark.parametrize("path, status, code", [
    ("/abc", 404, "IOTDA.014200"), ("/ABC", 400, "IOTDA.000006"), ("/" + "a" * 25, 400, "IOTDA.000006"),
    ("", 400, "IOTDA.000006")])
def test_tasks_that_are_not_there(load, iotda, path, status, code):
    load()
    answer = iotda("GET", path)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_each_target_has_its_result(load, retry):
    load({"status": "Fail", "targets": ["d1"]}, {"status": "Success", "targets": ["d2"]})
    results = retry({"targets": ["d1", "d2", "d3"]}).json()["targets"]
    assert [(result["target"], result["status"], result.get("error_code")) for result in results] == [
        ("d1", "success", None), ("d2", "failure", "IOTDA.000006"), ("d3", "failure", "IOTDA.014219")]


@pytest.mark.parametrize("body", [{}, None])
@pytest.mark.parametrize("answer", ["targets", "nothing"])
def test_all_that_can_be_retried(load, retry, simulator, body, answer):
    load(*[{"status": status} for status in ("Success", "Processing", "Waitting", "Fail", "FailWaitRetry", "Stopped")],
         retry_all_answer=answer)
    given = retry(body).json()
    assert given == {} if answer == "nothing" else len(given["targets"]) == 3
    assert simulator.journal.requests[-1]["retried"] == ["fail-00001", "failwaitretry-00001", "stopped-00001"]


@pytest.mark.parametrize("status", ["Success", "Stopped", "Stopping", "Waitting", "Initializing"])
def test_states_without_a_retry(load, retry, status):
    load({"status": "Fail"}, task={"status": status})
    assert retry({}).json()["error_code"] == "IOTDA.000006"


def test_a_retry_goes_on_with_the_clock(load, retry, show, simulator):
    load({"status": "Fail", "queue_seconds": 10, "seconds": 20, "retry_fails": 1})
    seen = []
    for _attempt in range(2):
        retry({})
        for pause in (0, 10, 20):
            simulator.clock.advance(pause)
            seen.append(show()["task_details"][0]["status"])
    assert seen == ["Waitting", "Processing", "Fail", "Waitting", "Processing", "Success"]


def test_an_offline_device_waits(load, retry, show, simulator):
    load({"status": "Fail", "offline": True})
    retry({})
    simulator.clock.advance(100000)
    assert show()["batchtask"]["task_progress"]["waitting"] == 1
    simulator.merge({"iotda": {"online": {TASK: ["fail-00001"]}}})
    simulator.clock.advance(60)
    assert show()["batchtask"]["status"] == "Success"


@pytest.mark.parametrize("options", [{"retry_delay_looks": 2}, {"retry_delay_seconds": 2}])
def test_an_effect_can_show_late(load, retry, show, simulator, options):
    load({"status": "Fail"}, **options)
    retry({})
    seen = []
    for _look in range(3):
        seen.append(show()["task_details"][0]["status"])
        simulator.clock.advance(1)
    assert seen == ["Fail", "Fail", "Processing"]
    assert simulator.state["iotda"]["batch_tasks"][0]["counts"] == {"Processing": 1}


def test_the_list_of_tasks(simulator, iotda):
    simulator.load({"iotda": {"batch_tasks": [{"task_id": f"a{number}", "app_id": "space"} for number in range(3)]}})
    answer = iotda("GET", "?task_type=firmwareUpgrade&app_id=space&limit=2").json()
    assert ([task["task_id"] for task in answer["batchtasks"]], answer["page"]["count"]) == (["a2", "a1"], 3)
    marker = answer["page"]["marker"]
    answer = iotda("GET", f"?task_type=firmwareUpgrade&status=Success&marker={marker}").json()
    assert [task["task_id"] for task in answer["batchtasks"]] == ["a0"]


@pytest.mark.parametrize("signing, derived, status", [
    ("any", None, 200), ("any", ("cn-north-4", "iotdm"), 200), ("any", ("cn-north-9", "iotdm"), 401),
    ("any", ("cn-north-4", "iotda"), 401), ("derived", None, 401), ("derived", ("cn-north-4", "iotdm"), 200),
    ("by_host", None, 200), ("by_host", ("cn-north-4", "iotdm"), 401)])
def test_signatures(load, iotda, signing, derived, status):
    load(signing=signing)
    assert iotda("GET", f"/{TASK}", derived=derived).status_code == status


def test_thirty_thousand_are_no_strain(load, show):
    load({"status": "Success", "count": 25000}, {"status": "Fail", "count": 5000})
    begun, marker = time.process_time(), "f" * 24
    for _page in range(100):
        marker = show(f"?task_detail_status=Fail&limit=50&marker={marker}")["page"]["marker"]
    assert time.process_time() - begun < 5
    assert int(marker, 16) == 0x650000000000000000000000 + 25001


@pytest.mark.parametrize("part", [
    {"batch_tasks": [{"unknown": 1}]}, {"batch_tasks": [{"sub_tasks": [{"status": "Fail", "unknown": 1}]}]},
    {"count": "some"}, {"unknown": 1}])
def test_scenarios_that_are_not_understood(simulator, part):
    with pytest.raises((ValueError, TypeError)):
        simulator.load({"iotda": part})
