# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which signature goes to IoTDA, and that IAM never gets the derived one."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import ENVIRONMENT, Account

INSTANCE = "https://9bc34xxxxx.st1.iotda-app.cn-north-4.myhuaweicloud.com"
STANDARD, DERIVED = "SDK-HMAC-SHA256", "V11-HMAC-SHA256"


def account(signing="by_host", **environ):
    tasks = [{"task_id": "a1", "sub_tasks": [{"status": "Fail"}]}]
    return Account({"iotda": {"batch_tasks": tasks, "signing": signing}}, {**ENVIRONMENT, **environ})


def signatures(account):
    return [(entry["service"], entry["auth"]) for entry in account.simulator.journal.requests]


@pytest.mark.parametrize(
    ("options", "algorithm"),
    [
        ({}, STANDARD),
        ({"signing": "auto"}, STANDARD),
        ({"signing": "auto", "endpoint": INSTANCE}, DERIVED),
        ({"signing": "derived", "endpoint": INSTANCE}, DERIVED),
        ({"signing": "standard"}, STANDARD),
    ],
)
def test_signing_suits_the_edition(options, algorithm):
    here = account()
    result = here.run("iotda_batch_task_retry", task_id="a1", **options)
    assert result["retried_targets"] == ["fail-00001"]
    assert set(signatures(here)) == {("iotda", algorithm)}


@pytest.mark.parametrize(
    ("options", "algorithm"),
    [({"signing": "standard", "endpoint": INSTANCE}, STANDARD), ({"signing": "derived"}, DERIVED)],
)
def test_an_option_beats_the_host_name(options, algorithm):
    here = account(signing="any")
    assert "failed" not in here.run("iotda_batch_task_info", task_id="a1", **options)
    assert signatures(here) == [("iotda", algorithm)]


def test_the_region_is_the_real_one():
    """The simulator knows one region, and refuses a signature that names another."""
    here = account()
    result = here.run("iotda_batch_task_info", task_id="a1", endpoint=INSTANCE, region="ap-southeast-1")
    assert result["failure_kind"] == "auth"
    assert "failed" not in here.run("iotda_batch_task_info", task_id="a1", endpoint=INSTANCE, region="cn-north-4")


@pytest.mark.parametrize("options", [{"endpoint": INSTANCE}, {"endpoint": "https://[::1]", "signing": "derived"}])
def test_a_derived_signature_needs_a_region(options):
    here = account(HUAWEICLOUD_REGION="")
    result = here.run("iotda_batch_task_info", task_id="a1", **options)
    assert result["failure_kind"] == "input"
    assert result["msg"].startswith("No region: derived signatures name the region")
    assert here.operations() == []


def test_iam_is_asked_with_a_standard_signature():
    here = account(HUAWEICLOUD_SDK_PROJECT_ID="")
    assert "failed" not in here.run("iotda_batch_task_info", task_id="a1", endpoint=INSTANCE)
    assert signatures(here) == [("iam", STANDARD), ("iotda", DERIVED)]


@pytest.mark.parametrize("options", [{}, {"endpoint": INSTANCE}])
def test_a_wrong_secret_key_is_refused_once(options):
    here = account(HUAWEICLOUD_SDK_SK="WRONG")
    assert here.run("iotda_batch_task_retry", task_id="a1", **options)["failure_kind"] == "auth"
    assert len(here.operations()) == 1
