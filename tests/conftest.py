# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all the tests share: the collection is importable under its full name, and a simulated cloud can be started."""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

from tests.tools.playbook import play
from tests.tools.simulated import SimulatedCloud

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

# The loader wants the path ansible_collections/huaweicloud/tasks; a link does for it, and keeps the paths in reports.
COLLECTIONS = Path(tempfile.mkdtemp(prefix="huaweicloud-tasks-collections-"))
(COLLECTIONS / "ansible_collections" / "huaweicloud").mkdir(parents=True)
(COLLECTIONS / "ansible_collections" / "huaweicloud" / "tasks").symlink_to(ROOT)
_AnsibleCollectionFinder(paths=[str(COLLECTIONS)])._install()


def pytest_unconfigure():
    shutil.rmtree(COLLECTIONS)


@pytest.fixture(scope="session")
def simulator_process():
    """The simulator as a program, one for all the tests of a process; ``load`` gives it a new state."""
    with SimulatedCloud(Path(sys.executable)) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def play_here():
    """Run a playbook with the collection as it is in the working tree: see ``tests.tools.playbook.play``."""
    return partial(play, BIN, COLLECTIONS)
