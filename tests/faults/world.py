# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account in the simulator that can be made anew thousands of times, and what its services hold in the end."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import requests

from tests.simulator.adapter import SimulatorAdapter
from tests.simulator.app import Simulator
from tests.simulator.clock import Clock
from tests.unit.inprocess import ENVIRONMENT, START, Account, MovedClock


@cache
def _simulator(name):
    """Making a simulator costs as much as a hundred requests; loading a scenario costs nothing."""
    return Simulator({}, clock=Clock(start=START))


class World(Account):
    """As Account, but every World of a name takes the place of the one before."""

    def __init__(self, scenario=None, environ=None, skew=0, name="the only one"):
        self.simulator = _simulator(name)
        self.simulator.load(scenario or {})
        self.clock = MovedClock(self.simulator.clock, skew)
        self.environ = {**ENVIRONMENT, **(environ or {})}
        self.warnings = []
        self.secrets = set()
        self._hooks = []

    def session(self):
        session = requests.Session()
        session.trust_env = False  # nothing is to be found there, and looking takes a tenth of the time
        session.mount("https://", _HookedAdapter(self.simulator, self._hooks))
        return session

    def meanwhile(self, path_end, action, call=1):
        """Before the next call (or a later one) of an operation is answered, something else happens.

        :arg path_end: how the path of the operation ends. :arg action: called without arguments, once.
        """
        self._hooks.append(_Hook(path_end, action, call))

    def strike(self, *faults):
        """Let these faults happen from now on, and no others."""
        self.simulator.faults.set(faults)

    def heal(self, seconds=30):
        """End all faults, and let pass what a service needs to recover."""
        self.simulator.faults.clear()
        self.simulator.clock.advance(seconds)

    def requests(self, operation, since=0):
        return [entry for entry in self.simulator.journal.requests[since:] if entry["operation"] == operation]

    def essence(self):
        """What the services hold, without the times: two histories that end alike are equal in this."""
        return essence(self.simulator.state)


class _Hook:
    def __init__(self, path_end, action, call):
        self._path_end = path_end
        self._action = action
        self._calls_left = call

    def see(self, path):
        if not path.partition("?")[0].endswith(self._path_end):
            return
        self._calls_left -= 1
        if self._calls_left == 0:
            self._action()


class _HookedAdapter(SimulatorAdapter):
    def __init__(self, simulator, hooks):
        super().__init__(simulator)
        self._hooks = hooks

    def send(self, request, **options):
        for hook in self._hooks:
            hook.see(request.path_url)
        return super().send(request, **options)


def essence(state):
    return {"hss": _hss(state["hss"]), "iotda": _iotda(state["iotda"]), "kps": _kps(state["kps"])}


def _iotda(state):
    return {
        task["task_id"]: {target: subtask["retries"] for target, subtask in task["retried"].items()}
        for task in state["batch_tasks"]
    }


def _kps(state):
    return [record["task_id"] for project in state["projects"].values() for record in project["failed"]]


def _hss(state):
    return [
        {
            "task_type": task["task_type"],
            "range_type": task["range_type"],
            "kinds": (task.get("cluster_scan_info") or task.get("iac_scan_info")).get("scan_type_list"),
            "resources": {
                resource["id"]: {name: item["attempts"] for name, item in resource["items"].items()}
                for resource in task["resources"]
            },
        }
        for project in state["projects"].values()
        for task in project["tasks"]
    ]


class Run(NamedTuple):
    """One run of a module: its result, and the part of the journal that belongs to it."""

    result: dict
    journal: list
    warnings: list

    @property
    def outcome(self):
        """``ok``, or the kind of failure."""
        return self.result["failure_kind"] if self.result.get("failed") else "ok"

    @property
    def writes(self):
        """The requests that write and reached the service."""
        return [entry for entry in self.journal if entry["write"] and entry["fault"] != "refused"]

    @property
    def effects(self):
        return [entry for entry in self.journal if entry["effect"]]


def run(world, module, check_mode=False, **options):
    since = len(world.simulator.journal.requests)
    result = world.run(module, check_mode, **options)
    return Run(result, world.simulator.journal.requests[since:], list(world.warnings))
