# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module has an integration target that starts with check mode and reads the journal."""

from __future__ import annotations

import pytest

from tests.gates.collection import MODULES, NAMESPACE
from tests.tools.workplace import ROOT

TARGETS = ROOT / "tests" / "integration" / "targets"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_a_target(name):
    tests = (TARGETS / name / "tasks" / "tests.yml").read_text(encoding="utf-8")
    assert f"{NAMESPACE}.{name}:" in tests
    assert "check_mode: true" in tests
    assert "setup_simulator_journal." in tests


def test_every_target_is_of_a_plugin():
    plugins = {path.stem for path in (ROOT / "plugins").rglob("*.py")}
    names = {path.name for path in TARGETS.iterdir()}
    assert {name for name in names if not name.startswith("setup_")} <= plugins
