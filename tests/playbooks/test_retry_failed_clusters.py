# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that retries what a gate left, alone and after the gate."""

from __future__ import annotations

import json

import pytest

from tests.tools.workplace import ROOT

BY_NAME = "huaweicloud.tasks.retry_failed_clusters"
BY_PATH = ROOT / "playbooks" / "retry_failed_clusters.yml"
TASK = "00000001-5ca0-4000-8000-000000000001"


@pytest.fixture
def retry(simulator_process, play_here):
    """Run the playbook against a scan in which one of two clusters failed, and fails so often again."""

    def run(*arguments, playbook=BY_NAME, fails_again=0, **variables):
        clusters = [
            {"cluster_id": "c-1"},
            {"cluster_id": "c-2", "fails": {"benchmark": "no agent"}, "fail_attempts": 1 + fails_again},
        ]
        task = {"task_id": TASK, "status": "finished", "clusters": "all", "failed": ["c-2"]}
        simulator_process.load({"hss": {"clusters": clusters, "tasks": [task], "ready_seconds": 0, "scan_seconds": 1}})
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())

    return run


def statistic(played):
    return played.statistic("huaweicloud_scan_retry")


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [(BY_NAME, {"task_id": TASK}), (BY_PATH, {"huaweicloud_scan_gate": {"task_id": TASK}, "task_id": ""})],
)
def test_the_failed_cluster_is_retried(retry, simulator_process, playbook, variables):
    played = retry(playbook=playbook, **variables)
    assert played.returncode == 0, played.output
    assert simulator_process.writes() == ["RetryTask"]
    assert statistic(played) == {
        "task_id": TASK, "outcome": "succeeded", "clusters": 2, "retried_clusters": ["c-2"], "failed_clusters": [],
        "failure_kind": None,
    }  # fmt: skip


def test_a_cluster_that_fails_again_fails_the_play_after_the_statistic(retry):
    played = retry(task_id=TASK, fails_again=1)
    assert played.returncode == 2
    assert statistic(played)["failed_clusters"] == ["c-2"]
    assert statistic(played)["failure_kind"] == "resources_failed"


def test_without_a_task_nothing_is_asked(retry, simulator_process):
    played = retry()
    assert played.returncode == 2
    assert "Give task_id" in played.output
    assert simulator_process.journal() == []
    assert statistic(played)["failure_kind"] == "input"
    assert statistic(played)["outcome"] is None


def test_check_mode_retries_nothing(retry, simulator_process):
    played = retry("--check", task_id=TASK)
    assert played.returncode == 0, played.output
    assert simulator_process.writes() == []
    assert statistic(played)["retried_clusters"] == ["c-2"]
