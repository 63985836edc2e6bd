# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the gates know of the collection: its modules, what they document, and what they declare."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import subprocess
import sys
from pathlib import Path
from unittest import mock

import yaml
from ansible.module_utils.basic import AnsibleModule

from tests.tools.linked import COLLECTIONS
from tests.tools.workplace import ROOT, environment

NAMESPACE = "huaweicloud.tasks"
PACKAGE = f"ansible_collections.{NAMESPACE}.plugins"
BIN = Path(sys.executable).parent

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
PREFIXES = sorted({name.split("_")[0] for name in MODULES})


@functools.cache
def documented() -> dict:
    """Return for each module what ansible-doc says: doc (with its fragments), examples, return."""
    command = [BIN / "ansible-doc", "--json", "--type", "module", *(f"{NAMESPACE}.{name}" for name in MODULES)]
    env = environment(BIN, ANSIBLE_COLLECTIONS_PATH=str(COLLECTIONS))
    answer = subprocess.run(command, env=env, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return {name.removeprefix(f"{NAMESPACE}."): doc for name, doc in json.loads(answer.stdout).items()}


@functools.cache
def declared(name: str) -> dict:
    """Return the arguments with which a module makes its AnsibleModule."""
    module = importlib.import_module(f"{PACKAGE}.modules.{name}")
    with mock.patch.object(AnsibleModule, "__init__", side_effect=_Declared) as made:
        try:
            module.main()
        except _Declared:
            return made.call_args.kwargs
    raise AssertionError(f"{name} makes no AnsibleModule")


class _Declared(BaseException):
    """Stops a module where it would begin to work."""


def own_options(name: str) -> dict:
    """Return the options that a module documents itself, without those of its fragments."""
    return _documentation(ROOT / "plugins" / "modules" / f"{name}.py").get("options") or {}


def fragments() -> dict:
    """Return the options of each doc fragment that a module uses and that has any, by the name of its file."""
    used = {
        fragment.removeprefix(f"{NAMESPACE}.")
        for name in MODULES
        for fragment in _documentation(ROOT / "plugins" / "modules" / f"{name}.py")["extends_documentation_fragment"]
    }
    found = {}
    for path in sorted((ROOT / "plugins" / "doc_fragments").glob("*.py")):
        options = _documentation(path).get("options")
        if options and path.stem in used:
            found[path.stem] = options
    return found


def _documentation(path: Path) -> dict:
    """Return the DOCUMENTATION of a plugin's source as data."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return yaml.safe_load(ast.literal_eval(node.value))
    return {}


def flat(options: dict, key: str = "suboptions", prefix: str = "") -> dict:
    """Return options with those inside them as ``outer.inner``. key: ``suboptions`` in docs, ``options`` in a spec."""
    found = {}
    for name, option in options.items():
        found[prefix + name] = option
        found.update(flat(option.get(key) or {}, key, f"{prefix}{name}."))
    return found
