# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, through ansible's own inventory manager, against the simulator in this process."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar

from ansible_collections.huaweicloud.tasks.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.huaweicloud.tasks.plugins.doc_fragments.connection_inventory import (
    ModuleDocFragment as ConnectionInventory,
)
from ansible_collections.huaweicloud.tasks.plugins.inventory.projects import CONNECTION, named
from ansible_collections.huaweicloud.tasks.plugins.module_utils import client as client_module
from tests.unit.inprocess import Account

ENVIRONMENT = {
    "HUAWEICLOUD_REGION": "cn-north-4",
    "HUAWEICLOUD_SDK_AK": "AKSIMULATOR",
    "HUAWEICLOUD_SDK_SK": "SKSIMULATOR",
}
OTHERS = re.compile(r"^(HUAWEICLOUD_|HW_|ANSIBLE_)")


@pytest.fixture
def account(monkeypatch):
    account = Account({"projects": {"count": 199}})
    monkeypatch.setattr(client_module, "_new_session", account.session)
    monkeypatch.setattr(client_module, "Clock", lambda: account.clock)
    for name in list(client_module.os.environ):
        if OTHERS.match(name):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return account


@pytest.fixture
def write(tmp_path):
    """Writes a source file and returns its path."""

    def write(**options):
        path = tmp_path / "my_huaweicloud_projects.yml"
        path.write_text(yaml.safe_dump({"plugin": "huaweicloud.tasks.projects", **options}), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def source(write):
    """Returns the inventory that ansible makes of a source file with these options."""
    return lambda **options: InventoryManager(DataLoader(), sources=[write(**options)])


@pytest.fixture
def failure(write):
    """Returns what the plugin raises for a source file with these options; ansible makes a warning of it."""

    def parse(**options):
        with pytest.raises(AnsibleError) as raised:
            inventory_loader.get("huaweicloud.tasks.projects").parse(InventoryData(), DataLoader(), write(**options))
        return str(raised.value)

    return parse


def test_every_project_is_a_host_and_one_request_is_enough(account, source):
    inventory = source()
    assert len(inventory.hosts) == 200
    assert account.operations() == ["KeystoneListProjects"]
    host = inventory.hosts["cn-north-4_007"]
    assert host.vars == {
        **host.vars,
        "huaweicloud_project_id": "a0000000000000000000000000000007",
        "huaweicloud_project_name": "cn-north-4_007",
        "huaweicloud_region": "cn-north-4",
        "huaweicloud_domain_id": "d0000000000000000000000000000000",
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    interpreter = Templar(DataLoader(), variables={"ansible_playbook_python": "/bin/this"}).template(
        host.vars["ansible_python_interpreter"]
    )
    assert interpreter == "/bin/this"
    assert len(inventory.groups["huaweicloud_projects"].get_hosts()) == 200
    assert len(inventory.groups["region_cn_north_4"].get_hosts()) == 200


def test_pages_are_followed_at_the_address_that_was_given(account, source):
    first = {
        "projects": [{"id": "1" * 32, "name": "cn-north-4_first"}],
        "links": {"next": "https://elsewhere.example/v3/projects?page=2&per_page=100"},
    }
    last_page = {"operation": "KeystoneListProjects", "kind": "shape", "body": json.dumps(first)}
    account.simulator.faults.set([last_page])
    assert len(source().hosts) == 101
    queries = [dict(entry["query"]) for entry in account.simulator.journal.requests]
    assert queries == [{}, {"page": "2", "per_page": "100"}]


def test_a_cached_run_asks_nothing(account, source, tmp_path):
    options = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = source(**options)
    second = source(**options)
    assert sorted(second.hosts) == sorted(first.hosts)
    assert second.hosts["cn-north-4_007"].vars["huaweicloud_project_id"] == "a0000000000000000000000000000007"
    assert account.operations() == ["KeystoneListProjects"]
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "cache").iterdir())
    assert "SKSIMULATOR" not in kept and "AKSIMULATOR" not in kept


def test_a_list_is_not_used_for_another_account(account, source, tmp_path, monkeypatch):
    options = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    source(**options)
    account.simulator.auth.add_key("AKOTHER", sk="SKOTHER")
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", "AKOTHER")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "SKOTHER")
    source(**options)
    assert account.operations() == ["KeystoneListProjects"] * 2


def test_credentials_of_the_file_win_and_may_be_templates(account, source, monkeypatch):
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "wrong")
    monkeypatch.setenv("SAFE", "SKSIMULATOR")
    secret = "{{ lookup('ansible.builtin.env', 'SAFE') }}"
    assert len(source(access_key="AKSIMULATOR", secret_key=secret).hosts) == 200


@pytest.mark.parametrize(
    ("options", "environ", "scenario", "said"),
    [
        ({"access_key": "AKSIMULATOR"}, {}, {}, "secret_key"),
        ({}, {"HUAWEICLOUD_SDK_SK": ""}, {}, "HUAWEICLOUD_SDK_SK is missing"),
        ({}, {"HUAWEICLOUD_SDK_SK": "wrong"}, {}, "Could not list the account's projects"),
        ({}, {}, {"iam": {"list_projects": "forbidden"}}, "not authorized"),
        ({"region": "No region"}, {}, {}, "region"),
        ({"request_retries": "many"}, {}, {}, "request_retries"),
    ],
)
def test_what_goes_wrong_is_said(account, failure, monkeypatch, options, environ, scenario, said):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    account.simulator.merge(scenario)
    assert said in failure(**options)
    assert len(account.operations()) <= 1


def test_an_empty_variable_is_not_set(account, source, monkeypatch):
    options = yaml.safe_load(ConnectionInventory.DOCUMENTATION)["options"]
    for variable in [entry["name"] for option in options.values() for entry in option.get("env", [])]:
        monkeypatch.setenv(variable, ENVIRONMENT.get(variable, ""))
    assert len(source().hosts) == 200


def test_groups_and_variables_are_composed(account, source):
    inventory = source(
        regions=["cn-north-4"],
        keyed_groups=[{"key": "huaweicloud_project_name[-1]", "prefix": "last"}],
        groups={"first_ten": "huaweicloud_project_name is search('_00')"},
        compose={"scan_max_age": "86400"},
        strict=True,
    )
    assert len(inventory.groups["first_ten"].get_hosts()) == 9
    assert len(inventory.groups["last_7"].get_hosts()) == 20
    assert inventory.hosts["cn-north-4"].vars["scan_max_age"] in (86400, "86400")


def test_strict_holds(account, source, failure):
    assert "no_such" in failure(compose={"scan_max_age": "no_such"}, strict=True)
    assert len(source(compose={"scan_max_age": "no_such"}).hosts) == 200


def test_an_empty_list_of_regions_matches_none(account, source):
    assert not source(regions=[]).hosts


def test_a_name_that_looks_like_a_template_stays_a_text(account, source):
    account.simulator.merge({"projects": [{"id": "b" * 32, "name": "cn-north-4_{{ 7 * 6 }}"}]})
    variables = next(iter(source().hosts.values())).vars
    template = Templar(DataLoader(), variables={})
    assert template.template(variables["huaweicloud_project_name"]) == "cn-north-4_{{ 7 * 6 }}"


def test_which_projects_become_hosts():
    projects = [
        {"id": "1", "name": "eu-west-101_b", "enabled": True},
        {"id": "2", "name": "MOS", "enabled": True},
        {"id": "3", "name": "cn-north-4", "enabled": False},
        {"id": "4", "name": "my-kualalumpur-1"},
        {"id": "5", "name": "ap-southeast-1_twice"},
        {"id": "6", "name": "ap-southeast-1_twice"},
    ]
    assert [(name, region) for name, region, _project in named(projects, None)] == [
        ("ap-southeast-1_twice_5", "ap-southeast-1"),
        ("ap-southeast-1_twice_6", "ap-southeast-1"),
        ("eu-west-101_b", "eu-west-101"),
        ("my-kualalumpur-1", "my-kualalumpur-1"),
    ]
    assert [name for name, _region, _project in named(projects, ["eu-west-101"])] == ["eu-west-101_b"]


def test_every_known_region_is_recognised():
    from ansible_collections.huaweicloud.tasks.plugins.module_utils._endpoints import _REGIONS

    projects = [{"id": region, "name": region} for region in _REGIONS]
    assert {region for _name, region, _project in named(projects, None)} == set(_REGIONS)


def test_the_options_are_those_of_the_modules_and_their_variables_too():
    modules = yaml.safe_load(Connection.DOCUMENTATION)["options"]
    inventory = yaml.safe_load(ConnectionInventory.DOCUMENTATION)["options"]
    assert set(inventory) == set(CONNECTION)
    assert set(modules) - set(inventory) == {"endpoint", "project_id", "project_name"}
    for name in inventory:
        assert modules[name]["type"] == inventory[name]["type"] or name == "request_retries"
        variables = {entry["name"] for entry in inventory[name].get("env", [])}
        assert variables <= set(re.findall(r"E\((\w+)\)", json.dumps(modules[name]))), name
    everywhere = {entry["name"] for option in inventory.values() for entry in option.get("env", [])}
    of_modules = set(re.findall(r"E\(((?:HUAWEICLOUD|HW)_\w+)\)", json.dumps([modules[name] for name in inventory])))
    assert everywhere - {"REQUESTS_CA_BUNDLE"} == of_modules
