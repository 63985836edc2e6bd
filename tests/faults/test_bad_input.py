# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong values for every option of every module: a clear error before any request, and never a traceback.

What follows from the argument spec is generated from it; what only the modules know stands in a table.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.faults.world import World, run

MODULES = sorted(path.stem for path in Path(__file__).parents[2].glob("plugins/modules/*.py"))
ID = "00000001-0000-4000-8000-0123456789ab"

# Options with which each module runs.
GOOD = {
    "hss_cluster_info": {},
    "hss_task": {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}},
    "hss_task_info": {},
    "hss_task_retry": {"task_id": "scan"},
    "iotda_batch_task_info": {"task_id": "65a0"},
    "iotda_batch_task_retry": {"task_id": "65a0"},
    "kps_failed_task": {"state": "absent", "task_ids": [ID]},
    "kps_failed_task_info": {},
}

WRONG_OF_TYPE = {
    "int": ["many", 1.5, [], {}, "0x10", ""],
    "bool": ["perhaps", 2, [], ""],
    "list": [{}],
    "dict": ["no pairs", ["a"]],  # and a number in the integration target hss_task: AnsibleModule itself is needed
    "str": [],
    "path": [],
}

# (options that are wrong, a word that the message must hold)
CONNECTION = [
    ({"region": ""}, "region"),
    ({"region": "CN North 4"}, "region"),
    ({"region": "cn-north-4/../x"}, "region"),
    ({"region": "cn-north-4\n"}, "region"),
    ({"region": "x" * 5000 + "!"}, "region"),
    ({"access_key": "A"}, "secret_key"),
    ({"secret_key": "S"}, "access_key"),
    ({"access_key": "", "secret_key": "S"}, "access_key"),
    ({"access_key": "A B", "secret_key": "S"}, "access_key"),
    ({"access_key": "A", "secret_key": "S\n"}, "secret_key"),
    ({"access_key": "\u5bc6", "secret_key": "S"}, "access_key"),
    ({"security_token": "T"}, "access_key"),
    ({"auth_method": "token"}, "auth_token"),
    ({"auth_method": "magic"}, "auth_method"),
    ({"auth_token": ""}, "auth_token"),
    ({"auth_token": "T\r\nX-Evil: 1"}, "auth_token"),
    ({"username": "U"}, "password"),
    ({"username": "U", "password": "P"}, "domain_name"),
    ({"auth_method": "profile", "credentials_file": "/nowhere/at/all"}, "/nowhere/at/all"),
    ({"project_id": ""}, "project_id"),
    ({"project_id": "../admin"}, "project_id"),
    ({"project_id": "a" * 65}, "project_id"),
    ({"project_id": "p", "project_name": "n"}, "project_name"),
    ({"project_name": ""}, "project_name"),
    ({"endpoint": ""}, "endpoint"),
    ({"endpoint": "hss.example.com"}, "endpoint"),
    ({"endpoint": "ftp://hss.example.com"}, "endpoint"),
    ({"endpoint": "https://"}, "endpoint"),
    ({"endpoint": "https://hss.example.com:port"}, "endpoint"),
    ({"endpoint": "https://user:secret@hss.example.com"}, "endpoint"),
    ({"endpoint": "https://hss.example.com?x=1"}, "endpoint"),
    ({"endpoint": "https://[::1"}, "endpoint"),
    ({"iam_endpoint": "nonsense"}, "iam_endpoint"),
    ({"cloud": "nonsense"}, "cloud"),
    ({"cloud": "evil.com/x"}, "cloud"),
    ({"ca_path": "/nowhere/at/all"}, "ca_path"),
    ({"request_timeout": 0}, "request_timeout"),
    ({"request_timeout": -5}, "request_timeout"),
    ({"request_retries": -1}, "request_retries"),
]
WAIT = [
    ({"wait_timeout": -1}, "wait_timeout"),
    ({"wait_interval": 0}, "wait_interval"),
    ({"wait_interval": -1}, "wait_interval"),
]
HSS = [
    ({"enterprise_project_id": ""}, "enterprise_project_id"),
    ({"enterprise_project_id": "x" * 257}, "enterprise_project_id"),
]
IOTDA = [
    ({"instance_id": ""}, "instance_id"),
    ({"instance_id": "UPPER"}, "instance_id"),
    ({"instance_id": "a" * 37}, "instance_id"),
    ({"instance_id": "a\n"}, "instance_id"),
    ({"signing": "loud"}, "signing"),
]
LIMIT = [({"limit": 0}, "limit"), ({"limit": -1}, "limit")]
TYPES = ["benchmark"]


def _scan(**scan):
    return {"task_type": "cluster_scan", "cluster_scan": {"scan_types": TYPES, **scan}}


def _files(**scan):
    files = {"file_type": "dockerfile", "file_ids": ["f"], **scan}
    return {"task_type": "iac_scan", "cluster_scan": None, "iac_scan": files}


OWN = {
    "hss_cluster_info": LIMIT + HSS,
    "hss_task": WAIT + HSS + [
        ({"task_type": None}, "task_type"),
        ({"task_type": "scan"}, "task_type"),
        ({"cluster_scan": None}, "cluster_scan"),
        ({"task_type": "iac_scan", "cluster_scan": None}, "iac_scan"),
        (_scan(scan_types=None), "scan_types"),
        (_scan(scan_types=[]), "scan_types"),
        (_scan(scan_types=["all"]), "scan_types"),
        (_scan(cluster_ids=[]), "cluster_ids"),
        (_scan(cluster_ids=[""]), "cluster_ids"),
        (_scan(cluster_ids=["x" * 65]), "cluster_ids"),
        (_scan(cluster_ids=["c%s" % n for n in range(201)]), "cluster_ids"),
        (_scan(range="some"), "range"),
        (_scan(range="all", cluster_ids=[ID]), "cluster_ids"),
        (_scan(range="specific"), "cluster_ids"),
        (_scan(ranges="all"), "ranges"),
        (_files(file_type=None), "file_type"),
        (_files(file_type="tar"), "file_type"),
        (_files(file_ids=None), "file_ids"),
        (_files(file_ids=[]), "file_ids"),
        (_files(file_ids=[""]), "file_ids"),
        (_files(file_ids=["x" * 65]), "file_ids"),
        (_files(file_ids=["f%s" % n for n in range(101)]), "file_ids"),
        ({"reuse_finished_within": -1}, "reuse_finished_within"),
        ({"reuse_match": "names"}, "reuse_match"),
    ],
    "hss_task_info": LIMIT + HSS + [
        ({"task_type": "scan"}, "task_type"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": "x" * 65}, "task_id"),
        ({"task_name": ""}, "task_name"),
        ({"scan_types": ["benchmark"], "file_type": "dockerfile"}, "scan_types"),
        ({"task_type": "iac_scan", "scan_types": ["benchmark"]}, "scan_types"),
        ({"task_type": "cluster_scan", "file_type": "dockerfile"}, "file_type"),
        ({"created_after": "yesterday"}, "created_after"),
        ({"created_after": ""}, "created_after"),
        ({"created_after": "2026-13-01"}, "created_after"),
        ({"created_after": "9" * 5000}, "created_after"),
        ({"created_before": "-5"}, "created_before"),
        ({"created_after": "2026-01-02", "created_before": "2026-01-01"}, "created_after"),
    ],
    "hss_task_retry": WAIT + HSS + [
        ({"task_id": None}, "task_id"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": "x" * 65}, "task_id"),
        ({"clusters": [{}]}, "cluster_id"),
        ({"clusters": [5]}, ""),
        ({"clusters": [{"cluster_id": ""}]}, "cluster_id"),
        ({"clusters": [{"cluster_id": "x" * 65}]}, "cluster_id"),
        ({"clusters": [{"cluster_id": ID, "scan_types": []}]}, "scan_types"),
        ({"clusters": [{"cluster_id": ID, "scan_types": ["all"]}]}, "scan_types"),
    ],
    "iotda_batch_task_info": LIMIT + IOTDA + [
        ({"task_id": None}, "task_id"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": "XYZ"}, "task_id"),
        ({"task_id": "a" * 25}, "task_id"),
        ({"task_id": "a\n"}, "task_id"),
        ({"task_type": "firmwareUpgrade"}, "task_type"),
        ({"app_id": "a"}, "app_id"),
        ({"status": "Fail"}, "status"),
        ({"task_id": None, "task_type": "coffee"}, "task_type"),
        ({"task_id": None, "task_type": "firmwareUpgrade", "app_id": ""}, "app_id"),
        ({"task_id": None, "task_type": "firmwareUpgrade", "app_id": "a b"}, "app_id"),
        ({"task_id": None, "task_type": "firmwareUpgrade", "app_id": "a" * 37}, "app_id"),
        ({"include_output": True}, "include_output"),
        ({"subtasks": "some"}, "subtasks"),
    ],
    "iotda_batch_task_retry": WAIT + IOTDA + [
        ({"task_id": None}, "task_id"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": "../65a0"}, "task_id"),
        ({"task_id": "a" * 25}, "task_id"),
        ({"targets": [""]}, "targets"),
        ({"targets": ["a b"]}, "targets"),
        ({"targets": ["a\n"]}, "targets"),
        ({"targets": ["x" * 129]}, "targets"),
    ],
    "kps_failed_task": [
        ({"state": None}, "state"),
        ({"state": "present"}, "state"),
        ({"task_ids": None}, "task_ids"),
        ({"all": True}, "all"),
        ({"task_ids": None, "all": False}, "task_ids"),
        ({"task_ids": [""]}, "task_ids"),
        ({"task_ids": [".."]}, "task_ids"),
        ({"task_ids": ["a/b"]}, "task_ids"),
        ({"task_ids": ["x" * 37]}, "task_ids"),
    ],
    "kps_failed_task_info": LIMIT + [
        ({"failed_after": "soon"}, "failed_after"),
        ({"failed_before": ""}, "failed_before"),
        ({"failed_after": "2026-01-02", "failed_before": "2026-01-01"}, "failed_after"),
        ({"server_ids": [""]}, "server_ids"),
        ({"server_names": ["a", ""]}, "server_names"),
        ({"keypair_names": [""]}, "keypair_names"),
        ({"operate_types": [""]}, "operate_types"),
    ],
}


def _spec(module):
    return importlib.import_module("ansible_collections.huaweicloud.tasks.plugins.modules." + module).SPEC


def _from_spec(module):
    """Every option with values of the wrong type and beyond its choices, and an option that does not exist."""
    yield {"no_such_option": "x"}, "no_such_option"
    for name, option in _spec(module).argument_spec.items():
        kind = option.get("type", "str")
        for value in WRONG_OF_TYPE[kind]:
            yield {name: value}, "" if kind == "dict" else name  # ansible-core does not name it
        if "choices" in option:
            wrong = "no such choice"
            yield {name: [wrong] if kind == "list" else wrong}, name
        if kind == "list" and option.get("elements") == "dict":
            yield {name: ["no pairs"]}, ""
            yield {name: [5]}, name
        if option.get("required"):
            yield {name: None}, name


def _options(module, wrong):
    """The good options with the wrong ones over them; None leaves an option out."""
    return {name: value for name, value in {**GOOD[module], **wrong}.items() if value is not None}


def _cases():
    for module in MODULES:
        for wrong, word in [*_from_spec(module), *OWN[module], *CONNECTION]:
            yield pytest.param(module, wrong, word, id="%s %s" % (module, str(wrong)[:60]))


@pytest.mark.parametrize("module, wrong, word", list(_cases()))
def test_a_wrong_value_is_an_error_before_any_request(module, wrong, word, record_property):
    record_property("count", ["wrong values", 1])
    world = World()
    if any(name in wrong for name in ("access_key", "secret_key", "security_token", "username", "auth_method")):
        world.environ = {name: value for name, value in world.environ.items() if "_SDK_AK" not in name}
    result = world.run(module, **_options(module, wrong))
    assert result.get("failed"), result
    assert word in result["msg"]
    assert result["changed"] is False
    assert result.get("failure_kind", "input") in ("input", "auth")
    assert world.simulator.journal.requests == []


def test_every_module_has_good_options_and_wrong_ones():
    assert set(MODULES) == set(GOOD) == set(OWN)


@pytest.mark.parametrize("module", MODULES)
def test_the_good_options_are_good(module):
    """Otherwise every wrong value beside them would be refused for another reason."""
    scenario = {
        "hss": {"tasks": [{"task_id": "scan"}]},
        "iotda": {"batch_tasks": [{"task_id": "65a0", "sub_tasks": [{"status": "Success"}]}]},
    }
    assert run(World(scenario), module, **GOOD[module]).outcome == "ok"


ENVIRONMENT = [
    ({"HUAWEICLOUD_REGION": "CN North 4"}, "HUAWEICLOUD_REGION"),
    ({"HUAWEICLOUD_SDK_PROJECT_ID": "a/b"}, "HUAWEICLOUD_SDK_PROJECT_ID"),
    ({"HUAWEICLOUD_SDK_AK": ""}, "HUAWEICLOUD_SDK_AK"),
    ({"HUAWEICLOUD_SDK_SK": "S S"}, "HUAWEICLOUD_SDK_SK"),
    ({"HUAWEICLOUD_AUTH_METHOD": "magic"}, "HUAWEICLOUD_AUTH_METHOD"),
    ({"HW_MAX_RETRIES": "many"}, "HW_MAX_RETRIES"),
    ({"HW_MAX_RETRIES": "\u00b2"}, "HW_MAX_RETRIES"),
    ({"HW_MAX_RETRIES": "9" * 5000}, "HW_MAX_RETRIES"),
    ({"HW_CLOUD": "nonsense"}, "HW_CLOUD"),
    ({"HW_AUTH_URL": "nonsense"}, "iam_endpoint"),
    ({"REQUESTS_CA_BUNDLE": "/nowhere/at/all"}, "/nowhere/at/all"),
]


@pytest.mark.parametrize("variables, word", ENVIRONMENT, ids=[str(variables)[:50] for variables, _word in ENVIRONMENT])
@pytest.mark.parametrize("module", MODULES)
def test_a_wrong_variable_is_an_error_before_any_request(module, variables, word, record_property):
    record_property("count", ["wrong values", 1])
    world = World(environ=variables)
    result = world.run(module, **GOOD[module])
    assert result.get("failed") and word in result["msg"], result
    assert world.simulator.journal.requests == []
