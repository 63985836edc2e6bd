# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix: every operation, every fault, on its first, middle and last call; each cell has its outcome.

Besides what the table of expectations says, every cell is held to what follows from it:

- a run that ends well has the result of a run without faults, and the services hold the same;
- a run that fails names the operation, the HTTP status and the tries, says ``changed`` exactly when a write was
  answered as done, and holds no secret;
- no write takes effect twice;
- a second run without faults ends in the state of a run that never met one.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.faults.expectations import EXPECTED
from tests.faults.fault_kinds import FAULTS
from tests.faults.scenes import SCENES
from tests.faults.world import World, run
from tests.unit.inprocess import ENVIRONMENT


class Baseline:
    """The scene without faults."""

    def __init__(self, scene):
        world, self.run = _play(scene)
        assert self.run.outcome == "ok", self.run.result
        self.calls = len(world.requests(scene.operation))
        assert self.calls == (scene.total or scene.calls[1])
        self.essence = world.essence()


@cache
def _baseline_of(name):
    return Baseline(_SCENES[name])


def _play(scene, kind=None, call=1):
    if kind is None:
        world = World(scene.scenario, scene.environ)
    else:
        world = World(_merged(scene.scenario, kind.scenario), {**scene.environ, **kind.environ}, kind.skew)
        world.strike(*([{"operation": scene.operation, "call": call, **kind.fault}] if kind.fault else []))
    return world, run(world, scene.module, **scene.options)


def _merged(scenario, changes):
    """The scenario's own words have the last say."""
    services = {name: {**changes.get(name, {}), **scenario.get(name, {})} for name in {**scenario, **changes}}
    return {name: part for name, part in services.items() if name in scenario or name == "tokens"}


_SCENES = {scene.name: scene for scene in SCENES}


def _cells():
    for scene in SCENES:
        for name, kind in FAULTS.items():
            if (kind.services and scene.service not in kind.services) or (kind.kinds and scene.kind not in kind.kinds):
                continue
            positions = scene.positions if kind.fault else {scene.calls[0]: "run"}
            for call, position in positions.items():
                yield pytest.param(scene.name, name, call, position, id="%s, %s, %s" % (scene.name, name, position))


@pytest.mark.parametrize("scene, fault, call, position", list(_cells()))
def test_cell(scene, fault, call, position, record_property):
    cell = Cell(_SCENES[scene], fault, call)
    record_property("cell", [scene, fault, position, cell.run.outcome, cell.sent, cell.effects])
    cell.check()


class Cell:
    def __init__(self, scene, fault, call):
        self.scene = scene
        self.kind = FAULTS[fault]
        self.call = call
        self.baseline = _baseline_of(scene.name)
        self.world, self.run = _play(scene, self.kind, call)
        self.sent = self._sent()
        self.effects = len(self.run.effects)

    def _sent(self):
        """How often the request that was struck was sent; the average, when all that followed were."""
        if self.scene.kind in ("afterwards", "waiting", "look") or self.kind.fault is None:
            return None  # where it is looked again and again, that hangs on the time which the fault takes
        sent = len(self.world.requests(self.scene.operation)) - (self.call - 1)
        following = self.baseline.calls - self.call
        if self.run.outcome != "ok":
            return sent
        return sent / (following + 1) if "times" in self.kind.fault else sent - following

    def check(self):
        key = (self.kind.row, self.scene.kind)
        assert key in EXPECTED, "no expectation for %s of %s" % key
        outcome, sent = EXPECTED[key]
        assert self.run.outcome == outcome, self.run.result
        assert sent in (None, self.sent)
        self.check_success() if outcome == "ok" else self.check_failure()
        self.check_writes()
        self.check_second_run()

    def check_success(self):
        for key in self.scene.same or self.baseline.run.result:
            assert self.run.result[key] == self.baseline.run.result[key], key
        assert self.world.essence() == self.baseline.essence

    def check_failure(self):
        result = self.run.result
        assert self.scene.operation in result["msg"] or result["failure_kind"] != "api", result["msg"]
        assert "SKSIMULATOR" not in str(result)
        assert result["changed"] is bool(self.answered_writes())
        if result["failure_kind"] == "wait_timeout":
            return
        error = result["error"]
        assert (error["service"], error["operation"]) == (self.scene.service, self.scene.operation)
        assert error["http_status"] == self.kind.status or (self.kind.status, error["http_status"]) == (200, 201)
        assert error["tries"] >= 1 and (self.sent is None or error["tries"] <= self.sent)

    def answered_writes(self):
        return [entry for entry in self.run.effects if entry["fault"] is None or entry["fault"] == "slow"]

    def check_writes(self):
        """No effect twice, and none that a run without faults does not have."""
        assert self.effects <= len(self.baseline.run.effects)
        struck = len(self.world.requests(self.scene.operation)) - self.baseline.calls
        assert len(self.run.writes) <= len(self.baseline.run.writes) + max(0, struck)

    def check_second_run(self):
        if self.run.outcome == "ok":
            return
        self.world.heal()
        self.world.environ = {**ENVIRONMENT, **self.scene.environ}  # whoever had a token that is over gets another key
        second = run(self.world, self.scene.module, **self.scene.options)
        assert second.outcome == "ok", second.result
        assert self.world.essence() == self.baseline.essence


def test_every_operation_is_known():
    """No operation that the collection can send is missing in the matrix."""
    sent = set()
    for name in ("_iam", "_hss", "_iotda", "_kps", "_auth._password"):
        module = __import__("ansible_collections.huaweicloud.tasks.plugins.module_utils." + name, fromlist=["x"])
        sent |= {value.name for value in vars(module).values() if type(value).__name__ == "Operation"}
    assert sent == {scene.operation for scene in SCENES}
