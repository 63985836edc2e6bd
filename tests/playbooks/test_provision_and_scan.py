# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pipeline's stage after Terraform: provision_and_scan."""

from __future__ import annotations

import json

import pytest

from tests.tools.workplace import ROOT

pytestmark = pytest.mark.slow

BY_NAME = "huaweicloud.tasks.provision_and_scan"
BY_PATH = ROOT / "playbooks" / "provision_and_scan.yml"
STATISTIC = "huaweicloud_provision"
CLUSTERS = [
    {"cluster_id": "c-1", "cluster_name": "shop"},
    {"cluster_id": "c-2", "cluster_name": "web"},
    {"cluster_id": "c-9", "cluster_name": "old"},
]
# As Terraform writes it.
OUTPUTS = {
    "cluster_ids": {"sensitive": False, "type": ["tuple", ["string", "string"]], "value": ["c-1", "c-2"]},
    "server_ids": {"sensitive": False, "type": ["list", "string"], "value": ["s-1", "s-2"]},
    "vpc_id": {"sensitive": False, "type": "string", "value": "v-1"},
}
UNBOUND = {"server_name": "web-1", "server_id": "s-1", "keypair_name": "deploy", "task_error_msg": "<no> SSH"}


@pytest.fixture
def stage(simulator_process, play_here, tmp_path):
    """Run the playbook after this provisioning, against a cloud with these clusters and key-pair tasks."""

    def run(*arguments, outputs=True, clusters=None, kps=None, playbook=BY_NAME, faults=(), **variables):
        outputs = OUTPUTS if outputs is True else outputs
        hss = {"clusters": CLUSTERS if clusters is None else clusters, "ready_seconds": 0, "scan_seconds": 1}
        simulator_process.load({"hss": hss, "kps": kps or {}, "faults": list(faults)})
        variables = {"look_interval": 1, **variables}
        if outputs is not None:
            path = tmp_path / "outputs.json"
            path.write_text(json.dumps(outputs), encoding="utf-8")
            variables["terraform_output"] = str(path)
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())

    return run


def statistic(played):
    return played.statistic(STATISTIC)


def created(simulator_process):
    """The clusters of each scan that was created."""
    bodies = [entry["body"] for entry in simulator_process.journal() if entry["operation"] == "CreateTask"]
    return [body["cluster_scan_info"].get("cluster_id_list") for body in bodies]


@pytest.mark.parametrize("playbook", [BY_NAME, BY_PATH])
def test_everything_is_in_order(stage, simulator_process, tmp_path, playbook):
    played = stage(playbook=playbook, report_path=str(tmp_path / "report.html"))
    assert played.returncode == 0, played.output
    task_id = statistic(played)["task_id"]
    assert statistic(played) == {
        "verdict": "passed", "task_id": task_id, "clusters": 2, "failed_clusters": [], "servers": 2,
        "failed_keypairs": [], "failure_kind": None,
    }  # fmt: skip
    assert created(simulator_process) == [["c-1", "c-2"]]
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "shop" in report and "old" not in report
    assert "The key pairs of 2 new servers are in order" in report
    assert "scanned, not secure" in played.output


def test_a_key_pair_that_is_not_bound_closes_the_gate(stage, tmp_path):
    kps = {"failed": [UNBOUND, {**UNBOUND, "server_id": "other"}]}
    played = stage(kps=kps, report_path=str(tmp_path / "report.html"))
    assert played.returncode == 2
    assert (statistic(played)["verdict"], statistic(played)["failed_keypairs"]) == ("failed", ["web-1"])
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;no&gt; SSH" in report and "<no>" not in report
    assert "1 key-pair tasks of the new servers failed: web-1." in played.output


def test_a_failed_cluster_is_retried_and_the_key_pairs_are_checked_all_the_same(stage, simulator_process):
    clusters = [CLUSTERS[0], {**CLUSTERS[1], "fails": {"benchmark": "no agent"}}]
    played = stage(clusters=clusters, kps={"failed": [UNBOUND]}, max_retries=1)
    assert played.returncode == 2
    assert simulator_process.writes() == ["CreateTask", "RetryTask"]
    outcome = statistic(played)
    assert (outcome["verdict"], outcome["failure_kind"]) == ("failed", "resources_failed")
    assert (outcome["failed_clusters"], outcome["failed_keypairs"]) == (["c-2"], ["web-1"])
    assert "no agent" in played.output


def test_running_key_pair_tasks_are_waited_for(stage):
    kps = {"running": [{"server_name": "web-1", "server_id": "s-1", "remaining_seconds": 4, "ends": "failed"}]}
    played = stage(outputs=None, new_server_ids="s-1", kps=kps)
    assert played.returncode == 2
    assert statistic(played)["failed_keypairs"] == ["web-1"]


def test_clusters_that_hss_does_not_know_are_named(stage, simulator_process):
    clusters = [CLUSTERS[0], {**CLUSTERS[1], "status": "Creating"}]
    played = stage(clusters=clusters, cluster_timeout=2)
    assert played.returncode == 2
    assert "does not list these new clusters as Available: c-2" in played.output
    assert simulator_process.writes() == []
    assert statistic(played)["verdict"] == "failed"


@pytest.mark.parametrize(
    ("outputs", "variables", "clusters", "servers"),
    [
        (None, {"new_cluster_ids": ["c-1"], "new_server_ids": "s-1, s-2"}, 1, 2),
        ({"nodes": {"value": "s-1"}}, {"server_output": "nodes"}, 0, 1),
        (OUTPUTS, {"new_cluster_ids": [], "new_server_ids": []}, 0, 0),
    ],
)
def test_where_the_ids_come_from(stage, simulator_process, outputs, variables, clusters, servers):
    played = stage(outputs=outputs, **variables)
    assert played.returncode == 0, played.output
    assert (statistic(played)["clusters"], statistic(played)["servers"]) == (clusters, servers)
    assert len(created(simulator_process)) == bool(clusters)


@pytest.mark.parametrize("outputs", [None, {"vpc_id": {"value": "v-1"}}, {"cluster_ids": {"value": {"a": "c-1"}}}])
def test_without_ids_nothing_is_scanned(stage, simulator_process, outputs):
    played = stage(outputs=outputs)
    assert played.returncode == 2
    assert "Neither new_cluster_ids nor new_server_ids is given" in played.output
    assert statistic(played)["verdict"] == "failed"
    assert simulator_process.journal() == []


def test_check_mode_writes_nothing(stage, simulator_process, tmp_path):
    played = stage("--check", report_path=str(tmp_path / "report.html"))
    assert played.returncode == 0, played.output
    assert simulator_process.writes() == []
    assert statistic(played)["verdict"] == "not_judged"
    assert not (tmp_path / "report.html").exists()


def test_open_questions_of_a_survey_have_their_defaults(stage):
    names = ["new_cluster_ids", "cluster_output", "server_output", "cluster_timeout", "keypair_timeout", "report_path",
             "max_retries", "max_emergency_vulnerabilities", "max_risks", "scan_max_age", "scan_types", "scan_timeout",
             "region", "project_id", "enterprise_project_id"]  # fmt: skip
    played = stage(outputs=None, **{**dict.fromkeys(names, ""), "new_server_ids": "s-1"})
    assert played.returncode == 0, played.output
    assert statistic(played)["servers"] == 1
