# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every shape in which the services say that something is wrong."""

from __future__ import annotations

import json

import pytest
import requests

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import read_problem


def response(status, body, **headers):
    answer = requests.Response()
    answer.status_code = status
    answer._content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    answer.encoding = "utf-8"
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


@pytest.mark.parametrize(
    "body, code, message",
    [
        ({"error_msg": "No", "error_code": "APIGW.0301", "request_id": "r"}, "APIGW.0301", "No"),
        ({"error_code": "HSS.1005", "error_description": "d", "error_msg": "m"}, "HSS.1005", "m"),
        ({"error_code": "00000010", "error_description": "拒绝访问"}, "00000010", "拒绝访问"),
        ({"error_code": "IOTDA.000006", "error_msg": "Invalid input data."}, "IOTDA.000006", "Invalid input data."),
        ({"error_code": "KPS.0002", "error_msg": "参数错误"}, "KPS.0002", "参数错误"),
        ({"error": {"error_code": "KMS.2702", "error_msg": "m"}}, "KMS.2702", "m"),
        ({"error": {"code": 401, "message": "Wrong.", "title": "Unauthorized"}}, "401", "Wrong."),
        ({"errorCode": "X.1", "errorMsg": "m"}, "X.1", "m"),
        ({"error_code": "IAM5.1", "error_msg": "m", "encoded_authorization_message": "e" * 900}, "IAM5.1", "m"),
        ({"outer": {"inner": {"error_code": "DEEP.1", "error_msg": "m"}}}, "DEEP.1", "m"),
        ({"error_code": "ONLY.1"}, "ONLY.1", ""),
        ({"error_msg": "only a message"}, "", "only a message"),
        ({"error_code": 0, "error_msg": ""}, "0", ""),
        ({"error_code": None, "error_msg": None, "error_description": "d"}, "", "d"),
        ({}, "", ""),
        ([], "", "[]"),
        (b"", "", ""),
        (b"null", "", "null"),
        (
            b"<html><head><style>p {}</style></head><body><h1>502  Bad\n Gateway</h1></body></html>",
            "",
            "502 Bad Gateway",
        ),
        (b"plain  text", "", "plain text"),
        (b'{"error_code": "CUT', "", '{"error_code": "CUT'),
        (b"\xff\xfe\x00", "", None),
    ],
)
def test_body_shapes(body, code, message):
    problem = read_problem(response(400, body))
    assert problem.code == code
    assert message is None or problem.message == message


@pytest.mark.parametrize("body", [{"error_code": "a", "error_msg": "%s"}, b"<p>%s</p>"])
def test_a_secret_is_hidden_before_it_could_be_cut_in_two(body):
    secret = "MII<b>" + "x" * 600
    text = "x" * 300 + secret
    body = {**body, "error_msg": text} if isinstance(body, dict) else body % text.encode()
    problem = read_problem(response(400, body), lambda said: said.replace(secret, "****"))
    assert problem.message == "x" * 300 + "****"


def test_a_long_message_is_cut():
    assert len(read_problem(response(500, {"error_code": "a", "error_msg": "m" * 9999})).message) == 503


@pytest.mark.parametrize(
    "headers, body, found",
    [
        ({"X_Request_Id": "one"}, {"request_id": "body"}, "one"),
        ({"X_IAM_Trace_Id": "two"}, {}, "two"),
        ({}, {"error_code": "a", "error_msg": "b", "request_id": "body"}, "body"),
        ({}, b"", ""),
    ],
)
def test_request_ids(headers, body, found):
    assert read_problem(response(500, body, **headers)).request_id == found


@pytest.mark.parametrize(
    "status, code, throttled, refuses_access",
    [
        (429, "APIGW.0308", True, False),
        (429, "", True, False),
        (403, "IOTDA.021101", True, False),
        (403, "IOTDA.021102", True, False),
        (400, "IOTDA.021101", False, False),
        (401, "APIGW.0301", False, True),
        (401, "", False, True),
        (403, "APIGW.0302", False, True),
        (403, "APIG.0302", False, True),
        (403, "00000010", False, True),
        (403, "403", False, True),
        (403, "KPS.9003", False, True),
        (403, "IOTDA.000021", False, True),
        (403, "IOTDA.014221", False, False),
        (400, "HSS.1005", False, False),
        (404, "APIGW.0101", False, False),
    ],
)
def test_what_kind_of_refusal_it_is(status, code, throttled, refuses_access):
    problem = read_problem(response(status, {"error_code": code, "error_msg": "m"}))
    assert (problem.throttled, problem.refuses_access) == (throttled, refuses_access)


@pytest.mark.parametrize(
    "status, code, message, expired",
    [
        (401, "APIGW.0307", "The token must be updated", True),
        (401, "APIG.0307", "", True),
        (401, "APIGW.0301", "Incorrect IAM authentication information: token expires, expires_at: 2026", True),
        (401, "APIGW.0301", "Incorrect IAM authentication information: decrypt token fail", False),
        (403, "APIGW.0307", "", False),
    ],
)
def test_an_expired_token_is_told_from_a_wrong_one(status, code, message, expired):
    assert read_problem(response(status, {"error_code": code, "error_msg": message})).expired_token is expired
