# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults, through the adapter and over real sockets."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from tests.simulator.app import Simulator
from tests.simulator.server import Server
from tests.unit.simulator.sim_caller import START, Caller

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["in-process", "sockets"])
def caller_anywhere(request, caller):
    """A caller and its simulator, of both kinds."""
    if request.param == "in-process":
        yield caller, request.getfixturevalue("simulator")
        return
    simulator = Simulator()
    server = Server(simulator)
    thread = threading.Thread(target=server.serve)
    thread.start()
    with requests.Session() as session:
        session.trust_env = False
        yield Caller(simulator.clock, server.url, session), simulator
    server.stop()
    thread.join()


def tasks(simulator):
    return len(simulator.state["hss"]["projects"].get("0123456789abcdef0123456789abcdef", {"tasks": []})["tasks"])


@pytest.mark.parametrize("kind, error, effect", [
    ("refused", requests.exceptions.ConnectionError, False),
    ("close_before", requests.exceptions.ConnectionError, False),
    ("close_after", requests.exceptions.ConnectionError, True),
    ("silence_before", requests.exceptions.ReadTimeout, False),
    ("silence_after", requests.exceptions.ReadTimeout, True),
    ("slow", requests.exceptions.ReadTimeout, True),
])
def test_connections_that_fail(caller_anywhere, kind, error, effect):
    caller, simulator = caller_anywhere
    caller.tasks()  # opens the connection that is kept
    seconds = {"seconds": 2} if kind == "slow" else {}
    simulator.faults.set([{"operation": "CreateTask", "kind": kind, **seconds}])
    body = {"task_type": "cluster_scan",
            "cluster_scan_info": {"scan_type_list": ["cluster_vul"], "range_type": "all_cluster"}}
    with pytest.raises(error):
        caller.hss("POST", "common/task", body, timeout=(5, 0.3))
    assert tasks(simulator) == int(effect)
    entry = simulator.journal.requests[-1]
    assert (entry["fault"], entry["write"], entry["effect"]) == (kind, True, effect)
    assert simulator.journal.summary()["writes"] == (0 if kind == "refused" else 1)
    assert caller.hss("POST", "common/task", body).status_code == 200


@pytest.mark.parametrize("fault, status, text, effect", [
    ({"kind": "status"}, 500, '"error_code": "APIGW.0201"', False),
    ({"kind": "status", "status": 503, "effect": True, "body": "html"}, 503, "<h1>503 Error</h1>", True),
    ({"kind": "status", "status": 502, "body": "empty"}, 502, "", False),
    ({"kind": "status", "status": 400, "code": "HSS.1005", "message": "no"}, 400, '"error_description": "no"', False),
    ({"kind": "throttle", "retry_after": 7}, 429, "APIGW.0308", False),
    ({"kind": "iotda_throttle"}, 403, "IOTDA.021101", False),
    ({"kind": "truncated"}, 200, '{"task_id": "00000', True),
    ({"kind": "shape", "body": ["a"]}, 200, '["a"]', True),
    ({"kind": "shape", "body": "null", "effect": False}, 200, "null", False),
    ({"kind": "redirect", "location": "https://example.com/x"}, 302, "", False),
    ({"kind": "token_expired"}, 401, "APIGW.0307", False),
])
def test_answers_that_are_not_what_they_should_be(caller_anywhere, fault, status, text, effect):
    caller, simulator = caller_anywhere
    simulator.faults.set([dict(fault, operation="CreateTask")])
    answer = caller.create()
    assert answer.status_code == status
    assert text in answer.text and (text or not answer.text)
    assert tasks(simulator) == int(effect)
    assert answer.headers.get("Retry-After") == ("7" if "retry_after" in fault else None)
    if fault["kind"] == "truncated":
        with pytest.raises(ValueError):
            answer.json()
    assert caller.create().status_code == 200


def test_a_fault_strikes_the_calls_it_is_meant_for(caller, simulator):
    simulator.faults.set([{"operation": "ListTasks", "kind": "status", "call": 2, "times": 2},
                          {"operation": "ListTasks", "kind": "throttle", "call": 5, "times": -1}])
    statuses = [caller.hss("POST", "common/tasks/batch-query", {"task_type": "cluster_scan"}).status_code
                for _call in range(6)]
    assert statuses == [200, 500, 500, 200, 429, 429]
    assert caller.create().status_code == 200


def test_the_adapter_raises_what_a_real_connection_raises(caller, simulator):
    simulator.faults.set([{"kind": "refused"}, {"kind": "close_before", "call": 2}])
    with pytest.raises(requests.exceptions.ConnectionError) as refused:
        caller.tasks()
    assert isinstance(refused.value.args[0], MaxRetryError)
    assert isinstance(refused.value.args[0].reason, NewConnectionError)
    with pytest.raises(requests.exceptions.ConnectionError) as closed:
        caller.tasks()
    assert isinstance(closed.value.args[0], ProtocolError)


def test_in_process_time_passes_without_waiting(caller, simulator):
    simulator.faults.set([{"kind": "silence_before"}, {"kind": "slow", "seconds": 50, "call": 2}])
    with pytest.raises(requests.exceptions.ReadTimeout):
        caller.tasks()
    assert simulator.clock.time() == START + 60
    caller.tasks()
    assert simulator.clock.time() == START + 110


def test_connections_are_kept(caller_anywhere):
    caller, simulator = caller_anywhere
    for _call in range(3):
        caller.tasks()
    assert len({entry["connection"] for entry in simulator.journal.requests}) == 1


def test_the_program_says_its_url_and_stops_when_told(tmp_path):
    with subprocess.Popen(
            [sys.executable, "-m", "tests.simulator", "--url-file", str(tmp_path / "url")],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"HOME": str(tmp_path)}) as process:
        url = process.stdout.readline().strip()
        with requests.Session() as session:
            session.trust_env = False
            assert session.get(f"{url}/_control/journal?summary=1").json()["total"] == 0
            assert session.get(f"{url}/v3/projects").status_code == 401
            assert session.post(f"{url}/_control/clock", json={"advance": 5}).json()["now"] > START
            assert session.delete(f"{url}/_control/journal").status_code == 200
            assert set(session.get(f"{url}/_control/state").json()) >= {"hss", "iam", "now"}
        process.terminate()
        _output, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert (tmp_path / "url").read_text() == url + "\n"
    assert not (tmp_path / ".huaweicloud").exists()
