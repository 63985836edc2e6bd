# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS, proxies and connections, with real servers on the loopback."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import NetworkError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import CREATE_TASK, LIST_TASKS
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import VERSION, Client
from tests.unit.wire import Authority, proxy, service

ADVICE_ON_TLS = "; give the CA that signed the service's certificate as ca_path, and check endpoint."
PROXY_VARIABLES = [
    name for base in ("http", "https", "all", "no") for name in (base + "_proxy", base.upper() + "_PROXY")
]


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in [*PROXY_VARIABLES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def secure(authority):
    with service(authority.context("127.0.0.1")) as server:
        yield server


def client_for(address, environ=None, **params):
    """A client with the environment of the process, as the modules have it."""
    defaults = {"access_key": "AK", "secret_key": "SKSECRET", "region": "cn-north-4", "project_id": "p"}
    defaults["request_retries"] = 0
    return Client.from_params("hss", {**defaults, "endpoint": address, **params}, environ)


def read(client):
    with client:
        return client.send(LIST_TASKS, body={})


def at(server):
    return "https://127.0.0.1:%s" % server.server_port


def refusal(client):
    with pytest.raises(NetworkError) as failure:
        read(client)
    return failure.value


def test_an_unknown_authority_is_refused(secure):
    error = refusal(client_for(at(secure), request_retries=5))
    assert error.msg.startswith("Could not list the scan tasks: 127.0.0.1:%s: TLS failed (" % secure.server_port)
    assert "certificate verify failed" in error.msg
    assert error.msg.endswith(ADVICE_ON_TLS)
    assert (error.kind, error.details["tries"], secure.seen) == ("network", 1, [])


def test_ca_path_is_trusted(secure, authority):
    assert read(client_for(at(secure), ca_path=str(authority.path)))["total_num"] == 0


def test_the_bundle_in_the_environment_is_trusted(secure, authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    assert read(client_for(at(secure)))["total_num"] == 0


def test_ca_path_wins_over_the_environment(secure, authority, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Authority(tmp_path, "other").path))
    refusal(client_for(at(secure)))
    assert read(client_for(at(secure), ca_path=str(authority.path)))["total_num"] == 0


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_verification_holds_with_a_bundle_in_the_environment(secure, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, str(Authority(tmp_path, "other").path))
    assert read(client_for(at(secure), validate_certs=False))["total_num"] == 0


def test_a_certificate_for_another_host_is_refused(authority):
    with service(authority.context("hss.example.com")) as server:
        error = refusal(client_for(at(server), ca_path=str(authority.path)))
    assert "IP address mismatch" in error.msg or "doesn't match" in error.msg


def test_tls_to_a_port_without_tls_is_refused_at_once():
    with service() as server:
        error = refusal(client_for(at(server), request_retries=5))
    assert "TLS failed (" in error.msg
    assert error.details["tries"] == 1


@pytest.mark.parametrize(
    "content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_ca_path_that_holds_no_certificate_is_said(secure, tmp_path, content):
    path = tmp_path / "empty.pem"
    path.write_bytes(content)
    error = refusal(client_for(at(secure), ca_path=str(path), request_retries=5))
    assert "TLS failed (" in error.msg
    assert error.msg.endswith(ADVICE_ON_TLS)


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_that_ends_during_a_write_leaves_its_outcome_unknown(authority, tls):
    with service(authority.context("127.0.0.1") if tls else None, hangs_up=True) as server:
        address = at(server) if tls else "http://127.0.0.1:%s" % server.server_port
        with client_for(address, ca_path=str(authority.path)) as client, pytest.raises(UnknownOutcome) as failure:
            client.send(CREATE_TASK, body={})
        assert len(server.seen) == 1
    assert "the answer was lost: the connection was lost (" in failure.value.msg


def test_one_connection_serves_all_requests(secure, authority):
    with client_for(at(secure), ca_path=str(authority.path)) as client:
        for _number in range(3):
            client.send(LIST_TASKS, body={})
    assert len({port for _method, _path, _headers, port in secure.seen}) == 1


def test_the_user_agent_names_the_collection_and_its_version():
    with service() as server:
        read(client_for("http://127.0.0.1:%s" % server.server_port))
        assert server.seen[0][2]["User-Agent"].startswith("huaweicloud.tasks/%s (ansible-core " % VERSION)


def test_nobody_listens():
    error = refusal(client_for("http://127.0.0.1:1"))
    assert "127.0.0.1:1: no connection ([Errno 111] Connection refused); check region, endpoint, proxy" in error.msg


def test_no_such_host():
    error = refusal(client_for("https://nowhere.invalid"))
    assert "nowhere.invalid: no connection (" in error.msg
    assert "HTTPSConnection" not in error.msg


def test_netrc_is_not_used(tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password hunter2\n", encoding="utf-8")
    with service() as server:
        address = "http://127.0.0.1:%s" % server.server_port
        read(client_for(address, access_key=None, secret_key=None, auth_token="TOKEN"))
        headers = server.seen[0][2]
    assert headers["X-Auth-Token"] == "TOKEN"
    assert "Authorization" not in headers


def test_the_proxy_of_the_environment_is_used(authority, monkeypatch):
    with service(authority.context("hss.example.com")) as server, proxy(server.server_port) as between:
        monkeypatch.setenv("https_proxy", "http://user:p%%40ss@127.0.0.1:%s" % between.server_port)
        assert read(client_for("https://hss.example.com", ca_path=str(authority.path)))["total_num"] == 0
        method, target, headers, _port = between.seen[0]
        assert (method, target) == ("CONNECT", "hss.example.com:443")
        assert headers["Proxy-Authorization"] == "Basic " + base64.b64encode(b"user:p@ss").decode()
        assert "Authorization" not in headers and "X-Auth-Token" not in headers
        assert "Proxy-Authorization" not in server.seen[0][2]


def test_a_proxy_that_refuses_is_said_without_its_password(monkeypatch):
    with proxy() as between:
        monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:%s" % between.server_port)
        error = refusal(client_for("https://hss.example.com"))
    assert "the proxy cannot be used (407 Proxy Authentication Required)" in error.msg
    assert "check region, endpoint, proxy variables" in error.msg
    assert "hunter2" not in str(error.to_result()) + error.msg


@pytest.mark.parametrize(
    "address",
    [
        "http://user:hunter2@127.0.0.1:1",
        "http://user:hunter2@nowhere.invalid:3128",
        "socks5://user:hunter2@127.0.0.1:1",
    ],
)
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(monkeypatch, address):
    monkeypatch.setenv("https_proxy", address)
    error = refusal(client_for("https://hss.example.com"))
    assert "hunter2" not in str(error.to_result()) + error.msg


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_goes_to_this_machine_does_not_pass_a_proxy(monkeypatch, host):
    with service() as server, proxy() as between:
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:%s" % between.server_port)
        assert read(client_for("http://%s:%s" % (host, server.server_port), security_token="T"))["total_num"] == 0
        assert between.seen == []
        assert len(server.seen) == 1
