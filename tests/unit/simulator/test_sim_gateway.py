# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulator.auth import DERIVED, KeyPair, SignedRequest, expected_authorization

PROJECT = "0123456789abcdef0123456789abcdef"
PROJECTS = "/v3/projects?name=cn-north-4"
VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "sign_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_judge_signs_as_the_golden_signatures_say(case):
    headers = {name.lower(): value for name, value in case["headers"].items()}
    headers["host"] = case["host"]
    request = SignedRequest(case["method"], case["uri"], headers, (case["body"] or "").encode())
    pair = KeyPair(VECTORS["ak"], VECTORS["sk"])
    assert expected_authorization(request, pair, sorted(headers)) == case["authorization_sdk_hmac_sha256"]
    assert expected_authorization(request, pair, sorted(headers), DERIVED, "cn-north-4", "iotdm") \
        == case["authorization_v11_iotdm_cn_north_4"]


def test_a_signed_call_is_answered_with_date_and_request_id(caller):
    answer = caller.hss("GET", "kubernetes/clusters")
    assert answer.status_code == 200
    assert answer.headers["Date"] == "Fri, 02 Jan 2026 03:03:05 GMT"
    assert answer.headers["X-Request-Id"]
    assert caller.call("GET", PROJECTS).headers["X-IAM-Trace-Id"]


def error(answer):
    return answer.status_code, answer.json()["error_code"], answer.json()["error_msg"]


def test_a_wrong_secret_key_is_refused_and_five_failures_lock_the_key(caller, simulator):
    caller.pair = KeyPair("AKSIMULATOR", "wrong")
    for _failure in range(5):
        status, code, message = error(caller.hss("GET", "kubernetes/clusters"))
        assert (status, code) == (401, "APIGW.0301")
        assert message.endswith("verify aksk signature fail")
    caller.pair = KeyPair("AKSIMULATOR", "SKSIMULATOR")
    assert "AK access failed to reach the limit,forbidden" in error(caller.hss("GET", "kubernetes/clusters"))[2]
    simulator.clock.advance(301)
    assert caller.hss("GET", "kubernetes/clusters").status_code == 200


def test_a_success_between_failures_starts_the_count_again(caller):
    for _round in range(3):
        for secret in ["wrong"] * 4 + ["SKSIMULATOR"]:
            caller.pair = KeyPair("AKSIMULATOR", secret)
            answer = caller.hss("GET", "kubernetes/clusters")
        assert answer.status_code == 200


def test_an_unknown_access_key_is_named(caller):
    caller.pair = KeyPair("AKOTHER", "SKSIMULATOR")
    assert error(caller.hss("GET", "kubernetes/clusters"))[2].endswith("ak:AKOTHER,err:ak not exist")


@pytest.mark.parametrize("skew, status", [(-899, 200), (899, 200), (-960, 401), (960, 401)])
def test_a_signature_lives_fifteen_minutes_either_way(caller, skew, status):
    answer = caller.hss("GET", "kubernetes/clusters", skew=skew)
    assert answer.status_code == status
    if status == 401:
        assert "signature expired, signature time:" in error(answer)[2]


def test_what_was_signed_cannot_be_changed(caller):
    url = caller.base + f"/v5/{PROJECT}/common/tasks/batch-query"
    headers = caller.signed("POST", url, b'{"task_type":"cluster_scan"}')
    for changed_url, body in ((url, b'{"task_type":"iac_scan"}'), (url + "?limit=20", b'{"task_type":"cluster_scan"}')):
        assert caller.session.post(changed_url, data=body, headers=headers).status_code == 401


def test_a_plus_sign_is_not_a_space(caller):
    url = caller.base + f"/v5/{PROJECT}/kubernetes/clusters?cluster_name="
    headers = caller.signed("GET", url + "a%20b", b"")
    assert caller.session.get(url + "a+b", headers=headers).status_code == 401
    assert caller.session.get(url + "a%20b", headers=headers).status_code == 200


def test_derived_signatures_are_for_services_that_know_them(caller):
    message = error(caller.hss("GET", "kubernetes/clusters", derived=("cn-north-4", "iotdm")))[2]
    assert message.endswith("V11-HMAC-SHA256 is not supported")


def test_temporary_keys_need_their_token_and_end(caller, simulator):
    simulator.load({"keys": {"AKTEMP": {"sk": "SKTEMP", "security_token": "STOKEN", "expires_in": 600}}})
    caller.pair = KeyPair("AKTEMP", "SKTEMP")
    assert "verify security token fail" in error(caller.hss("GET", "kubernetes/clusters"))[2]
    caller.security_token = "STOKEN"
    assert caller.hss("GET", "kubernetes/clusters").status_code == 200
    simulator.clock.advance(600)
    message = error(caller.hss("GET", "kubernetes/clusters"))[2]
    assert "security token expires, expires_at: 2026-01-02T03:13:05" in message


def with_token(caller, token):
    return caller.session.get(f"{caller.base}/v5/{PROJECT}/kubernetes/clusters", headers={"X-Auth-Token": token})


def test_tokens_by_password(caller, simulator):
    simulator.load({"iam": {"token_seconds": 60}})
    user = {"domain": {"name": "SimDomain"}, "name": "SimUser", "password": "SimPassword"}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
                     "scope": {"project": {"name": "cn-north-4"}}}}
    url = "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens?nocatalog=true"
    answer = caller.session.post(url, json=body)
    assert answer.status_code == 201
    assert answer.json()["token"]["expires_at"] == "2026-01-02T03:04:05.000000Z"
    token = answer.headers["X-Subject-Token"]
    assert with_token(caller, token).status_code == 200
    simulator.clock.advance(60)
    assert error(with_token(caller, token)) == (401, "APIGW.0307", "The token must be updated")
    assert "decrypt token fail" in error(with_token(caller, "other"))[2]
    user["password"] = "wrong"
    answer = caller.session.post(url, json=body)
    assert answer.json() == {"error": {
        "code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}}
    written = json.dumps(simulator.journal.requests)
    assert "SimPassword" not in written and token not in written and "wrong" not in written


def test_a_token_can_expire_midway(caller, simulator):
    simulator.load({"tokens": {"TOK": {}, "NEW": {}}})
    simulator.faults.set([{"operation": "ListKubernetesClusterDetails", "kind": "token_expired", "call": 2}])
    assert [with_token(caller, token).status_code for token in ("TOK", "TOK", "TOK", "NEW")] == [200, 401, 401, 200]


def test_projects_by_name(caller, simulator):
    same = [{"id": str(number) * 32, "name": "twice"} for number in (1, 2)]
    simulator.load({"projects": same + [{"id": PROJECT, "name": "cn-north-4"}]})
    found = {name: [project["id"] for project in caller.call("GET", f"/v3/projects?name={name}").json()["projects"]]
             for name in ("none", "cn-north-4", "twice")}
    assert found == {"none": [], "cn-north-4": [PROJECT], "twice": ["1" * 32, "2" * 32]}
    simulator.merge({"iam": {"list_projects": "forbidden"}})
    answer = caller.call("GET", PROJECTS)
    assert (answer.status_code, answer.json()["error"]["title"]) == (403, "Forbidden")


def test_many_projects_have_their_own_data(caller, simulator):
    simulator.load({"projects": {"count": 250},
                    "hss": {"projects": {"cn-north-4_007": {"clusters": {"count": 12}}}}})
    projects = caller.call("GET", "/v3/projects").json()["projects"]
    assert len(projects) == 251
    ids = {project["name"]: project["id"] for project in projects}
    totals = [caller.call("GET", f"/v5/{ids[name]}/kubernetes/clusters").json()["total_num"]
              for name in ("cn-north-4_007", "cn-north-4_008")]
    assert totals == [12, 3]


def test_unknown_projects_services_and_paths(caller, simulator):
    assert error(caller.call("GET", f"/v5/{'f' * 32}/kubernetes/clusters"))[:2] == (403, "APIGW.0310")
    assert error(caller.hss("GET", "nothing"))[:2] == (404, "APIGW.0101")
    simulator.merge({"not_published": ["hss"]})
    assert error(caller.hss("GET", "kubernetes/clusters"))[:2] == (404, "APIGW.0101")


def test_enterprise_projects(caller, simulator):
    clusters = [{"cluster_id": one, "enterprise_project_id": one} for one in ("0", "ep-1", "ep-2")]
    simulator.load({"keys": {"AKSIMULATOR": {"sk": "SKSIMULATOR", "enterprise_project_ids": ["ep-1"]}},
                    "hss": {"clusters": clusters}})
    answer = caller.hss("GET", "kubernetes/clusters")
    assert answer.status_code == 403
    assert answer.json() == {"error_code": "00000010", "error_description": "拒绝访问"}
    for wanted in ("ep-1", "all_granted_eps"):
        found = caller.hss("GET", f"kubernetes/clusters?enterprise_project_id={wanted}").json()["cluster_info_list"]
        assert [cluster["cluster_id"] for cluster in found] == ["ep-1"]


def test_the_rate_limit_is_a_moving_window(caller, simulator):
    simulator.load({"rate_limit": {"limit": 2, "seconds": 300, "retry_after": 60}})
    assert [caller.hss("GET", "kubernetes/clusters").status_code for _call in range(3)] == [200, 200, 429]
    answer = caller.hss("GET", "kubernetes/clusters")
    assert error(answer)[1:] == (
        "APIGW.0308", "The throttling threshold has been reached: policy user over ratelimit,limit:2,time:5 minute")
    assert answer.headers["Retry-After"] == "60"
    simulator.clock.advance(300)
    assert caller.hss("GET", "kubernetes/clusters").status_code == 200


def test_the_journal_tells_reads_writes_and_effects(caller, simulator):
    caller.create()
    caller.create(range_type="nonsense")
    caller.tasks()
    assert simulator.journal.summary() == {
        "total": 3, "reads": 1, "writes": 2, "effects": 1, "refused": 0,
        "by_operation": {"CreateTask": 2, "ListTasks": 1}}
    entry = simulator.journal.requests[1]
    assert (entry["status"], entry["error_code"], entry["auth"]) == (400, "HSS.0001", "SDK-HMAC-SHA256")
    assert "Authorization" in entry["headers"] and "Signature=" not in json.dumps(entry)


@pytest.mark.parametrize("scenario", [{"hsss": {}}, {"hss": {"cluster": 1}}, {"hss": {"estimate": "bad"}},
                                      {"faults": [{"kind": "nonsense"}]}])
def test_a_scenario_that_is_not_understood_is_an_error(simulator, scenario):
    answer = simulator.app.test_client().post("/_control/scenario", json=scenario)
    assert answer.status_code == 400
    assert simulator.journal.requests == []
