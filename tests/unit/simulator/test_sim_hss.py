# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

A, B, C = (f"0000000{number}-0000-4000-8000-0123456789ab" for number in (1, 2, 3))


def only_task(caller, **filters):
    [task] = caller.tasks(**filters)["data_list"]
    return task


def counters(task):
    info = task["cluster_scan_info"]
    return tuple(info[f"{name}_cluster_num"] for name in ("scanning", "success", "failed"))


def test_the_life_of_a_task(caller, simulator):
    simulator.load({"hss": {"clusters": {"count": 3, "failing": 1, "fails": {"benchmark": "no agent"}}}})
    task_id = caller.create(scan_type_list=["cluster_vul", "benchmark"]).json()["task_id"]
    seen = []
    for pause in (0, 4.9, 0.1, 59.9, 0.1):
        simulator.clock.advance(pause)
        task = only_task(caller)
        seen.append((task["task_status"], task["estimated_time"], counters(task)))
    assert seen == [("ready", 2, (3, 0, 0)), ("ready", 2, (3, 0, 0)), ("running", 1, (3, 0, 0)),
                    ("running", 1, (3, 0, 0)), ("finished", 0, (0, 2, 1))]
    assert task["task_id"] == task_id
    assert task["end_time"] - task["start_time"] == 65000
    failed = caller.resources(task_id, scan_status="failed")
    assert failed["total_num"] == 1
    [cluster] = failed["cluster_scan_data_list"]
    assert cluster["scan_detail_list"] == [{"scan_type": "cluster_vul", "status": "success"},
                                           {"scan_type": "benchmark", "status": "failed", "failed_reason": "no agent"}]


def test_a_running_task_has_no_name_and_ends_when_it_started(caller, simulator):
    caller.create()
    simulator.clock.advance(10)
    task = only_task(caller)
    assert "task_name" not in task and task["end_time"] == task["start_time"]
    simulator.clock.advance(100)
    assert only_task(caller)["task_name"]


def test_a_retry_scans_what_failed_again(caller, simulator):
    simulator.load({"hss": {"clusters": {"count": 3, "failing": 2, "fail_attempts": 1}}})
    task_id = caller.create().json()["task_id"]
    simulator.clock.advance(65)
    before = caller.resources(task_id, cluster_id=A)["cluster_scan_data_list"][0]
    answer = caller.retry(task_id, [{"cluster_id": A}])
    assert (answer.status_code, answer.content) == (200, b"")
    task = only_task(caller)
    assert (task["task_status"], counters(task)) == ("running", (1, 1, 1))
    after = caller.resources(task_id, cluster_id=A)["cluster_scan_data_list"][0]
    assert after["scan_status"] == "scanning" and after["start_time"] > before["start_time"]
    simulator.clock.advance(60)
    assert counters(only_task(caller)) == (0, 2, 1)
    assert caller.retry(task_id).status_code == 200
    simulator.clock.advance(60)
    assert counters(only_task(caller)) == (0, 3, 0)


def test_a_retry_of_one_scan_type_leaves_the_others_failed(caller, simulator):
    simulator.load({"hss": {"clusters": {"count": 1, "failing": 1, "fail_attempts": 1}}})
    task_id = caller.create(scan_type_list=["cluster_vul", "benchmark"]).json()["task_id"]
    simulator.clock.advance(65)
    caller.retry(task_id, [{"cluster_id": A, "scan_type_list": ["benchmark"]}])
    simulator.clock.advance(60)
    [cluster] = caller.resources(task_id)["cluster_scan_data_list"]
    assert [detail["status"] for detail in cluster["scan_detail_list"]] == ["failed", "success"]


@pytest.mark.parametrize("option, value, status", [
    ("retry_nothing_failed", "ok", 200), ("retry_nothing_failed", "error", 400)])
def test_a_retry_when_nothing_failed(caller, simulator, option, value, status):
    simulator.load({"hss": {option: value, "tasks": [{"task_id": "t1"}]}})
    assert caller.retry("t1").status_code == status
    assert simulator.journal.summary()["effects"] == 0


@pytest.mark.parametrize("value, status", [("ok", 200), ("error", 400)])
def test_a_retry_while_the_task_runs(caller, simulator, value, status):
    simulator.load({"hss": {"retry_while_running": value, "tasks": [{"task_id": "t1", "failed": [A, B]}]}})
    assert caller.retry("t1", [{"cluster_id": A}]).status_code == 200
    assert caller.retry("t1", [{"cluster_id": B}]).status_code == status


@pytest.mark.parametrize("value, status", [("ok_ignored", 200), ("error", 400)])
def test_a_retry_of_an_unknown_cluster(caller, simulator, value, status):
    simulator.load({"hss": {"retry_unknown_cluster": value, "tasks": [{"task_id": "t1", "failed": [A]}]}})
    assert caller.retry("t1", [{"cluster_id": A}, {"cluster_id": "other"}]).status_code == status


def test_a_retry_of_unknown_tasks_and_file_scans_is_refused(caller, simulator):
    simulator.load({"hss": {"tasks": [{"task_id": "t1", "task_type": "iac_scan"}]}})
    assert [caller.retry(task_id).json()["error_code"] for task_id in ("t1", "t2")] == ["HSS.1018"] * 2


def test_a_new_task_can_show_late(caller, simulator):
    simulator.load({"hss": {"list_delay_looks": 2}})
    caller.create()
    assert [caller.tasks()["total_num"] for _look in range(4)] == [0, 0, 1, 1]
    simulator.load({"hss": {"list_delay_seconds": 20}})
    caller.create()
    simulator.clock.advance(19)
    assert caller.tasks()["total_num"] == 0
    assert simulator.state["hss"]["projects"]["0123456789abcdef0123456789abcdef"]["tasks"][0]["hidden"]
    simulator.clock.advance(1)
    assert caller.tasks()["total_num"] == 1


def test_the_effect_of_a_retry_can_show_late(caller, simulator):
    simulator.load({"hss": {"retry_delay_looks": 2, "tasks": [{"task_id": "t1", "failed": [A], "status": "finished"}]}})
    caller.retry("t1")
    statuses = [only_task(caller)["task_status"] for _look in range(3)]
    assert statuses == ["finished", "finished", "running"]
    assert caller.resources("t1", scan_status="scanning")["total_num"] == 1


@pytest.mark.parametrize("how, expected", [("at_once", [3, 3, 3]), ("when_running", [0, 3, 3]), ("late", [0, 0, 3])])
def test_resources_can_be_listed_late(caller, simulator, how, expected):
    simulator.load({"hss": {"resources_listed": how, "counters_listed": "with_resources"}})
    task_id = caller.create().json()["task_id"]
    listed, counted = [], []
    for pause in (0, 5, 5):
        simulator.clock.advance(pause)
        listed.append(caller.resources(task_id)["total_num"])
        counted.append(sum(counters(only_task(caller))))
    assert listed == counted == expected


@pytest.mark.parametrize("estimate, minutes", [("good", 60), (0.2, 12), (5, 300), ("missing", None)])
def test_the_estimate_is_in_minutes(caller, simulator, estimate, minutes):
    simulator.load({"hss": {"estimate": estimate, "ready_seconds": 0, "scan_seconds": 3600}})
    caller.create()
    assert only_task(caller).get("estimated_time") == minutes


def test_a_scan_of_all_takes_the_available_clusters(caller, simulator):
    simulator.load({"hss": {"clusters": [{"cluster_id": "a"}, {"cluster_id": "b", "status": "Upgrading"},
                                         {"cluster_id": "c", "scanned": False}]}})
    task_id = caller.create().json()["task_id"]
    assert [cluster["cluster_id"] for cluster in caller.resources(task_id)["cluster_scan_data_list"]] == ["a"]
    task_id = caller.create(range_type="specific_cluster", cluster_id_list=["b", "x"]).json()["task_id"]
    simulator.clock.advance(65)
    assert caller.resources(task_id, scan_status="failed")["total_num"] == 1
    simulator.merge({"hss": {"create_unknown": "error"}})
    assert caller.create(range_type="specific_cluster", cluster_id_list=["x"]).status_code == 400


def test_file_scans(caller, simulator):
    simulator.load({"hss": {"files": [{"file_id": "good"}, {"file_id": "bad", "fails": "broken"}]}})
    body = {"task_type": "iac_scan", "iac_scan_info": {"file_type": "dockerfile", "file_id_list": ["good", "bad"]}}
    task_id = caller.hss("POST", "common/task", body).json()["task_id"]
    simulator.clock.advance(65)
    assert only_task(caller, task_type="iac_scan")["iac_scan_info"] == {
        "file_type": "dockerfile", "scan_file_num": 0, "success_file_num": 1, "failed_file_num": 1}
    files = caller.resources(task_id, task_type="iac_scan")["iac_scan_data_list"]
    assert [(one["file_id"], one["scan_status"], one.get("failed_reason")) for one in files] \
        == [("good", "success", None), ("bad", "failed", "broken")]
    assert caller.tasks()["total_num"] == 0


def test_the_filters_of_a_list(caller, simulator):
    simulator.load({"hss": {"tasks": [
        {"task_id": "old", "age_seconds": 9000, "scan_types": ["cluster_vul"], "trigger_type": "schedule",
         "task_name": "nightly"},
        {"task_id": "mid", "age_seconds": 600, "scan_types": ["cluster_vul", "benchmark"]},
        {"task_id": "new", "age_seconds": 10, "status": "running"},
    ]}})
    now = simulator.clock.milliseconds()

    def ids(**filters):
        return [task["task_id"] for task in caller.tasks(**filters)["data_list"]]

    assert ids() == ["new", "mid", "old"]
    assert ids(sort_key="start_time", sort_dir="asc") == ["old", "mid", "new"]
    assert ids(task_id="mid") == ["mid"]
    assert ids(task_name="night") == ["old"]
    assert ids(trigger_type="schedule") == ["old"]
    assert ids(task_status="running") == ["new"]
    assert ids(start_create_time=now - 600000) == ["new", "mid"]
    assert ids(end_create_time=now - 600000) == ["mid", "old"]
    assert ids(cluster_scan_info={"scan_type_list": ["benchmark", "cluster_vul"]}) == ["new", "mid"]
    assert ids(cluster_scan_info={"scan_type_list": []}) == ["new", "mid", "old"]


def test_ten_thousand_tasks_in_pages(caller, simulator):
    simulator.load({"hss": {"history": {"count": 10000}}})
    ids = [task["task_id"] for offset in range(0, 10000, 200) for task in caller.tasks(offset=offset)["data_list"]]
    assert len(ids) == len(set(ids)) == 10000
    assert ids == sorted(ids, reverse=True)
    assert caller.tasks(offset=10000) == {"total_num": 10000, "data_list": []}


def test_history_has_resources_and_can_be_retried(caller, simulator):
    simulator.load({"hss": {"history": {"count": 3, "failed": 1}}})
    task_id = caller.tasks()["data_list"][0]["task_id"]
    assert counters(only_task(caller, task_id=task_id)) == (0, 2, 1)
    assert caller.resources(task_id, scan_status="failed")["total_num"] == 1
    assert counters(only_task(caller, task_id=task_id)) == (0, 2, 1)
    assert caller.retry(task_id).status_code == 200
    assert counters(only_task(caller, task_id=task_id)) == (1, 2, 0)


def test_new_tasks_between_pages_and_a_lying_total(caller, simulator):
    simulator.load({"hss": {"history": {"count": 400}, "appear": {"every_looks": 1, "count": 1, "total": 2},
                            "total_num": "page"}})
    first, second = caller.tasks(), caller.tasks(offset=200)
    assert first["total_num"] == second["total_num"] == 200
    assert first["data_list"][-1] == second["data_list"][0]


@pytest.mark.parametrize("path, body", [
    ("common/tasks/batch-query?limit=9", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?limit=201", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?offset=2000001", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?limit=ten", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?unknown=1", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?limit=10&limit=20", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query?enterprise_project_id=", {"task_type": "cluster_scan"}),
    ("common/tasks/batch-query", None),
    ("common/tasks/batch-query", []),
    ("common/tasks/batch-query", {}),
    ("common/tasks/batch-query", {"task_type": "other"}),
    ("common/tasks/batch-query", {"task_type": "cluster_scan", "task_id": ""}),
    ("common/tasks/batch-query", {"task_type": "cluster_scan", "task_id": "x" * 65}),
    ("common/tasks/batch-query", {"task_type": "cluster_scan", "start_create_time": "1"}),
    ("common/tasks/batch-query", {"task_type": "cluster_scan", "iac_scan_info": {"file_type": "dockerfile"}}),
    ("common/task", {"task_type": "cluster_scan"}),
    ("common/task", {"task_type": "cluster_scan", "cluster_scan_info": {
        "scan_type_list": [], "range_type": "all_cluster"}}),
    ("common/task", {"task_type": "cluster_scan", "cluster_scan_info": {
        "scan_type_list": ["cluster_vul"], "range_type": "specific_cluster"}}),
    ("common/task", {"task_type": "cluster_scan", "cluster_scan_info": {
        "scan_type_list": ["cluster_vul"], "range_type": "specific_cluster", "cluster_id_list": ["c"] * 201}}),
    ("common/task", {"task_type": "iac_scan", "iac_scan_info": {"file_type": "dockerfile", "file_id_list": []}}),
])
def test_every_documented_limit(caller, path, body):
    answer = caller.hss("POST", path, body)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "HSS.0001"
    assert answer.json()["error_description"] == answer.json()["error_msg"]


def test_clusters_have_what_scans_leave_behind(caller, simulator):
    clusters = [{"cluster_name": "one", "fields": {"emg_vul_num": 4}}, {"cluster_name": "two"}]
    simulator.load({"hss": {"clusters": clusters}})
    caller.create()
    simulator.clock.advance(65)
    clusters = caller.hss("GET", "kubernetes/clusters?cluster_name=on&limit=200").json()["cluster_info_list"]
    assert [(cluster["emg_vul_num"], cluster["last_scan_time"]) for cluster in clusters] \
        == [(4, simulator.clock.milliseconds())]


def test_a_cluster_can_be_mended_while_its_task_lives(caller, simulator):
    simulator.load({"hss": {"clusters": {"count": 1, "failing": 1}}})
    task_id = caller.create().json()["task_id"]
    simulator.clock.advance(65)
    simulator.merge({"hss": {"clusters": [{"cluster_id": A, "fails": False}]}})
    caller.retry(task_id)
    simulator.clock.advance(60)
    assert counters(only_task(caller)) == (0, 1, 0)
