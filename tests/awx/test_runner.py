# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook through ansible-runner, the engine inside AWX: by path, with what the credential type injects."""

from __future__ import annotations

import json
import re
import subprocess
from typing import NamedTuple, Optional

import pytest
import yaml

from tests.awx.stand_in import StandIn, playbooks
from tests.conftest import BIN
from tests.tools.linked import COLLECTIONS
from tests.tools.workplace import ROOT, environment

pytestmark = pytest.mark.slow

KIT = ROOT / "extensions" / "awx"
CREDENTIAL = {"region": "cn-north-4", "access_key": "AKSIMULATOR", "secret_key": "SKSIMULATOR"}
LOCALHOST = "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
REPOSITORY = "https://git.example/security/huaweicloud-tasks.git"
TASK = "00000001-5ca0-4000-8000-000000000001"
CLUSTERS = [{"cluster_id": "c-1", "cluster_name": "shop"}, {"cluster_id": "c-2", "cluster_name": "web"}]
FAILING = [CLUSTERS[0], {**CLUSTERS[1], "fails": {"benchmark": "no agent"}}]
QUICK = {"ready_seconds": 0, "scan_seconds": 1}
UNBOUND = {"server_name": "web-1", "server_id": "s-1", "keypair_name": "deploy"}


class Case(NamedTuple):
    """A playbook's run: the cloud, the answers to the survey, and what AWX then shows."""

    playbook: str
    scenario: dict
    answers: dict
    artifact: str
    expected: dict
    failed: Optional[str] = None


CASES = [
    Case(
        "scan_clusters.yml", {"hss": {"clusters": CLUSTERS, **QUICK}}, {},
        "huaweicloud_scan", {"outcome": "succeeded", "clusters": 2},
    ),
    Case(
        "scan_and_gate.yml", {"hss": {"clusters": FAILING, **QUICK}}, {"max_retries": 0},
        "huaweicloud_scan_gate", {"verdict": "failed", "failed_clusters": ["c-2"]}, "Fail at the gate",
    ),
    Case(
        "retry_failed_clusters.yml",
        {"hss": {"clusters": CLUSTERS, "tasks": [{"task_id": TASK, "status": "finished", "failed": ["c-2"]}], **QUICK}},
        {"huaweicloud_scan_gate": {"task_id": TASK}},
        "huaweicloud_scan_retry", {"outcome": "succeeded", "retried_clusters": ["c-2"]},
    ),
    Case(
        "scan_all_projects.yml",
        {"projects": {"count": 2}, "hss": {"clusters": CLUSTERS, **QUICK}}, {"scan_interval": 1},
        "huaweicloud_scan_all_projects", {"projects": 3, "unscanned_projects": []},
    ),
    Case(
        "provision_and_scan.yml", {"hss": {"clusters": CLUSTERS, **QUICK}, "kps": {"failed": [UNBOUND]}},
        {"new_cluster_ids": "c-1", "new_server_ids": "s-1"},
        "huaweicloud_provision", {"verdict": "failed", "failed_keypairs": ["web-1"]}, "Fail at the gate",
    ),
    Case(
        "failed_keypair_tasks.yml", {"kps": {"failed": [UNBOUND]}}, {"clear": "false"},
        "huaweicloud_failed_keypair_tasks", {"failed": 1, "left": 1},
    ),
    Case(
        "retry_firmware_upgrade.yml",
        {"iotda": {"batch_tasks": [{"task_id": "a1", "sub_tasks": [{"status": "Fail", "count": 2, "seconds": 1}]}]}},
        {"round_sizes": "1,2", "endpoint": "", "instance_id": ""},
        "huaweicloud_upgrade_retry", {"verdict": "succeeded", "succeeded": 2},
    ),
]  # fmt: skip


class Job:
    """What is left of a run: the exit code, the events in order, and everything that was written."""

    def __init__(self, directory, returncode):
        self.returncode = returncode
        artifacts = directory / "artifacts" / "job"
        events = [json.loads(path.read_text(encoding="utf-8")) for path in (artifacts / "job_events").glob("*.json")]
        self.events = sorted(events, key=lambda event: event["counter"])
        self.stdout = (artifacts / "stdout").read_text(encoding="utf-8")
        self.status = (artifacts / "status").read_text(encoding="utf-8")
        self.stats = self.events[-1]["event_data"]

    def named(self, name):
        return [event["event_data"].get("task") for event in self.events if event["event"] == name]


@pytest.fixture
def run_job(tmp_path):
    """Run a playbook as AWX does: the project is the repository, the execution environment has the collection."""

    def run(playbook, answers, variables, *arguments, inventory=None, paths=str(COLLECTIONS)):
        for name, content in {
            "env/envvars": json.dumps(variables),
            "env/extravars": json.dumps(answers),
            "inventory/hosts": LOCALHOST,
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        (tmp_path / "project").symlink_to(ROOT)
        command = [BIN / "ansible-runner", "run", tmp_path, "-p", f"playbooks/{playbook}", "--ident", "job", "--quiet"]
        command += ["--inventory", inventory] if inventory else []
        command += [f"--cmdline={' '.join(arguments)}"] if arguments else []
        ran = subprocess.run(
            command, env=environment(BIN, ANSIBLE_COLLECTIONS_PATH=paths), cwd=tmp_path, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert (tmp_path / "artifacts" / "job" / "stdout").exists(), ran.stdout
        return Job(tmp_path, ran.returncode)

    return run


def injected(simulator):
    """The environment that the credential type gives to a job; empty where the credential says nothing."""
    fields = {**CREDENTIAL, "iam_endpoint": simulator.url}
    injectors = yaml.safe_load((KIT / "credential_type_injectors.yml").read_text(encoding="utf-8"))
    return {
        name: re.sub(r"{{ (\w+) }}", lambda field: fields.get(field.group(1), ""), template)
        for name, template in injectors["env"].items()
    }


def addresses(simulator):
    """Where the simulated services are; those of the real ones follow from the region."""
    return {f"HUAWEICLOUD_SDK_REGION_{service}_CN_NORTH_4": simulator.url for service in ("HSS", "IOTDA", "KPS")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.playbook)
def test_a_playbook_runs_as_a_job(simulator_process, run_job, case):
    simulator_process.load(case.scenario)
    inventory = KIT / "huaweicloud_projects.yml" if case.playbook == "scan_all_projects.yml" else None
    variables = {**injected(simulator_process), **addresses(simulator_process)}
    job = run_job(case.playbook, case.answers, variables, inventory=inventory)
    assert (job.returncode, job.status) == ((2, "failed") if case.failed else (0, "successful")), job.stdout
    assert job.events[0]["event"] == "playbook_on_start"
    assert job.events[-1]["event"] == "playbook_on_stats"
    assert job.named("runner_on_failed")[-1:] == ([case.failed] if case.failed else [])
    assert bool(job.stats["failures"]) == bool(case.failed)
    artifacts = job.stats["artifact_data"]
    assert list(artifacts) == [case.artifact]
    assert {name: artifacts[case.artifact][name] for name in case.expected} == case.expected
    assert CREDENTIAL["secret_key"] not in job.stdout + json.dumps(job.events)


def test_the_setup_runs_as_a_job(run_job, awx_path):
    """Its address and token come from AWX's own credential type for AWX."""
    with StandIn({REPOSITORY: ROOT}) as awx:
        awx.store.create("organizations", {"name": "Default"})
        answers = {"awx_project_url": REPOSITORY, "awx_image": "registry.example/ee:1"}
        variables = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": awx.TOKEN}
        job = run_job("awx_setup.yml", answers, variables, "--check", paths=f"{COLLECTIONS}:{awx_path}")
    assert job.returncode == 0, job.stdout
    assert list(job.stats["artifact_data"]) == ["huaweicloud_awx_setup"]


def test_no_playbook_is_left_out():
    ours = {name.removeprefix("playbooks/") for name in playbooks(ROOT) if name.startswith("playbooks/")}
    assert {case.playbook for case in CASES} | {"awx_setup.yml"} == ours
