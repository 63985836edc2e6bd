# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

import pytest

from tests.unit.simulator.sim_caller import PROJECT, START

FIRST, SECOND = (f"0000000{number}-0000-4000-8000-00000000fa11" for number in (1, 2))


@pytest.fixture
def kps(caller):
    return lambda method, path: caller.call(method, f"/v3/{PROJECT}/{path}")


@pytest.fixture
def failed(kps):
    return lambda query="": kps("GET", "failed-tasks" + query).json()


def ids(answer):
    return [task["task_id"] for task in answer["tasks"]]


def test_a_failed_task_as_it_is_listed(simulator, failed):
    simulator.load({"kps": {"failed": [{"server_name": "web-1"}]}})
    assert failed() == {"total": 1, "tasks": [{
        "task_id": FIRST, "operate_type": "FAILED_RESET", "task_time": str((START - 600) * 1000),
        "task_error_code": None, "task_error_msg": "SSH连接失败", "server_name": "web-1",
        "server_id": "00000001-0000-4000-8000-0000005e7e70", "keypair_name": "deploy"}]}


def test_running_tasks_end_with_the_clock(simulator, kps, failed):
    simulator.load({"kps": {"running": [{"remaining_seconds": 30}, {"remaining_seconds": 40, "ends": "failed"},
                                        {"remaining_seconds": None}]}})
    running = []
    for pause in (0, 30, 10, 100000):
        simulator.clock.advance(pause)
        running.append(kps("GET", "running-tasks").json()["total"])
    assert running == [3, 2, 1, 1]
    [task] = failed()["tasks"]
    assert (task["task_id"], task["operate_type"]) == (SECOND, "FAILED_RESET")
    assert task["task_time"] == str((START + 40) * 1000)


def test_pages_and_totals(simulator, failed):
    simulator.load({"kps": {"failed": {"count": 25}, "total": "page"}})
    pages = [failed(f"?limit=10&offset={offset}") for offset in (0, 10, 20, 30)]
    assert [page["total"] for page in pages] == [10, 10, 5, 0]
    assert len({task_id for page in pages for task_id in ids(page)}) == 25
    simulator.load({"kps": {"failed": {"count": 25}}})
    assert failed("?limit=10&offset=20")["total"] == 25


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=100001", "offset=-1", "limit=x", "server_id=1"])
def test_limits(kps, query):
    for path in ("failed-tasks", "running-tasks"):
        answer = kps("GET", f"{path}?{query}")
        assert (answer.status_code, answer.json()["error_code"]) == (400, "KPS.0002")


def test_clear_one_and_all(simulator, kps, failed):
    simulator.load({"kps": {"failed": {"count": 3}}})
    answer = kps("DELETE", "failed-tasks/" + FIRST)
    assert (answer.status_code, answer.content) == (200, b"")
    answer = kps("DELETE", "failed-tasks/" + FIRST)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "KPS.0005")
    answer = kps("DELETE", "failed-tasks/too-short")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "KPS.0001")
    assert failed()["total"] == 2
    for _time in range(2):
        assert kps("DELETE", "failed-tasks").status_code == 200
    assert failed()["tasks"] == []
    assert simulator.journal.summary()["effects"] == 2


def test_what_was_cleared_can_be_listed_for_a_while(simulator, kps, failed):
    simulator.load({"kps": {"failed": {"count": 1}, "list_delay_looks": 2}})
    kps("DELETE", "failed-tasks/" + FIRST)
    assert [failed()["total"] for _look in range(3)] == [1, 1, 0]
    assert simulator.state["kps"]["projects"][PROJECT]["failed"] == []


@pytest.mark.parametrize("where, place", [("front", 0), ("end", -1)])
def test_tasks_appear(simulator, failed, where, place):
    simulator.load({"kps": {"failed": {"count": 2}, "appear": {
        "count": 1, "total": 2, "every_looks": 1, "where": where, "fields": {"server_name": "late"}}}})
    seen = [failed() for _look in range(4)]
    assert [answer["total"] for answer in seen] == [2, 3, 4, 4]
    assert seen[1]["tasks"][place]["server_name"] == "late"


def test_the_scenario_is_checked(simulator):
    for part in ({"failed": [{"nonsense": 1}]}, {"running": [{"ends": "maybe"}]}, {"total": "some"}, {"nonsense": 1}):
        with pytest.raises(ValueError):
            simulator.load({"kps": part})


def test_merge_adds_and_projects_are_apart(simulator, failed):
    simulator.load({"kps": {"failed": {"count": 1}, "projects": {"cn-north-4": {"failed": {"count": 2}}}}})
    assert failed()["total"] == 2
    simulator.merge({"kps": {"running": [{"ends": "failed", "remaining_seconds": 1}], "failed": [{}]}})
    simulator.clock.advance(1)
    assert failed()["total"] == 4


def test_many_are_fast(simulator, failed):
    begin = time.perf_counter()
    simulator.load({"kps": {"failed": {"count": 25000}}})
    for offset in range(0, 26000, 1000):
        failed(f"?limit=1000&offset={offset}")
    assert time.perf_counter() - begin < 5
