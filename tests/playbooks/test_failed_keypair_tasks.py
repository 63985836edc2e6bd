# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

BY_NAME = "huaweicloud.tasks.failed_keypair_tasks"
BY_PATH = Path(__file__).resolve().parents[2] / "playbooks" / "failed_keypair_tasks.yml"
STATISTIC = "huaweicloud_failed_keypair_tasks"

TWO_FAILED = [
    {"server_name": "web-1", "server_id": "id-1", "keypair_name": "deploy", "task_time": "1767322985000",
     "task_error_code": "KPS.6005", "task_error_msg": "No private key managed"},
    {"server_name": "db-1", "server_id": "id-2", "keypair_name": "admin", "operate_type": "FAILED_BIND",
     "task_time": None, "task_error_msg": "SSH\nfailed"},
]


@pytest.fixture
def play(simulator_process, play_here):
    """Run the playbook with these variables against a simulator with these tasks."""
    def run(failed=(), running=(), playbook=BY_NAME, arguments=(), faults=(), **variables):
        simulator_process.load({"kps": {"failed": list(failed), "running": list(running)}, "faults": list(faults)})
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())
    return run


def statistic(played):
    return played.statistic(STATISTIC)


def counts(played):
    return tuple(statistic(played)[name] for name in ("failed", "cleared", "left", "running", "verdict"))


def table(played):
    return played.of("ansible.builtin.debug")[0].result["msg"]


def left(simulator_process):
    [project] = simulator_process.state()["kps"]["projects"].values()
    return [task["server_name"] for task in project["failed"]]


@pytest.mark.parametrize("playbook", [BY_NAME, BY_PATH])
def test_nothing_failed(play, simulator_process, playbook):
    played = play(playbook=playbook, gate=True)
    assert played.returncode == 0, played.output
    assert statistic(played) == {"failed": 0, "cleared": 0, "left": 0, "running": 0, "verdict": "clean",
                                 "failure_kind": None}
    assert table(played) == ["0 key-pair tasks failed, 0 still run."]
    assert [entry["operation"] for entry in simulator_process.journal() if entry["service"] == "kps"] \
        == ["ListRunningTask", "ListFailedTask"]


def test_the_table(play):
    played = play(TWO_FAILED, running=[{"server_name": "web-2", "remaining_seconds": None}], wait_timeout=0)
    assert played.returncode == 0, played.output
    *tasks, running, summary = table(played)
    assert tasks == [
        "SERVER  KEY PAIR  OPERATION      WHEN                  WHY",
        "web-1   deploy    FAILED_RESET   2026-01-02T03:03:05Z  KPS.6005: No private key managed",
        "db-1    admin     FAILED_BIND    -                     SSH failed",
    ]
    assert re.fullmatch(r"web-2   deploy    RUNNING_RESET  \d{4}-\d\d-\d\dT\S+Z +still running", running)
    assert summary == "2 key-pair tasks failed, 1 still run."
    assert counts(played) == (2, 0, 2, 1, "failed")
    for line in table(played):
        assert line in played.output


@pytest.mark.parametrize("servers, found", [
    ({"server_names": ["web-1"]}, 1),
    ({"server_names": "web-1, db-1\n"}, 2),
    ({"server_names": '["web-1"]'}, 1),
    ({"server_ids": "id-2", "server_names": ""}, 1),
    ({"server_ids": "id-2", "server_names": "web-1"}, 0),
    ({}, 2),
])
def test_the_records_of_the_servers_are_cleared(play, simulator_process, servers, found):
    played = play(TWO_FAILED, clear="true", gate="yes", **servers)
    assert played.returncode == 0, played.output
    assert counts(played) == (found, found, 0, 0, "clean")
    assert len(left(simulator_process)) == 2 - found
    assert simulator_process.writes() == ["DeleteFailedTask"] * found


@pytest.mark.parametrize("servers", [{"server_ids": []}, {"server_names": "[]"},
                                     {"server_ids": " ", "server_names": ["web-1"]}])
def test_no_server_is_not_every_server(play, simulator_process, servers):
    played = play(TWO_FAILED, clear=True, gate=True, **servers)
    assert played.returncode == 0, played.output
    assert counts(played) == (0, 0, 0, 0, "clean")
    assert simulator_process.journal() == []


def test_open_questions_of_a_survey_have_their_defaults(play, simulator_process):
    empty = dict.fromkeys(["server_ids", "server_names", "clear", "gate", "wait_timeout", "wait_interval", "region",
                           "project_id"], "")
    played = play(TWO_FAILED, **empty)
    assert played.returncode == 0, played.output
    assert counts(played) == (2, 0, 2, 0, "failed")
    assert simulator_process.writes() == []


def test_the_gate_fails_after_the_statistic(play):
    played = play(TWO_FAILED, gate=True)
    assert played.returncode == 2
    assert counts(played) == (2, 0, 2, 0, "failed")
    gate = played.of("ansible.builtin.fail")[-1]
    assert gate.status == "failed"
    assert gate.result["msg"].startswith("2 failed key-pair tasks are left, and 0 still run")


def test_running_tasks_are_waited_for(play, simulator_process):
    played = play(running=[{"server_name": "web-1", "remaining_seconds": 10, "ends": "failed"},
                           {"server_name": "other", "remaining_seconds": None}],
                  server_names=["web-1"], wait_timeout=60, wait_interval=3, clear=True)
    assert played.returncode == 0, played.output
    assert counts(played) == (1, 1, 0, 0, "clean")
    looks = [entry for entry in simulator_process.journal() if entry["operation"] == "ListRunningTask"]
    assert len(looks) <= 5


@pytest.mark.parametrize("gate, returncode", [(False, 0), (True, 2)])
def test_the_wait_is_bounded(play, simulator_process, gate, returncode):
    played = play(running=[{"remaining_seconds": None}], wait_timeout=3, wait_interval=2, gate=gate)
    assert played.returncode == returncode, played.output
    assert counts(played) == (0, 0, 0, 1, "running")
    looks = [entry for entry in simulator_process.journal() if entry["operation"] == "ListRunningTask"]
    assert len(looks) == 3


@pytest.mark.parametrize("variables, expected", [
    ({"clear": True, "gate": True}, (2, 2, 0, 1, "running")),
    ({}, (2, 0, 2, 1, "failed")),
])
def test_check_mode_writes_nothing_and_does_not_wait(play, simulator_process, variables, expected):
    running = [{"remaining_seconds": None}]
    played = play(TWO_FAILED, running=running, arguments=["--check"], playbook=BY_PATH, **variables)
    assert played.returncode == 0, played.output
    assert counts(played) == expected
    assert simulator_process.writes() == []
    assert len([entry for entry in simulator_process.journal() if entry["operation"] == "ListRunningTask"]) == 1


@pytest.mark.parametrize("variables", [{"clear": "maybe"}, {"wait_timeout": "long"}, {"gate": [1]}])
def test_wrong_variables_are_named(play, simulator_process, variables):
    played = play(TWO_FAILED, **variables)
    assert played.returncode == 2
    assert next(iter(variables)) in played.of("ansible.builtin.fail")[0].result["msg"]
    assert (statistic(played)["verdict"], statistic(played)["failure_kind"]) == ("unknown", "input")
    assert simulator_process.journal() == []


def test_a_refusal_ends_the_wait_at_once(play, simulator_process):
    played = play(TWO_FAILED, faults=[{"operation": "ListFailedTask", "kind": "status", "status": 403, "times": -1,
                                       "code": "KPS.9003", "message": "No operation permission"}], clear=True)
    assert played.returncode == 2
    assert (statistic(played)["verdict"], statistic(played)["failure_kind"]) == ("unknown", "auth")
    assert "No operation permission" in played.of("ansible.builtin.fail")[0].result["msg"]
    assert table(played) == ["The tasks could not be listed."]
    assert [entry["operation"] for entry in simulator_process.journal()][-2:] == ["ListRunningTask", "ListFailedTask"]


def test_a_clearing_that_fails_half_way_is_counted(play):
    played = play(TWO_FAILED, faults=[{"operation": "DeleteFailedTask", "kind": "status", "status": 400, "call": 2,
                                       "code": "KPS.0002"}], clear=True)
    assert played.returncode == 2
    assert counts(played) == (2, 1, 1, 0, "failed")
    assert statistic(played)["failure_kind"] == "api"


def test_a_second_run_changes_nothing(play, play_here, simulator_process):
    play(TWO_FAILED, clear=True)
    played = play_here(BY_NAME, "-e", "clear=true", variables=simulator_process.environment())
    assert played.returncode == 0, played.output
    assert re.search(r"changed=0 ", played.output)
    assert simulator_process.writes() == ["DeleteFailedTask"] * 2
