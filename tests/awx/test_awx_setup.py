# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup, with the modules of awx.awx, against a stand-in for AWX's API."""

from __future__ import annotations

import json
import os

import pexpect
import pytest

from tests.awx.stand_in import StandIn
from tests.conftest import BIN
from tests.tools.linked import COLLECTIONS
from tests.tools.workplace import ROOT, environment

pytestmark = pytest.mark.slow

BY_NAME = "huaweicloud.tasks.awx_setup"
BY_PATH = str(ROOT / "playbooks" / "awx_setup.yml")
REPOSITORY = "https://git.example/security/huaweicloud-tasks.git"
SNAPSHOT = ROOT / "tests" / "data" / "awx.json"
SECRET = "secret-key-of-the-test"
WANTED = {
    "awx_project_url": REPOSITORY,
    "awx_image": "registry.example/huaweicloud-tasks-ee:0.1.0",
    "awx_on_success": "Deploy the shop",
    "awx_notifications": ["Tell security"],
    "awx_schedule": "DTSTART:20260102T030000Z RRULE:FREQ=DAILY;INTERVAL=1",
}
CLOUD = {"HUAWEICLOUD_REGION": "cn-north-4", "HUAWEICLOUD_SDK_AK": "AK", "HUAWEICLOUD_SDK_SK": SECRET}


@pytest.fixture
def awx():
    """An AWX with an organization, a notification template, and the job template that goes on."""
    with StandIn({REPOSITORY: ROOT, "https://git.example/shop.git": ROOT}) as stand_in:
        create = stand_in.store.create
        organization = create("organizations", {"name": "Default"})["id"]
        create("notification_templates", {"name": "Tell security", "organization": organization})
        shop = create(
            "projects",
            {"name": "Shop", "organization": organization, "scm_type": "git", "scm_url": "https://git.example/shop.git"},
        )
        inventory = create("inventories", {"name": "Shop", "organization": organization})
        create(
            "job_templates",
            {"name": "Deploy the shop", "project": shop["id"], "inventory": inventory["id"],
             "playbook": "playbooks/scan_clusters.yml"},
        )  # fmt: skip
        stand_in.store.writes.clear()
        yield stand_in


@pytest.fixture
def set_up(awx, play_with_awx):
    """Run the playbook with these variables and this environment, by default with all that it needs."""

    def run(*arguments, playbook=BY_NAME, environ=None, **variables):
        variables = {**WANTED, **variables}
        cloud = CLOUD if environ is None else environ
        environ = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": awx.TOKEN, **cloud}
        return play_with_awx(playbook, *arguments, "-e", json.dumps(variables), variables=environ)

    return run


def changed(played):
    return [result.task for result in played.results if result.result.get("changed")]


def test_it_makes_what_the_snapshot_says_and_then_changes_nothing(awx, set_up):
    first = set_up()
    assert first.returncode == 0, first.output
    stored = awx.store.snapshot()
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    reviewed = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    for endpoint, objects in reviewed.items():
        assert list(stored[endpoint]) == list(objects)
        for name, fields in objects.items():
            assert stored[endpoint][name] == fields, f"{endpoint}: {name}"
    assert set(stored) == set(reviewed)
    assert SECRET not in json.dumps(stored) + first.output + json.dumps([each.result for each in first.results])

    awx.store.writes.clear()
    second = set_up(playbook=BY_PATH)
    assert second.returncode == 0, second.output
    assert (changed(second), awx.store.writes) == ([], [])
    names = second.statistic("huaweicloud_awx_setup")
    assert names["workflow"] in stored["workflow_job_templates"]
    assert set(names["job_templates"]) == set(stored["job_templates"]) - {"Deploy the shop"}


def test_check_mode_writes_nothing(awx, set_up):
    played = set_up("--check")
    assert played.returncode == 0, played.output
    assert awx.store.writes == []
    assert "Make the credential type" in changed(played)


@pytest.mark.parametrize(
    ("variables", "environ", "said"),
    [
        ({"awx_project_url": ""}, CLOUD, "awx_project_url"),
        ({"awx_organization": "Nobody"}, CLOUD, "organizations"),
        ({}, {**CLOUD, "HUAWEICLOUD_SDK_SK": ""}, "The credential needs a region and a secret"),
        ({}, {**CLOUD, "CONTROLLER_OAUTH_TOKEN": "wrong"}, "HTTP 401"),
    ],
)
def test_what_is_missing_is_said(set_up, variables, environ, said):
    played = set_up(environ=environ, **variables)
    assert played.returncode != 0
    assert said in played.output
    assert SECRET not in played.output


def test_secrets_can_be_typed(awx, awx_path, tmp_path):
    variables = {name: WANTED[name] for name in ("awx_project_url", "awx_image")}
    environ = environment(
        BIN,
        ANSIBLE_COLLECTIONS_PATH=f"{COLLECTIONS}:{awx_path}",
        CONTROLLER_HOST=awx.url,
        CONTROLLER_USERNAME="admin",
        HUAWEICLOUD_REGION="cn-north-4",
    )
    command = ["-i", "localhost,", BY_NAME, "-e", json.dumps(variables), "-vvv"]
    terminal = pexpect.spawn(
        str(BIN / "ansible-playbook"), command, env=environ, cwd=tmp_path, encoding="utf-8", timeout=300
    )
    seen = []
    for prompt, answer in [("Password of admin", awx.PASSWORD), ("Access key", "AK"), ("Secret key", SECRET)]:
        terminal.expect(prompt)
        seen.append(terminal.before)
        terminal.sendline(answer)
    terminal.expect("Put the execution environment itself")
    seen.append(terminal.before)
    terminal.close(force=True)
    output = "".join(seen)
    (credential,) = awx.store.objects["credentials"].values()
    assert credential["inputs"] == {"region": "cn-north-4", "access_key": "AK", "secret_key": SECRET}
    assert SECRET not in output and awx.PASSWORD not in output


def test_the_stand_in_refuses_what_awx_refuses(awx):
    store = awx.store
    project = next(iter(store.objects["projects"]))
    inventory = next(iter(store.objects["inventories"]))
    base = {"name": "x", "project": project, "inventory": inventory, "playbook": "playbooks/scan_clusters.yml"}
    store.create("job_templates", base)
    for wrong in (
        {**base, "name": "y", "playbook": "playbooks/no_such.yml"},
        {**base, "name": "y", "playbook": "playbooks/tasks/scan.yml"},
        {**base, "name": "y", "no_such_field": 1},
        {**base, "name": "y", "forks": "many"},
        {**base, "name": "y", "project": 4711},
        base,
    ):
        with pytest.raises(Exception, match="."):
            store.create("job_templates", wrong)
