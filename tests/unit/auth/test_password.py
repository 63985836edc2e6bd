# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in with an IAM user's password."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

USER = {"HW_USER_NAME": "SimUser", "HW_USER_PASSWORD": "SimPassword", "HW_DOMAIN_NAME": "SimDomain"}
REGION = {"HUAWEICLOUD_REGION": "cn-north-4"}
PROJECT = "0123456789abcdef0123456789abcdef"
SIGN_IN = "KeystoneCreateUserTokenByPassword"


def account(scenario=None, **variables):
    return Account(scenario, {**REGION, **USER, **variables})


def sign_ins(of):
    return [entry for entry in of.simulator.journal.requests if entry["operation"] == SIGN_IN]


def test_one_request_gives_the_token_and_the_project():
    cloud = account()
    assert cloud.run("hss_task_info", task_type="cluster_scan")["total"] == 0
    assert cloud.operations() == [SIGN_IN, "ListTasks"]
    first, second = cloud.simulator.journal.requests
    assert first["body"]["auth"]["scope"] == {"project": {"name": "cn-north-4"}}
    assert second["auth"] == "token"
    assert second["path_parameters"]["project_id"] == PROJECT
    assert {"X-Auth-Token", "Authorization"} & set(second["headers"]) == {"X-Auth-Token"}


def test_the_token_is_valid_for_the_project_that_is_given():
    other = {"id": "f" * 32, "name": "cn-north-4_team"}
    projects = [{"id": PROJECT, "name": "cn-north-4"}, other]
    for options, scope in [
        ({"project_name": other["name"]}, {"name": other["name"]}),
        ({"project_id": other["id"]}, {"id": other["id"]}),
    ]:
        cloud = account({"projects": projects})
        result = cloud.run("hss_task_info", task_type="cluster_scan", **options)
        assert "failed" not in result
        assert cloud.operations() == [SIGN_IN, "ListTasks"]
        assert sign_ins(cloud)[0]["body"]["auth"]["scope"]["project"] == scope
        assert cloud.simulator.journal.requests[1]["path_parameters"]["project_id"] == other["id"]


@pytest.mark.parametrize("wrong", ["HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_NAME"])
def test_a_wrong_password_costs_one_request(wrong):
    cloud = account(**{wrong: "Wrong"})
    result = cloud.run("hss_task_info")
    assert result["failure_kind"] == "auth"
    assert result["msg"] == (
        "Could not sign in by password: IAM %s answered HTTP 401 (The username or password is wrong, request id %s);"
        " check username, password and domain_name; the user must be an IAM user, and repeated failures lock it."
        % (SIGN_IN, result["error"]["request_id"])
    )
    assert cloud.operations() == [SIGN_IN]


def test_a_project_that_the_user_does_not_have_is_said():
    cloud = account()
    result = cloud.run("hss_task_info", project_name="cn-north-4_none")
    assert "Could not find project: cn-north-4_none" in result["msg"]
    assert "check project_id, project_name and region" in result["msg"]
    assert cloud.operations() == [SIGN_IN]


def test_an_expired_token_is_renewed_once():
    cloud = account({"faults": [{"operation": "ListTasks", "kind": "token_expired"}]})
    assert "failed" not in cloud.run("hss_task_info", task_type="cluster_scan")
    assert cloud.operations() == [SIGN_IN, "ListTasks", SIGN_IN, "ListTasks"]
    assert len(cloud.secrets) >= 3


def test_a_token_that_stays_expired_is_not_renewed_twice():
    cloud = account({"faults": [{"operation": "ListTasks", "kind": "token_expired", "times": -1}]})
    result = cloud.run("hss_task_info", task_type="cluster_scan")
    assert result["failure_kind"] == "auth"
    assert cloud.operations() == [SIGN_IN, "ListTasks", SIGN_IN, "ListTasks"]
    assert result["error"]["tries"] == 2


def test_a_write_that_was_refused_for_its_token_is_sent_again():
    cloud = account({"faults": [{"operation": "CreateTask", "kind": "token_expired"}]})
    result = cloud.run("hss_task", task_type="cluster_scan", cluster_scan={"scan_types": ["benchmark"]})
    assert result["decision"] == "created"
    assert [entry["effect"] for entry in cloud.writes()] == [False, True]


def test_a_wait_that_outlasts_the_token_signs_in_again():
    cloud = account({"iam": {"token_seconds": 1800}, "hss": {"scan_seconds": 7200}})
    result = cloud.run(
        "hss_task", task_type="cluster_scan", cluster_scan={"scan_types": ["benchmark"]}, wait=True, wait_timeout=9000
    )
    assert result["task"]["outcome"] == "succeeded"
    assert 4 <= len(sign_ins(cloud)) <= 5
    assert len(cloud.writes()) == 1


def test_a_refusal_while_renewing_ends_it():
    cloud = account(
        {
            "faults": [
                {"operation": "ListTasks", "kind": "token_expired"},
                {"operation": SIGN_IN, "call": 2, "kind": "token_expired", "times": -1},
            ]
        }
    )
    result = cloud.run("hss_task_info", task_type="cluster_scan")
    assert result["failure_kind"] == "auth"
    assert cloud.operations() == [SIGN_IN, "ListTasks", SIGN_IN]


def test_an_answer_without_a_token_is_no_token():
    cloud = account({"faults": [{"operation": SIGN_IN, "kind": "shape", "body": {"token": {}}}]})
    result = cloud.run("hss_task_info")
    assert "HTTP 200 with no header X-Subject-Token" in result["msg"]
    assert cloud.operations() == [SIGN_IN]


def test_the_sign_in_is_sent_again_after_a_fault():
    cloud = account({"faults": [{"operation": SIGN_IN, "kind": "close_after"}]})
    assert "failed" not in cloud.run("hss_task_info", task_type="cluster_scan")
    assert cloud.operations() == [SIGN_IN, SIGN_IN, "ListTasks"]


def test_without_a_project_nothing_is_sent():
    cloud = Account({}, USER)
    result = cloud.run("hss_task_info", endpoint="https://hss.example.com")
    assert result["msg"] == "No project to sign in to: give project_id, project_name or region"
    assert cloud.operations() == []


def test_password_and_token_are_secrets():
    cloud = account()
    cloud.run("hss_task_info")
    tokens = set(cloud.simulator.auth._tokens)
    assert len(tokens) == 1 and tokens | {"SimPassword"} <= cloud.secrets
    assert "SimUser" not in cloud.secrets


@pytest.mark.parametrize("option", ["iam_endpoint", "endpoint"])
def test_nothing_secret_goes_over_plain_http(option):
    cloud = account()
    result = cloud.run("hss_task_info", **{option: "http://service.example.com"})
    assert result["failure_kind"] == "input"
    assert "to service.example.com over plain HTTP" in result["msg"]
    assert cloud.operations() == ([] if option == "iam_endpoint" else [SIGN_IN])
