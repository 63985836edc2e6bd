# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action groups hold what they promise: `all` every module, a service's group the modules of the service."""

from __future__ import annotations

import pytest
import yaml

from tests.gates.collection import MODULES, NAMESPACE, PREFIXES, documented
from tests.tools.workplace import ROOT

GROUPS = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]


def test_all_holds_every_module_and_nothing_else():
    assert GROUPS["all"] == MODULES


def test_every_group_is_all_or_a_service():
    assert sorted(GROUPS) == sorted(["all", *PREFIXES])


@pytest.mark.parametrize("service", PREFIXES)
def test_a_service_group_holds_the_modules_with_its_prefix(service):
    assert GROUPS[service] == [name for name in MODULES if name.startswith(f"{service}_")]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_documents_its_groups(name):
    attribute = documented()[name]["doc"]["attributes"]["action_group"]
    groups = [group for group in ("all", *PREFIXES) if name in GROUPS[group]]
    assert sorted(attribute["membership"]) == sorted(f"{NAMESPACE}.{group}" for group in groups)
