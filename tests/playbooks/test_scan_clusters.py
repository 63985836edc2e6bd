# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook scan_clusters against the simulator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

BY_NAME = "huaweicloud.tasks.scan_clusters"
BY_PATH = Path(__file__).resolve().parents[2] / "playbooks" / "scan_clusters.yml"
TASK = "00000001-5ca0-4000-8000-0123456789ab"
QUICK = {"ready_seconds": 0, "scan_seconds": 1, "estimate": "missing"}


@pytest.fixture
def play(simulator_process, play_here):
    """Run the playbook with these variables in the cloud as it is."""

    def run(*arguments, playbook=BY_NAME, **variables):
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())

    return run


def statistic(played):
    return played.statistic("huaweicloud_scan")


def table(played):
    (shown,) = played.of("ansible.builtin.debug")
    return shown.result["msg"]


def test_scan_and_scan_again(play, simulator_process):
    simulator_process.load({"hss": {**QUICK, "clusters": {"count": 2}}})
    first = play()
    assert first.returncode == 0, first.output
    assert table(first) == [
        "CLUSTER       SCAN TYPE        RESULT   REASON",
        "cluster-0001  benchmark        success",
        "cluster-0001  cluster_vul      success",
        "cluster-0001  risk_assessment  success",
        "cluster-0002  benchmark        success",
        "cluster-0002  cluster_vul      success",
        "cluster-0002  risk_assessment  success",
        f"Scan task {TASK}: succeeded, 2 clusters, 0 of them failed.",
    ]
    assert statistic(first) == {
        "task_id": TASK,
        "decision": "created",
        "outcome": "succeeded",
        "clusters": 2,
        "failed_clusters": [],
        "failure_kind": None,
    }
    second = play(playbook=BY_PATH)
    assert second.returncode == 0, second.output
    assert "changed=0 " in second.output
    assert statistic(second) == {**statistic(first), "decision": "reused"}
    assert simulator_process.writes() == ["CreateTask"]
    third = play(scan_max_age="0")
    assert statistic(third)["decision"] == "created"


def test_the_table_comes_before_the_failure(play, simulator_process):
    clusters = [
        {"cluster_id": "a", "cluster_name": "works"},
        {"cluster_id": "b", "cluster_name": "fails", "fails": {"benchmark": "Agent 不在线"}},
    ]
    simulator_process.load({"hss": {**QUICK, "clusters": clusters}})
    played = play(scan_types="cluster_vul,benchmark")
    assert played.returncode == 2
    lines = table(played)
    assert lines[:3] == [
        "CLUSTER  SCAN TYPE    RESULT   REASON",
        "fails    benchmark    failed   Agent 不在线",
        "fails    cluster_vul  success",
    ]
    (last,) = played.of("ansible.builtin.fail")
    assert "1 of 2 clusters failed: fails (benchmark: Agent 不在线)" in last.result["msg"]
    assert played.output.index(lines[1]) < played.output.rindex(last.result["msg"][:40])
    assert statistic(played)["failed_clusters"] == ["b"]
    assert statistic(played)["failure_kind"] == "resources_failed"


def test_a_long_table_stays_readable(play, simulator_process):
    simulator_process.load({"hss": {**QUICK, "clusters": {"count": 50, "failing": 2}}})
    lines = table(play(scan_types=["benchmark", "cluster_vul"]))
    assert [line.split()[2] for line in lines[1:5]] == ["failed"] * 4
    assert len(lines) == 1 + 4 + 60 + 2
    assert lines[-2] == "... and 36 more lines, all success"


def test_check_mode_starts_nothing_and_waits_for_nothing(play, simulator_process):
    simulator_process.load({"hss": {"scan_seconds": 600}})
    empty = play("--check")
    assert empty.returncode == 0, empty.output
    assert simulator_process.writes() == []
    assert table(empty)[0].startswith("There is no scan task. ")
    assert statistic(empty)["decision"] == "would_create"
    assert statistic(empty)["task_id"] is None
    simulator_process.load({"hss": {"scan_seconds": 600, "tasks": [{"status": "running"}]}})
    running = play("--check")
    assert running.returncode == 0, running.output
    assert simulator_process.writes() == []
    assert statistic(running)["outcome"] == "running"


def test_an_empty_answer_of_a_survey_counts_as_not_given(play, simulator_process):
    simulator_process.load({"hss": {**QUICK, "tasks": [{"finished_seconds_ago": 1800}]}})
    played = play(scan_max_age="", scan_types="", scan_timeout="", region="", project_id="", enterprise_project_id="")
    assert played.returncode == 0, played.output
    assert statistic(played)["decision"] == "reused"


@pytest.mark.parametrize("cluster_ids", ["", []], ids=["text", "list"])
def test_no_cluster_ids_are_never_all(play, simulator_process, cluster_ids):
    simulator_process.load({})
    played = play(cluster_ids=cluster_ids)
    assert played.returncode == 2
    assert simulator_process.journal() == []
    assert statistic(played)["failure_kind"] == "input"
    (last,) = played.of("ansible.builtin.fail")
    assert "cluster_ids" in last.result["msg"]


@pytest.mark.parametrize("given", [{"scan_max_age": "soon"}, {"scan_types": ["nonsense"]}, {"scan_timeout": "never"}])
def test_wrong_variables_fail_before_any_request(play, simulator_process, given):
    simulator_process.load({})
    played = play(**given)
    assert played.returncode == 2
    assert simulator_process.journal() == []
    assert statistic(played)["failure_kind"] == "input"
    (last,) = played.of("ansible.builtin.fail")
    assert next(iter(given)) in last.result["msg"]


def test_imported_by_a_playbook_elsewhere_with_chosen_clusters(play, simulator_process, tmp_path):
    ids = ["00000001-0000-4000-8000-0123456789ab", "00000003-0000-4000-8000-0123456789ab"]
    simulator_process.load({"hss": QUICK})
    playbook = tmp_path / "site.yml"
    playbook.write_text(f"- import_playbook: {BY_NAME}\n", encoding="utf-8")
    played = play(playbook=playbook, cluster_ids=",".join(ids))
    assert played.returncode == 0, played.output
    (create,) = [entry for entry in simulator_process.journal() if entry["write"]]
    assert create["body"]["cluster_scan_info"]["cluster_id_list"] == ids


def test_results_that_cannot_be_read_are_told(play, simulator_process):
    simulator_process.load({"hss": QUICK})
    refused = {"kind": "status", "status": 400, "code": "HSS.0001", "message": "invalid param error"}
    simulator_process.set_faults([{"operation": "ListTaskResources", "times": -1, **refused}])
    played = play()
    assert played.returncode == 0, played.output
    assert table(played)[0].startswith("The results could not be read: ")
