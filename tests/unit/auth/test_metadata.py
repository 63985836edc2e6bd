# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in with the agency of a cloud server."""

from __future__ import annotations

import time

import pytest
import requests

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth import _metadata
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._choose import choose
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import Client
from tests.unit.inprocess import Account

REGION = {"HUAWEICLOUD_REGION": "cn-north-4", "HUAWEICLOUD_SDK_PROJECT_ID": "0123456789abcdef0123456789abcdef"}
TOKEN, KEY = "CreateMetadataToken", "ShowSecurityKey"
SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def server(monkeypatch):
    """A cloud server: its metadata service is the simulator's."""

    def make(scenario=None, **variables):
        cloud = Account(scenario, {**REGION, **variables})
        monkeypatch.setattr(_metadata, "_new_session", cloud.session)
        return cloud

    return make


@pytest.mark.parametrize("options", [{}, {"auth_method": "metadata"}])
def test_the_keys_are_read_with_a_token_and_sign(server, options):
    cloud = server({"metadata": {"tokens": "required"}})
    assert "failed" not in cloud.run("hss_task_info", task_type="cluster_scan", **options)
    assert cloud.operations() == [TOKEN, KEY, "ListTasks"]
    token, key, listing = cloud.simulator.journal.requests
    assert "X-Metadata-Token-Ttl-Seconds" in token["headers"]
    assert "X-Metadata-Token" in key["headers"]
    assert "X-Security-Token" in listing["headers"]
    assert listing["auth"] == "SDK-HMAC-SHA256"


@pytest.mark.parametrize("status", [404, 405, 503])
def test_the_first_version_is_used_where_no_token_is_offered(server, status):
    cloud = server({"metadata": {"tokens": status}})
    assert "failed" not in cloud.run("hss_task_info", task_type="cluster_scan")
    assert cloud.operations() == [TOKEN, KEY, "ListTasks"]
    assert "X-Metadata-Token" not in cloud.simulator.journal.requests[1]["headers"]


def test_another_refusal_of_a_token_is_said(server):
    cloud = server({"metadata": {"tokens": 400}})
    result = cloud.run("hss_task_info", auth_method="metadata")
    assert result["msg"] == (
        "No keys of an agency: the metadata service at http://169.254.169.254"
        " answered HTTP 400 when a token was asked for"
    )


def test_a_server_without_an_agency_is_said(server):
    cloud = server({"metadata": {"agency": False}})
    result = cloud.run("hss_task_info", auth_method="metadata")
    assert result["failure_kind"] == "auth"
    assert result["msg"] == (
        "No keys of an agency: the metadata service at http://169.254.169.254 says that this server has no agency;"
        " configure one for it in ECS"
    )
    assert cloud.operations() == [TOKEN, KEY]


def test_when_nothing_is_found_everything_that_was_looked_at_is_said(server):
    cloud = server({"faults": [{"operation": "*", "kind": "refused", "times": -1}]})
    message = cloud.run("hss_task_info")["msg"]
    for name in (
        "auth_token",
        "access_key",
        "password",
        "credentials_file",
        "HW_AUTH_TOKEN",
        "HUAWEICLOUD_SDK_AK",
        "HW_ACCESS_KEY",
        "HW_USER_NAME",
        "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
        "there is no file ~/.huaweicloud/credentials",
        "and the metadata service at http://169.254.169.254 cannot be reached",
    ):
        assert name in message
    assert len(cloud.operations()) == 1


def test_nobody_at_the_address_is_found_out_at_once():
    """A port on which nothing listens, and an address that swallows what is sent to it."""
    for endpoint in ("http://127.0.0.1:1", "http://169.254.1.1"):
        auth = choose({}, {_metadata.ENDPOINT_VARIABLE: endpoint})
        client = Client.from_params("iam", {}, {_metadata.ENDPOINT_VARIABLE: endpoint})
        start = time.monotonic()
        with pytest.raises(AuthError, match="No credentials: none of the options .* %s" % endpoint):
            auth.authenticate(client)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "shape",
    [
        {},
        [],
        {"credential": None},
        {"credential": {"access": "a", "secret": "b"}},
        "no JSON",
        {"credential": {"access": "a", "secret": 1, "securitytoken": "c"}},
    ],
)
def test_an_answer_without_keys_is_said(server, shape):
    cloud = server({"faults": [{"operation": KEY, "kind": "shape", "body": shape}]})
    assert "gave an answer without keys" in cloud.run("hss_task_info", auth_method="metadata")["msg"]


def test_silence_is_said(server):
    cloud = server({"faults": [{"operation": KEY, "kind": "silence_before"}]})
    before = cloud.simulator.clock.time()
    assert "did not answer in time" in cloud.run("hss_task_info", auth_method="metadata")["msg"]
    assert cloud.simulator.clock.time() - before == 3


def test_a_redirect_is_not_followed(server):
    cloud = server({"faults": [{"operation": KEY, "kind": "redirect", "location": "http://169.254.169.254/other"}]})
    assert "answered HTTP 302" in cloud.run("hss_task_info", auth_method="metadata")["msg"]
    assert cloud.operations() == [TOKEN, KEY]


@pytest.mark.parametrize("key_seconds", [1200, 3600, 86400])
def test_keys_are_read_anew_before_they_expire_in_a_long_wait(server, key_seconds):
    cloud = server({"metadata": {"key_seconds": key_seconds, "rotate_seconds": 1000}, "hss": {"scan_seconds": 14400}})
    result = cloud.run("hss_task", **SCAN, wait=True, wait_timeout=20000)
    assert result["task"]["outcome"] == "succeeded"
    statuses = {entry["status"] for entry in cloud.simulator.journal.requests}
    assert statuses == {200}, "a key was used after its end"
    reads = cloud.operations().count(KEY)
    assert reads >= 14400 // key_seconds
    assert reads <= 1 + 14400 // (key_seconds - 900) + 1


def test_keys_that_are_never_replaced_are_asked_for_once_a_minute_at_most(server):
    cloud = server({"metadata": {"key_seconds": 1000, "rotate_seconds": 0}, "hss": {"scan_seconds": 800}})
    result = cloud.run("hss_task", **SCAN, wait=True, wait_timeout=900, wait_interval=2)
    assert result["task"]["outcome"] == "succeeded"
    assert 10 <= cloud.operations().count(KEY) <= 15
    assert cloud.operations().count("ListTasks") > 300


def test_a_metadata_service_that_is_gone_matters_only_when_the_keys_end(server):
    gone = {"service": "metadata", "kind": "refused", "call": 3, "times": -1}
    scenario = {"metadata": {"key_seconds": 1800}, "faults": [gone]}
    cloud = server({**scenario, "hss": {"scan_seconds": 1500}})
    assert cloud.run("hss_task", **SCAN, wait=True)["task"]["outcome"] == "succeeded"
    cloud = server({**scenario, "hss": {"scan_seconds": 3000}})
    result = cloud.run("hss_task", **SCAN, wait=True)
    assert "cannot be reached" in result["msg"]
    assert (result["failure_kind"], result["changed"], bool(result["task_id"])) == ("auth", True, True)


def test_keys_that_the_service_says_are_over_are_read_anew_once(server):
    cloud = server(
        {"metadata": {"rotate_seconds": 100000}, "faults": [{"operation": "ListTasks", "kind": "token_expired"}]}
    )
    assert "failed" not in cloud.run("hss_task_info", task_type="cluster_scan")
    assert cloud.operations() == [TOKEN, KEY, "ListTasks", TOKEN, KEY, "ListTasks"]
    cloud = server({"faults": [{"operation": "ListTasks", "kind": "token_expired", "times": -1}]})
    result = cloud.run("hss_task_info", task_type="cluster_scan")
    assert result["failure_kind"] == "auth"
    assert cloud.operations() == [TOKEN, KEY, "ListTasks", TOKEN, KEY]


def test_everything_that_is_read_is_a_secret(server, monkeypatch):
    read = []
    cloud = server()
    send = requests.Session.request

    def request(session, method, url, **arguments):
        response = send(session, method, url, **arguments)
        read.append(response.text)
        return response

    monkeypatch.setattr(requests.Session, "request", request)
    cloud.run("hss_task_info", task_type="cluster_scan")
    token, keys = read[0], requests.models.complexjson.loads(read[1])["credential"]
    assert {token, keys["access"], keys["secret"], keys["securitytoken"]} <= cloud.secrets


def test_temporary_keys_are_not_sent_over_plain_http(server):
    cloud = server()
    result = cloud.run("hss_task_info", endpoint="http://hss.example.com")
    assert "over plain HTTP" in result["msg"]
    assert cloud.operations() == [TOKEN, KEY]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8775",
        "http://127.1.2.3",
        "http://localhost:1/",
        "http://[::1]:80",
        "http://169.254.169.254",
        "http://[fe80::a9fe:a9fe]",
    ],
)
def test_addresses_for_the_metadata_service(endpoint):
    assert choose({"auth_method": "metadata"}, {_metadata.ENDPOINT_VARIABLE: endpoint}).source.endswith(
        endpoint.rstrip("/")
    )


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://metadata.example.com",
        "https://169.254.169.254",
        "169.254.169.254",
        "http://10.0.0.1",
        "http://169.254.169.254.example.com",
        "http://user@example.com",
        "http://[::1",
        "http://",
        "file:///etc/passwd",
        "http://127.0.0.1.example.com",
        "http://fe80.example.com",
    ],
)
def test_other_addresses_are_refused(endpoint):
    with pytest.raises(
        InputError, match="HUAWEICLOUD_METADATA_ENDPOINT must be the http address of a host on the loopback"
    ):
        choose({"auth_method": "metadata"}, {_metadata.ENDPOINT_VARIABLE: endpoint})


def test_the_session_ignores_the_environment(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with _metadata._new_session() as session:
        settings = session.merge_environment_settings("http://169.254.169.254", {}, None, None, None)
    assert not settings["proxies"]
