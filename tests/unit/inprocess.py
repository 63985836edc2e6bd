# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's ``execute`` against the simulator in this process: no sockets, no sleeping, a moved clock."""

from __future__ import annotations

import importlib

import requests
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import TasksError
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import Client
from tests.simulator.adapter import SimulatorAdapter
from tests.simulator.app import Simulator
from tests.simulator.clock import Clock

START = 1767322985  # 2026-01-02T03:03:05Z
ENVIRONMENT = {
    "HUAWEICLOUD_REGION": "cn-north-4",
    "HUAWEICLOUD_SDK_AK": "AKSIMULATOR",
    "HUAWEICLOUD_SDK_SK": "SKSIMULATOR",
    "HUAWEICLOUD_SDK_PROJECT_ID": "0123456789abcdef0123456789abcdef",
}


class MovedClock:
    """The client's clock, bound to the simulator's: sleeping moves both, and nothing waits.

    ``skew`` is how many seconds this machine's clock is ahead of the service's.
    """

    def __init__(self, simulated, skew=0):
        self._simulated = simulated
        self._skew = skew
        self.slept = []

    def time(self):
        return self._simulated.time() + self._skew

    def monotonic(self):
        return self._simulated.time()

    def sleep(self, seconds):
        self.slept.append(seconds)
        self._simulated.advance(seconds)

    def jitter(self, seconds):
        return 0


class Account:
    """An account in the simulator, and the modules run against it."""

    def __init__(self, scenario=None, environ=None, skew=0):
        self.simulator = Simulator(scenario or {}, clock=Clock(start=START))
        self.clock = MovedClock(self.simulator.clock, skew)
        self.environ = ENVIRONMENT if environ is None else environ
        self.warnings = []
        self.secrets = set()

    def session(self):
        session = requests.Session()
        session.mount("https://", SimulatorAdapter(self.simulator))
        session.mount("http://", SimulatorAdapter(self.simulator))
        return session

    def run(self, module, check_mode=False, **options):
        """Run a module as Ansible would; a failure comes back as a result with ``failed``."""
        code = importlib.import_module("ansible_collections.huaweicloud.tasks.plugins.modules." + module)
        validated = ModuleArgumentSpecValidator(code.SPEC.argument_spec, **code.SPEC.rules).validate(options)
        if validated.error_messages:
            return {"failed": True, "changed": False, "msg": validated.error_messages[0]}
        params = validated.validated_parameters
        client = None
        try:
            client = Client.from_params(
                code.SPEC.service, params, self.environ, self.session(), self.clock, self.secrets.add
            )
            return code.execute(params, check_mode, client)
        except TasksError as error:
            return {"failed": True, "msg": error.msg, **error.to_result()}
        finally:
            self.warnings = client.warnings if client else []

    def operations(self):
        """The names of the operations that were called, in order."""
        return [entry["operation"] for entry in self.simulator.journal.requests]

    def writes(self):
        """The requests that write, as the server saw them."""
        return [entry for entry in self.simulator.journal.requests if entry["write"]]
