# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator with a manual clock, and its caller."""

from __future__ import annotations

import pytest
import requests

from tests.simulator.adapter import SimulatorAdapter
from tests.simulator.app import Simulator
from tests.simulator.clock import Clock
from tests.unit.simulator.sim_caller import START, Caller


@pytest.fixture
def simulator():
    return Simulator(clock=Clock(start=START))


@pytest.fixture
def caller(simulator):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", SimulatorAdapter(simulator))
    return Caller(simulator.clock, "https://hss.cn-north-4.myhuaweicloud.com", session)
