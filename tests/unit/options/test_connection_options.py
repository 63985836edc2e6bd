# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each option that the modules share changes a request or how it is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.simulator.adapter import SimulatorAdapter
from tests.unit.inprocess import START, Account

MODULE = "hss_cluster_info"
NO_CREDENTIALS = {"HUAWEICLOUD_REGION": "cn-north-4", "HUAWEICLOUD_SDK_PROJECT_ID": "0123456789abcdef0123456789abcdef"}
BY_REGION = {"HUAWEICLOUD_SDK_AK": "AKSIMULATOR", "HUAWEICLOUD_SDK_SK": "SKSIMULATOR"}


class Sent:
    """What was handed to the adapter for each request: the URL, and how it is to be sent."""

    def __init__(self):
        self.requests = []

    def hosts(self):
        return [urlsplit(request["url"]).hostname for request in self.requests]


@pytest.fixture
def sent(monkeypatch):
    """Note how each request is sent, and let it go on to the simulator."""
    record = Sent()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    send = SimulatorAdapter.send

    def noted(self, request, **how):
        record.requests.append({"url": request.url, "headers": dict(request.headers), **how})
        return send(self, request, **how)

    monkeypatch.setattr(SimulatorAdapter, "send", noted)
    return record


def test_region_names_the_hosts(sent):
    Account(environ=BY_REGION).run(MODULE, region="cn-north-4")
    assert sent.hosts() == ["iam.cn-north-4.myhuaweicloud.com", "hss.cn-north-4.myhuaweicloud.com"]


def test_cloud_is_the_domain_of_the_hosts(sent):
    Account(environ=BY_REGION).run(MODULE, region="cn-north-4", cloud="example.com")
    assert sent.hosts() == ["iam.cn-north-4.example.com", "hss.cn-north-4.example.com"]


def test_endpoint_and_iam_endpoint_are_where_requests_go(sent):
    result = Account(environ=BY_REGION).run(
        MODULE, region="cn-north-4", endpoint="https://hss.example.net", iam_endpoint="https://iam.example.net"
    )
    assert "failed" not in result
    assert sent.hosts() == ["iam.example.net", "hss.example.net"]


def test_project_id_saves_the_look_up_and_is_in_the_path():
    account = Account(environ={**BY_REGION, "HUAWEICLOUD_REGION": "cn-north-4"})
    account.run(MODULE, project_id="0123456789abcdef0123456789abcdef")
    assert account.operations() == ["ListKubernetesClusterDetails"]
    assert "/0123456789abcdef0123456789abcdef/" in account.simulator.journal.requests[0]["path"]


def test_project_name_is_looked_up():
    projects = [{"id": "f" * 32, "name": "cn-north-4_shop"}]
    account = Account({"projects": projects}, environ={**BY_REGION, "HUAWEICLOUD_REGION": "cn-north-4"})
    account.run(MODULE, project_name="cn-north-4_shop")
    lookup, read = account.simulator.journal.requests
    assert ("name", "cn-north-4_shop") in lookup["query"]
    assert f"/{'f' * 32}/" in read["path"]


@pytest.mark.parametrize("given", [{}, {"auth_method": "aksk"}])
def test_access_key_and_secret_key_sign_the_requests(given):
    account = Account(environ=NO_CREDENTIALS)
    result = account.run(MODULE, access_key="AKSIMULATOR", secret_key="SKSIMULATOR", **given)
    assert "failed" not in result
    assert [entry["auth"] for entry in account.simulator.journal.requests] == ["SDK-HMAC-SHA256"]


def test_security_token_is_sent(sent):
    account = Account({"keys": {"AKTEMPORARY": {"sk": "s", "security_token": "of-the-key"}}}, environ=NO_CREDENTIALS)
    result = account.run(MODULE, access_key="AKTEMPORARY", secret_key="s", security_token="of-the-key")
    assert "failed" not in result
    assert sent.requests[0]["headers"]["X-Security-Token"] == "of-the-key"


def test_auth_method_is_obeyed_also_where_another_would_work():
    account = Account()
    result = account.run(MODULE, auth_method="token")
    assert (result["failed"], result["failure_kind"]) == (True, "auth")
    assert account.operations() == []


def test_auth_token_is_sent_instead_of_a_signature():
    tokens = {"a-token": {"project_id": "0123456789abcdef0123456789abcdef"}}
    account = Account({"tokens": tokens}, environ=NO_CREDENTIALS)
    assert "failed" not in account.run(MODULE, auth_token="a-token")
    assert [entry["auth"] for entry in account.simulator.journal.requests] == ["token"]


def test_username_password_and_domain_name_sign_in():
    account = Account(environ=NO_CREDENTIALS)
    result = account.run(MODULE, username="SimUser", password="SimPassword", domain_name="SimDomain")
    assert "failed" not in result
    assert len(account.operations()) == 2
    assert account.simulator.journal.requests[1]["auth"] == "token"


def test_credentials_file_is_read(tmp_path):
    file = tmp_path / "credentials"
    file.write_text("[basic]\nak = AKSIMULATOR\nsk = SKSIMULATOR\n", encoding="utf-8")
    account = Account(environ=NO_CREDENTIALS)
    assert "failed" not in account.run(MODULE, auth_method="profile", credentials_file=str(file))
    assert account.operations() == ["ListKubernetesClusterDetails"]


@pytest.mark.parametrize(("validate_certs", "verify"), [(True, True), (False, False)])
def test_validate_certs_reaches_requests(validate_certs, verify, sent):
    Account().run(MODULE, validate_certs=validate_certs)
    assert [request["verify"] for request in sent.requests] == [verify]


def test_ca_path_reaches_requests(sent, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    Account().run(MODULE, ca_path=str(bundle))
    assert [request["verify"] for request in sent.requests] == [str(bundle)]


def test_request_timeout_reaches_requests(sent):
    Account().run(MODULE, request_timeout=7)
    timeout = sent.requests[0]["timeout"]
    assert timeout in (7, (7, 7))


@pytest.mark.parametrize("request_retries", [0, 2])
def test_request_retries_is_how_often_a_read_is_sent_again(request_retries):
    faults = [{"operation": "ListKubernetesClusterDetails", "kind": "status", "status": 503, "times": -1}]
    account = Account({"faults": faults})
    result = account.run(MODULE, request_retries=request_retries)
    assert result["failed"]
    assert len(account.operations()) == 1 + request_retries


def test_wait_timeout_ends_a_wait():
    account = Account({"hss": {"scan_seconds": 5000}})
    result = account.run("hss_task", **SCAN, wait=True, wait_timeout=100)
    assert result["failure_kind"] == "wait_timeout"
    assert account.clock.time() - START == pytest.approx(100, abs=5)


def test_wait_ends_with_the_task():
    account = Account()
    assert account.run("hss_task", **SCAN)["task"]["outcome"] == "pending"
    assert account.run("hss_task", **SCAN, wait=True)["task"]["outcome"] == "succeeded"


def test_wait_interval_is_the_longest_pause():
    account = Account({"hss": {"scan_seconds": 300}})
    account.run("hss_task", **SCAN, wait=True, wait_interval=5)
    assert max(account.clock.slept) == 5


SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}}
