# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifact holds what a user runs and reads, and nothing that lies about in a checkout."""

from __future__ import annotations

import subprocess
import tarfile

from tests.gates.collection import BIN
from tests.tools.linked import COLLECTIONS
from tests.tools.workplace import ROOT, environment

MADE_BY_GALAXY = {"MANIFEST.json", "FILES.json"}
ALLOWED = {"CHANGELOG.rst", "LICENSE", "README.md", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins"}


def test_the_artifact_holds_nothing_else(tmp_path):
    command = [BIN / "ansible-galaxy", "collection", "build", "--output-path", tmp_path]
    subprocess.run(
        command, cwd=ROOT, env=environment(BIN, ANSIBLE_COLLECTIONS_PATH=str(COLLECTIONS)), check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (artifact,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(artifact) as archive:
        names = archive.getnames()
    assert {name.split("/")[0] for name in names} <= ALLOWED | MADE_BY_GALAXY
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert {"LICENSE", "README.md", "meta/runtime.yml"} <= set(names)
