# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each option of the IoTDA modules changes a request or a result."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account

INSTANCE = "1a7ffc5c-d89c-44dd-8265-b1653d951ce0"
TASKS = [
    {"task_id": "a1", "sub_tasks": [{"status": "Success"}, {"status": "Fail", "count": 2, "output": "text"}]},
    {"task_id": "a2", "app_id": "space1", "sub_tasks": [{"status": "Success"}]},
    {"task_id": "a3", "task_type": "softwareUpgrade"},
]


@pytest.fixture
def account():
    return Account({"iotda": {"batch_tasks": TASKS}})


def ids(account, **options):
    return [task["task_id"] for task in account.run("iotda_batch_task_info", **options)["batch_tasks"]]


def subtasks(account, **options):
    [task] = account.run("iotda_batch_task_info", task_id="a1", **options)["batch_tasks"]
    return task.get("subtasks")


def test_instance_id_is_sent():
    account = Account({"iotda": {"batch_tasks": TASKS, "instance_id": INSTANCE}})
    assert account.run("iotda_batch_task_retry", task_id="a1", instance_id=INSTANCE)["changed"]
    assert account.run("iotda_batch_task_info", task_id="a1")["error"]["code"] == "IOTDA.000021"


@pytest.mark.parametrize(
    ("signing", "algorithm"),
    [("auto", "SDK-HMAC-SHA256"), ("standard", "SDK-HMAC-SHA256"), ("derived", "V11-HMAC-SHA256")],
)
def test_signing_chooses_the_signature(account, signing, algorithm):
    account.run("iotda_batch_task_info", task_id="a1", signing=signing)
    assert account.simulator.journal.requests[0]["auth"] == algorithm


def test_info_task_id(account):
    assert ids(account, task_id="a2") == ["a2"]


def test_info_task_type(account):
    assert ids(account, task_type="softwareUpgrade") == ["a3"]


def test_info_app_id(account):
    assert ids(account, task_type="firmwareUpgrade", app_id="space1") == ["a2"]


def test_info_status(account):
    assert ids(account, task_type="firmwareUpgrade", status="PartialSuccess") == ["a1"]


def test_info_limit(account):
    assert ids(account, task_type="firmwareUpgrade", limit=1) == ["a2"]


def test_info_subtasks(account):
    assert [
        subtasks(account, subtasks=which) and len(subtasks(account, subtasks=which))
        for which in ("none", "failed", "all")
    ] == [None, 2, 3]


def test_info_include_output(account):
    assert "output" in subtasks(account, subtasks="failed", include_output=True)[0]
    assert "output" not in subtasks(account, subtasks="failed", include_output=False)[0]


def test_retry_task_id(account):
    assert account.run("iotda_batch_task_retry", task_id="a1")["changed"] is True
    assert account.run("iotda_batch_task_retry", task_id="a2")["changed"] is False


def test_retry_targets(account):
    account.run("iotda_batch_task_retry", task_id="a1", targets=["fail-00002"])
    assert [entry["body"] for entry in account.writes()] == [{"targets": ["fail-00002"]}]


@pytest.mark.parametrize("wait", [False, True])
def test_retry_wait(account, wait):
    result = account.run("iotda_batch_task_retry", task_id="a1", wait=wait)
    assert result["batch_task"]["status"] == ("Success" if wait else "Processing")
