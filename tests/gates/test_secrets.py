# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret comes back, however much Ansible is asked to say, whether the credentials are right or wrong."""

from __future__ import annotations

import json

import pytest

from tests.gates.collection import MODULES, NAMESPACE
from tests.gates.scenarios import EXAMPLE_CLOUDS, VALID_CALLS

# All runs are of one playbook for each case, as starting one takes longer than running a module.
pytestmark = pytest.mark.xdist_group("secrets")

SECRET = "a-secret-that-must-not-be-seen"
TOKEN = f"{SECRET}-token"
# Wrong signatures in a row lock an access key, so each module has its own.
ACCESS_KEYS = {name: f"AKOFTHISTEST{number}" for number, name in enumerate(MODULES)}


@pytest.fixture(scope="module", params=[True, False], ids=["right", "wrong"])
def played(request, simulator_process, play_here, tmp_path_factory):
    """Every module, run with credentials as options that are right or wrong; returns which, and what was played."""
    cloud = {service: part for clouds in EXAMPLE_CLOUDS.values() for service, part in clouds.items()}
    key = {"sk": SECRET if request.param else "another", "security_token": TOKEN}
    simulator_process.load({**cloud, "keys": dict.fromkeys(ACCESS_KEYS.values(), key)})
    tasks = []
    for name, access_key in ACCESS_KEYS.items():
        credentials = {"access_key": access_key, "secret_key": SECRET, "security_token": TOKEN}
        tasks.append({f"{NAMESPACE}.{name}": {**credentials, **VALID_CALLS.get(name, {})}, "ignore_errors": True})
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    playbook = tmp_path_factory.mktemp("secrets") / "playbook.yml"
    playbook.write_text(json.dumps(play), encoding="utf-8")
    return request.param, play_here(playbook, "-vvvv", variables=simulator_process.environment())


@pytest.mark.parametrize("name", MODULES)
def test_the_credentials_were_used(name, played):
    right, run = played
    (result,) = run.of(f"{NAMESPACE}.{name}")
    assert (result.status == "ok") == right, result
    assert right or result.result["failure_kind"] == "auth"


def test_no_secret_comes_back(played):
    _right, run = played
    for text in (run.output, json.dumps(run.results)):
        assert SECRET not in text
        assert "AKOFTHISTEST" not in text
