# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every command of the guides works as it stands there; only terraform and the container engine are stand-ins."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap

import pytest

from tests.awx.stand_in import StandIn
from tests.conftest import BIN
from tests.tools.awx import awx_collections
from tests.tools.linked import COLLECTIONS
from tests.tools.stage import staged
from tests.tools.workplace import ROOT, environment

pytestmark = pytest.mark.slow

GUIDES = ROOT / "docs" / "docsite" / "rst"
BLOCK = re.compile(r"^\.\. code-block:: shell\n\n((?:   .*\n|\n)+)", re.MULTILINE)
QUICK = {"ready_seconds": 0, "scan_seconds": 1}
OUTPUTS = {
    "cluster_ids": {"sensitive": False, "type": ["list", "string"], "value": ["c-1"]},
    "server_ids": {"sensitive": False, "type": ["list", "string"], "value": ["s-1"]},
}
TERRAFORM = """\
#!/bin/sh
# terraform output -json [name]
[ "$1" = output ] || exit 0
python3 -c 'import json, sys
outputs = json.loads(sys.argv[1])
print(json.dumps(outputs[sys.argv[2]]["value"] if sys.argv[2:] else outputs))' '%s' $3
"""
ENGINE = """\
#!/bin/sh
echo "$@" >> "$ENGINE_LOG"
"""


def commands(guide):
    """The commands of a guide, block by block."""
    text = (GUIDES / f"{guide}.rst").read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in BLOCK.findall(text)]


@pytest.fixture
def run(tmp_path):
    """Run a block of commands in a shell that stops at the first that fails; returns what it says."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"terraform": TERRAFORM % json.dumps(OUTPUTS), "podman": ENGINE, "docker": ENGINE}.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)

    def run(block, variables, cwd=tmp_path, paths=str(COLLECTIONS)):
        env = environment(BIN, ANSIBLE_COLLECTIONS_PATH=paths, ENGINE_LOG=str(tmp_path / "engine.log"), **variables)
        env["PATH"] = f"{programs}:{env['PATH']}"
        ran = subprocess.run(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", block], cwd=cwd, env=env, check=False, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert ran.returncode == 0, f"{block}\n{ran.stdout}"
        return ran.stdout

    return run


def test_after_terraform(run, simulator_process, tmp_path):
    simulator_process.load({"hss": {"clusters": [{"cluster_id": "c-1"}, {"cluster_id": "old"}], **QUICK}})
    said = [run(block, simulator_process.environment()) for block in commands("guide_terraform")]
    assert len(said) == 4
    assert "scanned, not secure" in said[0]
    assert "✓ Gate open" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '"verdict": "passed"' in said[2]
    bodies = [entry["body"] for entry in simulator_process.journal() if entry["operation"] == "CreateTask"]
    assert [body["cluster_scan_info"]["cluster_id_list"] for body in bodies] == [["c-1"]]


def test_a_firmware_retry_with_a_canary(run, simulator_process):
    upgrade = {"task_id": "a1", "sub_tasks": [{"status": "Success"}, {"status": "Fail", "count": 12, "seconds": 1}]}
    simulator_process.load({"iotda": {"batch_tasks": [upgrade]}})
    check, canary, offline = commands("guide_firmware")
    run(check, simulator_process.environment())
    assert simulator_process.writes() == []
    run(canary, simulator_process.environment())
    sizes = [len(entry["body"]["targets"]) for entry in simulator_process.journal() if entry["write"]]
    assert sizes == [10, 2]
    run(offline, simulator_process.environment())
    assert len(simulator_process.writes()) == 2


def test_from_zero_to_a_scheduled_scan(run, simulator_process, tmp_path):
    simulator_process.load({"hss": {"clusters": {"count": 1}, **QUICK}})
    build, set_up, every_project = commands("guide_awx")
    with staged() as checkout:
        run(build, {}, cwd=checkout)
        engine = (tmp_path / "engine.log").read_text(encoding="utf-8")
        assert "build" in engine and "push registry.example/huaweicloud-tasks-ee:0.1.0" in engine
        repository = re.search(r"awx_project_url=(\S+)", set_up).group(1)
        with StandIn({repository: ROOT}) as awx:
            awx.store.create("organizations", {"name": "Default"})
            secrets = {
                "CONTROLLER_PASSWORD": awx.PASSWORD,
                "HUAWEICLOUD_SDK_AK": "AKSIMULATOR",
                "HUAWEICLOUD_SDK_SK": "SKSIMULATOR",
            }
            paths = f"{COLLECTIONS}:{awx_collections(BIN)}"
            run(set_up.replace("https://awx.example", awx.url), secrets, paths=paths)
            stored = awx.store.snapshot()
        (workflow,) = stored["workflow_job_templates"]
        assert stored["schedules"][workflow]["unified_job_template"] == workflow
        run(every_project.replace("\n", " -e scan_interval=1\n"), simulator_process.environment(), cwd=checkout)
    assert simulator_process.writes() == ["CreateTask"]


def test_no_guide_is_left_out():
    listed = (ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8")
    guides = {path.stem for path in GUIDES.glob("*.rst")}
    assert guides == set(re.findall(r"- (guide_\w+)", listed))
    with_commands = {guide for guide in guides if commands(guide)}
    assert with_commands <= {"guide_awx", "guide_terraform", "guide_firmware", "guide_authentication"}
