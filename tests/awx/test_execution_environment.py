# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-builder makes of the collection, and of the example of an execution environment."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml

from ansible_collections.huaweicloud.tasks.plugins.doc_fragments.connection import ModuleDocFragment
from tests.conftest import BIN
from tests.tools.workplace import ROOT, environment

VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
ARTIFACT = f"huaweicloud-tasks-{VERSION}.tar.gz"
EXAMPLE = ROOT / "extensions" / "awx" / "execution-environment.yml"


def run(*command, cwd):
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment(BIN), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def artifact(tmp_path_factory):
    directory = tmp_path_factory.mktemp("artifact")
    run(BIN / "ansible-galaxy", "collection", "build", "--output-path", directory, cwd=ROOT)
    return directory / ARTIFACT


def test_exactly_the_needs_at_run_time_are_found(artifact, tmp_path):
    run(BIN / "ansible-galaxy", "collection", "install", artifact, "-p", tmp_path, "--offline", cwd=tmp_path)
    found = yaml.safe_load(run(BIN / "ansible-builder", "introspect", tmp_path, cwd=tmp_path))
    assert found == {"python": ["requests>=2.25.1  # from collection huaweicloud.tasks"], "system": []}
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["requirements"]
    assert [need for need in documented if not need.startswith("python ")] == ["requests"]


def test_the_oldest_libraries_are_those_that_are_tested():
    tested = (ROOT / "tests" / "requirements" / "module-oldest.txt").read_text(encoding="utf-8")
    (needed,) = [
        line for line in (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    assert needed.replace(">=", "==") in tested.splitlines()


def test_the_example_makes_a_build_context(artifact, tmp_path):
    shutil.copy(artifact, tmp_path)
    shutil.copy(EXAMPLE, tmp_path)
    run(
        BIN / "ansible-builder", "create", "--file", EXAMPLE.name, "--context", "context", "--output-filename",
        "Containerfile", cwd=tmp_path,
    )  # fmt: skip
    build = tmp_path / "context" / "_build"
    assert (build / "dist" / ARTIFACT).is_file()
    needed = yaml.safe_load((build / "requirements.yml").read_text(encoding="utf-8"))
    assert needed == {"collections": [{"name": f"/build/dist/{ARTIFACT}", "type": "file"}]}
    assert "COPY _build/dist /build/dist" in (tmp_path / "context" / "Containerfile").read_text(encoding="utf-8")
    assert not (build / "bindep.txt").exists()
