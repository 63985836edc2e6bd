# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path

import pytest

BY_NAME = "huaweicloud.tasks.retry_firmware_upgrade"
BY_PATH = Path(__file__).resolve().parents[2] / "playbooks" / "retry_firmware_upgrade.yml"
BY_NAME_OR_PATH = [BY_NAME, pytest.param(BY_PATH, marks=pytest.mark.slow)]
STATISTIC = "huaweicloud_upgrade_retry"


def failed(count, prefix="bad", **fields):
    return {"status": "Fail", "count": count, "prefix": prefix, "seconds": 1, **fields}


def upgrade(task_id, *groups, **fields):
    return {"task_id": task_id, "sub_tasks": [{"status": "Success"}, *groups], **fields}


@pytest.fixture
def play(simulator_process, play_here):
    """Run the playbook with these variables against a simulator with these batch tasks."""

    def run(*tasks, playbook=BY_NAME, arguments=(), faults=(), **variables):
        simulator_process.load({"iotda": {"batch_tasks": list(tasks)}, "faults": list(faults)})
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())

    return run


def statistic(played):
    return played.statistic(STATISTIC)


def counts(played):
    given = statistic(played)
    return (given["verdict"], *(int(given[name]) for name in ("rounds", "succeeded", "failed", "unfinished", "left")))


def table(played):
    return played.of("ansible.builtin.debug")[0].result["msg"]


def rounds(simulator_process):
    return [len(request["body"]["targets"]) for request in simulator_process.journal() if request["write"]]


@pytest.mark.parametrize("playbook", BY_NAME_OR_PATH)
def test_rounds_grow_and_every_device_is_reported(play, simulator_process, playbook):
    played = play(upgrade("a1", failed(6)), playbook=playbook, round_sizes="1,2", max_targets=5)
    assert played.returncode == 0, played.output
    assert rounds(simulator_process) == [1, 2, 2]
    assert counts(played) == ("succeeded", 3, 5, 0, 0, 1)
    assert table(played)[:2] == ["DEVICE     BATCH TASK  OUTCOME    WHY", "bad-00006  a1          succeeded"]
    assert table(played)[-1] == "5 devices succeeded, 0 failed, 0 are not done yet, 0 were not retried."


def test_a_round_in_which_too_many_fail_is_the_last(play, simulator_process):
    played = play(
        upgrade("a1", failed(8), failed(2, "again", retry_fails=-1)), round_sizes=[2, 4], max_failure_share=0.5
    )
    assert played.returncode == 2
    assert counts(played) == ("stopped", 1, 0, 2, 0, 8)
    assert rounds(simulator_process) == [2]
    assert table(played)[1] == "again-00002  a1          failed   IOTDA.014111 The device did not answer in time."
    [reason] = [each.result["msg"] for each in played.of("ansible.builtin.fail")]
    assert reason.startswith("Stopped after round 1: 2 of 2 devices failed again")


@pytest.mark.slow
def test_a_share_may_fail(play, simulator_process):
    played = play(upgrade("a1", failed(8), failed(2, "again", retry_fails=-1)), round_sizes=4, max_failure_share="0.5")
    assert played.returncode == 0, played.output
    assert counts(played) == ("partly_failed", 3, 8, 2, 0, 0)
    assert rounds(simulator_process) == [4, 4, 2]


@pytest.mark.parametrize("playbook", BY_NAME_OR_PATH)
def test_check_mode_writes_nothing(play, simulator_process, playbook):
    played = play(upgrade("a1", failed(3)), playbook=playbook, arguments=["--check"], round_sizes="2")
    assert played.returncode == 0, played.output
    assert counts(played)[0] == "not_run"
    assert table(played)[-1] == "3 devices would be retried, in 2 rounds."
    assert simulator_process.writes() == []


@pytest.mark.slow
def test_the_newest_that_ended_with_failures_are_taken(play):
    tasks = [
        upgrade("a1", failed(1), age_seconds=300),
        {"task_id": "a2", "sub_tasks": [failed(1)], "age_seconds": 200},
        upgrade("a3", failed(1), age_seconds=100),
        upgrade("a4", failed(1), task_type="softwareUpgrade"),
        upgrade("a5", failed(1), status="Stopped"),
        upgrade("a6"),
    ]
    played = play(*tasks, max_batch_tasks=2)
    assert played.returncode == 0, played.output
    assert statistic(played)["batch_task_ids"] == ["a3", "a2"]
    assert counts(played) == ("succeeded", 2, 2, 0, 0, 0)


@pytest.mark.slow
def test_open_questions_of_a_survey_have_their_defaults(play, simulator_process):
    options = ["batch_task_id", "max_batch_tasks", "upgrade_type", "app_id", "max_targets", "round_sizes", "region",
               "max_failure_share", "round_timeout", "project_id", "endpoint", "instance_id", "signing"]  # fmt: skip
    played = play(upgrade("a1", failed(12)), **dict.fromkeys(options, ""))
    assert played.returncode == 0, played.output
    assert rounds(simulator_process) == [10, 2]


@pytest.mark.parametrize(
    ("tasks", "variables"), [([], {}), ([upgrade("a1")], {}), ([upgrade("a1")], {"batch_task_id": "a1"})]
)
def test_nothing_to_do(play, simulator_process, tasks, variables):
    played = play(*tasks, **variables)
    assert played.returncode == 0, played.output
    assert counts(played) == ("nothing_to_do", 0, 0, 0, 0, 0)
    assert table(played) == ["No device is to be retried."]
    assert simulator_process.writes() == []


@pytest.mark.slow
def test_devices_that_are_not_done_in_time(play):
    task = upgrade("a1", failed(1, "off", offline=True), failed(1))
    played = play(task, batch_task_id="a1", round_timeout=4, max_failure_share=0.5)
    assert played.returncode == 0, played.output
    assert counts(played) == ("partly_failed", 1, 1, 0, 1, 0)
    assert "off-00001  a1          not done yet" in table(played)


def test_what_was_done_is_reported_when_a_round_breaks(play, simulator_process):
    fault = {"operation": "RetryBatchTask", "call": 2, "kind": "status", "status": 400, "code": "IOTDA.000006"}
    played = play(upgrade("a1", failed(5)), round_sizes="2", faults=[fault])
    assert played.returncode == 2
    assert counts(played) == ("failed", 2, 2, 0, 0, 3)
    assert statistic(played)["failure_kind"] == "api"
    assert rounds(simulator_process) == [2, 2]
    assert "IOTDA.000006" in played.of("ansible.builtin.fail")[0].result["msg"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"batch_task_id": "abc"}, "There is no batch task abc"),
        ({"batch_task_id": "XYZ"}, "task_id is 'XYZ'"),
        ({"round_sizes": []}, "round_sizes"),
        ({"round_sizes": "0"}, "round_sizes"),
        ({"round_sizes": "ten"}, "round_sizes"),
        ({"max_failure_share": 2}, "max_failure_share from 0 to 1"),
        ({"upgrade_type": "other"}, "upgrade_type"),
    ],
)
def test_wrong_variables_are_named(play, simulator_process, variables, said):
    played = play(upgrade("a1", failed(1)), **variables)
    assert played.returncode == 2
    assert said in played.of("ansible.builtin.fail")[0].result["msg"]
    assert (statistic(played)["verdict"], statistic(played)["failure_kind"]) == ("failed", "input")
    assert simulator_process.writes() == []
