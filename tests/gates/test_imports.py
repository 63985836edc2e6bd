# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""At run time nothing is imported but the standard library, ansible, requests and the urllib3 that comes with it."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.tools.workplace import ROOT

ALLOWED = {"ansible", "ansible_collections", "requests", "urllib3"} | set(sys.stdlib_module_names)
OURS = "ansible_collections.huaweicloud.tasks."


def python_files(directory: str) -> list:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / directory).rglob("*.py"))


def imports(path: str):
    """Yield the full names that a file imports, wherever in it; relative ones begin with a dot."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", python_files("plugins"))
def test_plugins_import_nothing_else(path):
    for name in imports(path):
        assert name.startswith(".") or name.split(".")[0] in ALLOWED, name
        assert not name.startswith("ansible_collections.") or name.startswith(OURS), name


@pytest.mark.parametrize("path", python_files("tests/simulator"))
def test_the_simulator_shares_no_code_with_the_plugins(path):
    for name in imports(path):
        assert name.split(".")[0] not in ("ansible", "ansible_collections", "plugins"), name
