# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both signatures, against those that the official SDK gives the same requests (tests/data/sign_vectors.json)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest
import requests

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._signer import (
    DerivedSigner,
    Signer,
    canonical_request,
    encode_query,
)

DATA = json.loads((Path(__file__).parents[1] / "data" / "sign_vectors.json").read_text(encoding="utf-8"))
CASES = [pytest.param(case, id=case["name"]) for case in DATA["cases"]]
KEYS = (DATA["ak"], DATA["sk"])


def prepared(case):
    """The request as the client makes it: its query is written by encode_query."""
    query = encode_query(case["query"])
    url = "https://%s%s%s" % (case["host"], case["path"], "?" + query if query else "")
    body = case["body"].encode() if case["body"] else None
    return requests.Request(case["method"], url, headers=case["headers"], data=body).prepare()


def moment(case):
    date = datetime.strptime(case["headers"]["X-Sdk-Date"], "%Y%m%dT%H%M%SZ")
    return date.replace(tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize("case", CASES)
def test_standard_signature(case):
    request = Signer(*KEYS, now=moment(case))(prepared(case))
    assert request.headers["Authorization"] == case["authorization_sdk_hmac_sha256"]


@pytest.mark.parametrize("case", CASES)
def test_derived_signature(case):
    request = DerivedSigner(*KEYS, now=moment(case), region="cn-north-4", service="iotdm")(prepared(case))
    assert request.headers["Authorization"] == case["authorization_v11_iotdm_cn_north_4"]


@pytest.mark.parametrize("case", CASES)
def test_canonical_request(case):
    request = Signer(*KEYS, now=moment(case))(prepared(case))
    del request.headers["Authorization"]
    assert canonical_request(request)[1] == case["canonical_request"]


@pytest.mark.parametrize("case", CASES)
def test_the_query_is_sent_as_it_is_signed(case):
    assert prepared(case).path_url.partition("?")[2] == case["uri"].partition("?")[2]


def test_the_derived_key():
    case = DATA["cases"][0]
    signer = DerivedSigner(*KEYS, now=moment(case), region="cn-north-4", service="iotdm")
    assert signer._key(case["headers"]["X-Sdk-Date"]).decode() == DATA["derived_key_hex"]


def test_each_signature_has_its_own_date():
    case = DATA["cases"][0]
    headers = {name: value for name, value in case["headers"].items() if name != "X-Sdk-Date"}
    requests_ = [Signer(*KEYS, now=moment(case) + wait)(prepared({**case, "headers": headers})) for wait in (0, 900)]
    assert [request.headers["X-Sdk-Date"] for request in requests_] == ["20260102T030405Z", "20260102T031905Z"]


def test_a_security_token_is_sent_and_signed():
    request = Signer(*KEYS, now=0, security_token="TEMPORARY")(prepared(DATA["cases"][0]))
    assert request.headers["X-Security-Token"] == "TEMPORARY"
    assert ";x-security-token," in request.headers["Authorization"]
