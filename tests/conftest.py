# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all the tests share: the collection is importable under its full name, and a simulated cloud can be started."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

import pytest
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

from tests.tools.linked import COLLECTIONS
from tests.tools.playbook import play
from tests.tools.simulated import SimulatedCloud

BIN = Path(sys.executable).parent

_AnsibleCollectionFinder(paths=[str(COLLECTIONS)])._install()


def pytest_unconfigure():
    # The processes of pytest-xdist end without running what is registered with atexit.
    shutil.rmtree(COLLECTIONS, ignore_errors=True)


@pytest.fixture(scope="session")
def simulator_process():
    """The simulator as a program, one for all the tests of a process; ``load`` gives it a new state."""
    with SimulatedCloud(Path(sys.executable)) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def play_here():
    """Run a playbook with the collection as it is in the working tree: see ``tests.tools.playbook.play``."""
    return partial(play, BIN, COLLECTIONS)
