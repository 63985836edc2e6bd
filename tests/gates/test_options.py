# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what is declared, what is secret is hidden, and every option is seen to do something."""

from __future__ import annotations

import ast

import pytest
import yaml

from tests.gates.collection import MODULES, declared, documented, flat, fragments, own_options
from tests.gates.option_tests import OPTION_TESTS
from tests.tools.workplace import ROOT

SECRETS = {"access_key", "secret_key", "security_token", "auth_token", "password"}
# What ansible-core takes for a secret by its name; an option that is none says so with no_log=False.
SECRETIVE = ("pass", "secret", "token", "_key")
OWNERS = {**fragments(), **{name: own_options(name) for name in MODULES}}


@pytest.mark.parametrize("name", MODULES)
def test_documented_options_are_the_declared_ones(name):
    docs = flat(documented()[name]["doc"]["options"])
    spec = flat(declared(name)["argument_spec"], "options")
    assert sorted(docs) == sorted(spec)
    for option, doc in docs.items():
        for key, without in (("type", "str"), ("elements", None), ("default", None), ("required", False)):
            assert doc.get(key, without) == spec[option].get(key, without), f"{option}: {key}"
        for key in ("choices", "aliases"):
            assert list(doc.get(key) or []) == list(spec[option].get(key) or []), f"{option}: {key}"


@pytest.mark.parametrize("name", MODULES)
def test_secrets_are_not_logged(name):
    for option, spec in flat(declared(name)["argument_spec"], "options").items():
        last = option.rpartition(".")[2]
        if last in SECRETS:
            assert spec.get("no_log") is True, option
        elif last.endswith(SECRETIVE) and spec.get("type", "str") == "str":
            assert spec.get("no_log") is False, f"{option} looks like a secret: say whether it is one"


@pytest.mark.parametrize("owner", sorted(OWNERS))
def test_every_option_has_a_test(owner):
    """Options of a doc fragment are shared, and have one row for all the modules that use it."""
    options = [option for option, doc in flat(OWNERS[owner]).items() if not doc.get("suboptions")]
    assert sorted(OPTION_TESTS.get(owner, {})) == sorted(options)


@pytest.mark.parametrize(
    ("option", "test"),
    [(f"{owner}.{option}", test) for owner, rows in OPTION_TESTS.items() for option, test in rows.items()],
)
def test_the_test_of_an_option_exists_and_names_it(option, test):
    path, _separator, name = test.partition("::")
    text = (ROOT / path).read_text(encoding="utf-8")
    found = _task(text, name) if path.endswith(".yml") else _function(text, name)
    assert found, f"{test} does not exist"
    assert option.rpartition(".")[2] in found, f"{test} does not name {option}"


def _function(text: str, name: str) -> str:
    """Return the source of a test function with its decorators; ``Class::function`` finds a method."""
    nodes = ast.parse(text).body
    for part in name.split("::"):
        node = next((each for each in nodes if getattr(each, "name", None) == part), None)
        if node is None:
            return ""
        nodes = getattr(node, "body", [])
    return "\n".join(ast.get_source_segment(text, each) for each in [*node.decorator_list, node])


def _task(text: str, name: str) -> str:
    """Return the task of that name in a file of tasks, as text."""
    return "".join(yaml.safe_dump(task) for task in yaml.safe_load(text) if task.get("name") == name)
