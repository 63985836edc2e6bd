# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fan-out: the inventory of projects, and the playbook that scans all of them."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter

import pytest

from tests.conftest import BIN
from tests.tools.linked import COLLECTIONS
from tests.tools.workplace import ROOT, environment

pytestmark = pytest.mark.slow

BY_NAME = "huaweicloud.tasks.scan_all_projects"
BY_PATH = ROOT / "playbooks" / "scan_all_projects.yml"
SOURCE = ROOT / "extensions" / "awx" / "huaweicloud_projects.yml"
STATISTIC = "huaweicloud_scan_all_projects"
# A scan that ended a minute ago with nothing failed.
SCANNED = {"count": 1, "every_seconds": 60, "newest_age_seconds": 60, "clusters": 2}
FAILING = "cn-north-4_003"
FORBIDDEN = "cn-north-4_004"


def cloud(projects, **special):
    """An account with so many projects besides the first; every one is scanned already, but for the special ones."""
    common = {"clusters": {"count": 2}, "history": SCANNED, "ready_seconds": 0, "scan_seconds": 1}
    return {"projects": {"count": projects}, "hss": {**common, "projects": special}}


@pytest.fixture
def scan_projects(simulator_process, play_here, tmp_path):
    """Run the playbook over these projects; the list of projects is cached, as AWX keeps its inventory."""
    variables = {
        **simulator_process.environment(),
        "ANSIBLE_INVENTORY_CACHE": "true",
        "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(tmp_path / "cache"),
        "ANSIBLE_FORKS": "8",
    }

    def run(*arguments, playbook=BY_NAME):
        return play_here(playbook, "-i", SOURCE, "-e", "scan_interval=1", *arguments, variables=variables)

    return run


def statistic(played):
    return played.statistic(STATISTIC)


def calls(simulator_process):
    return Counter(entry["operation"] for entry in simulator_process.journal())


def scanned_projects(simulator_process):
    """How often the scans of each project were looked at, by the project's id."""
    looks = [entry for entry in simulator_process.journal() if entry["operation"] == "ListTasks"]
    return Counter(entry["path_parameters"]["project_id"] for entry in looks)


def test_two_hundred_projects(simulator_process, scan_projects, tmp_path):
    simulator_process.load(cloud(199, **{FAILING: {"history": None, "clusters": {"count": 2, "failing": 1}}}))
    played = scan_projects("-e", f"report_path={tmp_path / 'report.html'}")
    print(f"200 projects: {sum(calls(simulator_process).values())} requests, {dict(calls(simulator_process))}")
    assert played.returncode == 2
    assert statistic(played) == {
        "projects": 200, "clusters": 400, "failed_clusters": 1, "unscanned_projects": [FAILING],
    }  # fmt: skip
    assert calls(simulator_process)["KeystoneListProjects"] == 1
    assert len(scanned_projects(simulator_process)) == 200
    assert simulator_process.writes() == ["CreateTask"]
    table = played.of("ansible.builtin.debug")[0].result["msg"]
    assert table[1].split()[:4] == [FAILING, "partially_failed", "2", "1"]
    assert table[-1] == "200 projects, 1 of them not fully scanned."
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert report.count("<tr class=") == 200
    recap = dict(re.findall(r"^(cn-\S+) +: ok=.* failed=(\d)", played.output, re.MULTILINE))
    assert [name for name, failed in recap.items() if failed != "0"] == [FAILING]


def test_job_slices_cover_each_project_once(simulator_process, scan_projects):
    simulator_process.load(cloud(8))
    names = sorted(["cn-north-4"] + [f"cn-north-4_{number:03d}" for number in range(1, 9)])
    slices = 3
    seen = []
    for number in range(slices):
        # As AWX cuts an inventory: every so-manieth host of the sorted list.
        played = scan_projects("--limit", ",".join(names[number::slices]), playbook=BY_PATH)
        assert played.returncode == 0, played.output
        seen.append(statistic(played)["projects"])
    assert seen == [3, 3, 3]
    looked_at = scanned_projects(simulator_process)
    assert len(looked_at) == 9 and len(set(looked_at.values())) == 1
    assert calls(simulator_process)["KeystoneListProjects"] == 1


def test_one_project_that_cannot_be_read_does_not_end_the_rest(simulator_process, scan_projects):
    simulator_process.load(cloud(3, **{FAILING: {"history": None}}))
    simulator_process.set_faults([{"operation": "ListTasks", "kind": "status", "status": 403, "code": "HSS.0001"}])
    played = scan_projects()
    assert played.returncode == 2
    outcome = statistic(played)
    assert outcome["projects"] == 4 and len(outcome["unscanned_projects"]) == 1
    assert "HSS.0001" in played.output


def test_check_mode_scans_nothing(simulator_process, scan_projects, tmp_path):
    simulator_process.load(cloud(2, **{"cn-north-4_001": {"history": None}}))
    played = scan_projects("--check", "-e", f"report_path={tmp_path / 'report.html'}")
    assert played.returncode == 0, played.output
    assert simulator_process.writes() == []
    assert statistic(played)["unscanned_projects"] == ["cn-north-4_001"]
    assert not (tmp_path / "report.html").exists()


def test_open_questions_of_a_survey_have_their_defaults(simulator_process, scan_projects):
    simulator_process.load(cloud(0))
    names = ["scan_max_age", "scan_types", "scan_timeout", "scan_interval", "report_path", "enterprise_project_id"]
    played = scan_projects("-e", json.dumps(dict.fromkeys(names, "")))
    assert played.returncode == 0, played.output
    assert statistic(played)["projects"] == 1


def test_the_inventory_costs_one_request_and_none_from_the_cache(simulator_process, tmp_path):
    simulator_process.load(cloud(199))
    env = environment(
        BIN,
        ANSIBLE_COLLECTIONS_PATH=str(COLLECTIONS),
        ANSIBLE_INVENTORY_CACHE="true",
        ANSIBLE_INVENTORY_CACHE_PLUGIN="ansible.builtin.jsonfile",
        ANSIBLE_INVENTORY_CACHE_CONNECTION=str(tmp_path),
        **simulator_process.environment(),
    )
    requests = []
    for _run in range(2):
        listed = subprocess.run(
            [BIN / "ansible-inventory", "-i", SOURCE, "--list"], env=env, cwd=tmp_path, check=True, text=True,
            capture_output=True,
        )  # fmt: skip
        hosts = json.loads(listed.stdout)["_meta"]["hostvars"]
        assert len(hosts) == 200
        assert hosts["cn-north-4_007"]["huaweicloud_project_id"] == "a0000000000000000000000000000007"
        requests.append(len(simulator_process.journal()))
    print(f"requests of the first run and of both: {requests}")
    assert requests == [1, 1]
