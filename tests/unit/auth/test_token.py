# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in with an IAM token."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

REGION = {"HUAWEICLOUD_REGION": "cn-north-4"}
TOKEN = "MIIGivenToken"


def account(scenario=None, **fields):
    return Account({"tokens": {TOKEN: fields}, **(scenario or {})}, {**REGION, "HW_AUTH_TOKEN": TOKEN})


def test_the_token_is_sent_and_nothing_is_signed():
    cloud = account()
    assert cloud.run("hss_task_info", task_type="cluster_scan")["total"] == 0
    assert cloud.operations() == ["KeystoneListProjects", "ListTasks"]
    assert [entry["auth"] for entry in cloud.simulator.journal.requests] == ["token", "token"]
    assert TOKEN in cloud.secrets


def test_an_expired_token_costs_one_request():
    cloud = account(expires_in=-1)
    result = cloud.run("hss_task_info", project_id="0123456789abcdef0123456789abcdef")
    assert result["failure_kind"] == "auth"
    assert result["error"]["code"] == "APIGW.0307"
    assert result["msg"].endswith("; the token has expired; get a new one.")
    assert cloud.operations() == ["ListTasks"]


def test_a_token_that_expires_during_a_wait_leaves_the_task_id():
    cloud = account({"hss": {"scan_seconds": 3600}}, expires_in=600)
    result = cloud.run("hss_task", task_type="cluster_scan", cluster_scan={"scan_types": ["benchmark"]}, wait=True)
    assert result["failure_kind"] == "auth"
    assert (result["changed"], bool(result["task_id"])) == (True, True)


def test_a_wrong_token_costs_one_request():
    cloud = Account({}, {**REGION, "HW_AUTH_TOKEN": "MIIWrong"})
    result = cloud.run("hss_task_info")
    assert result["failure_kind"] == "auth"
    assert "the token was refused; it must be a whole IAM token" in result["msg"]
    assert cloud.operations() == ["KeystoneListProjects"]


@pytest.mark.parametrize("host", ["service.example.com", "127.0.0.1.example.com", "10.0.0.1", "localhost.example.com"])
def test_a_token_is_not_sent_over_plain_http(host):
    cloud = account()
    result = cloud.run("hss_task_info", endpoint="http://%s:8080" % host, project_id="p")
    assert result["failure_kind"] == "input"
    assert "Refused to send a token, password or temporary key to %s over plain HTTP" % host in result["msg"]
    assert cloud.operations() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "localhost", "LOCALHOST", "[::1]"])
def test_the_machine_itself_may_be_asked_over_plain_http(host):
    cloud = account()
    result = cloud.run(
        "hss_task_info",
        task_type="cluster_scan",
        endpoint="http://%s:8080" % host,
        project_id="0123456789abcdef0123456789abcdef",
    )
    assert "failed" not in result
    assert cloud.warnings == []
