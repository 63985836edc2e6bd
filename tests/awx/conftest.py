# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the AWX kit share."""

from __future__ import annotations

import pytest

from tests.conftest import BIN
from tests.tools.awx import awx_collections
from tests.tools.linked import COLLECTIONS
from tests.tools.playbook import play


@pytest.fixture(scope="session")
def awx_path():
    """The directory that holds ansible_collections/awx."""
    return awx_collections(BIN)


@pytest.fixture(scope="session")
def play_with_awx(awx_path):
    """Run a playbook with the collection as it is in the working tree, and awx.awx beside it."""

    def run(playbook, *arguments, variables=None):
        paths = f"{COLLECTIONS}:{awx_path}"
        return play(BIN, paths, playbook, *arguments, variables=variables)

    return run
