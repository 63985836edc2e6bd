# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An empty list or string never means "all"."""

from __future__ import annotations

import copy
import json

import pytest

from tests.gates.collection import MODULES, NAMESPACE, documented, flat, own_options
from tests.gates.empty_options import EMPTY_OPTIONS
from tests.gates.scenarios import EXAMPLE_CLOUDS

pytestmark = pytest.mark.xdist_group("empty")

ROWS = [(name, option) for name, rows in EMPTY_OPTIONS.items() for option in rows]


@pytest.mark.parametrize("name", MODULES)
def test_every_option_that_can_be_empty_has_a_row(name):
    can_be_empty = [
        option
        for option, doc in flat(own_options(name)).items()
        if doc["type"] == "list" or (doc["type"] == "str" and not doc.get("choices"))
    ]
    assert sorted(EMPTY_OPTIONS.get(name, {})) == sorted(can_be_empty)


@pytest.fixture(scope="module")
def results(simulator_process, play_here, tmp_path_factory):
    """Run every row in one playbook; return the results, and the operations that were called, by module and option."""
    cloud = {service: part for clouds in EXAMPLE_CLOUDS.values() for service, part in clouds.items()}
    simulator_process.load(cloud)
    tasks = []
    for name, option in ROWS:
        tasks.append({"name": f"{name} {option}", f"{NAMESPACE}.{name}": call(name, option), "ignore_errors": True})
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    playbook = tmp_path_factory.mktemp("empty") / "playbook.yml"
    playbook.write_text(json.dumps(play), encoding="utf-8")
    played = play_here(playbook, variables=simulator_process.environment())
    assert played.returncode == 0, played.output
    return {each.task: each for each in played.results}


def call(name, option):
    """Return the options of the call in which one is empty."""
    options = copy.deepcopy(EMPTY_OPTIONS[name][option].others)
    *outer, last = option.split(".")
    target = options
    for part in outer:
        inside_list = flat(own_options(name))[part]["type"] == "list"
        target = target.setdefault(part, [{}])[0] if inside_list else target.setdefault(part, {})
    target[last] = [] if flat(own_options(name))[option]["type"] == "list" else ""
    return options


@pytest.mark.parametrize(("name", "option"), ROWS)
def test_empty_does_not_mean_all(name, option, results):
    status, result = results[f"{name} {option}"].status, results[f"{name} {option}"].result
    outcome = EMPTY_OPTIONS[name][option].outcome
    assert result["changed"] is False
    if outcome == "error":
        assert status == "ignored", result
        assert result["failure_kind"] == "input"
    else:
        assert status == "ok", result
    if outcome == "nothing":
        lists = [key for key, doc in documented()[name]["return"].items() if doc["type"] == "list" and key in result]
        assert lists
        assert not any(result[key] for key in lists), result


def test_nothing_was_written(results, simulator_process):
    assert results
    assert simulator_process.writes() == []
