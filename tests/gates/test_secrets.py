# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret comes back, however much Ansible is asked to say, whether the credentials are right or wrong."""

from __future__ import annotations

import json

import pytest

from tests.gates.collection import MODULES, NAMESPACE, declared
from tests.gates.scenarios import EXAMPLE_CLOUDS

PLAYBOOK = """
- name: Read with credentials as options
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - name: Read
      {module}: {options}
      ignore_errors: true
"""
SECRET = "a-secret-that-must-not-be-seen"
# Whatever a module needs besides credentials, so that it makes a request.
NEEDED = {
    "hss_task": {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}},
}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("correct", [True, False])
def test_secrets_do_not_come_back(name, correct, simulator_process, play_here, tmp_path):
    cloud = EXAMPLE_CLOUDS.get(name) or EXAMPLE_CLOUDS[name.split("_")[0]]
    right = SECRET if correct else "another"
    simulator_process.load({**cloud, "keys": {"AKOFTHISTEST": {"sk": right, "security_token": f"{SECRET}-token"}}})
    options = {"access_key": "AKOFTHISTEST", "secret_key": SECRET, "security_token": f"{SECRET}-token"}
    assert set(options) <= set(declared(name)["argument_spec"])
    playbook = tmp_path / "playbook.yml"
    options = json.dumps({**options, **NEEDED.get(name, {})})
    playbook.write_text(PLAYBOOK.format(module=f"{NAMESPACE}.{name}", options=options), encoding="utf-8")
    played = play_here(playbook, "-vvvv", variables=simulator_process.environment())
    (result,) = played.of(f"{NAMESPACE}.{name}")
    assert (result.status == "ok") == correct, result
    assert simulator_process.journal(), "no request was made"
    for text in (played.output, json.dumps(result.result)):
        assert SECRET not in text
        assert "AKOFTHISTEST" not in text
