# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official IoTDA client against the simulator: the simulator is right when the real client accepts it."""

from __future__ import annotations

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials, DerivedCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkiotda.v5 import (
    BatchTargets,
    IoTDAClient,
    ListBatchTasksRequest,
    RetryBatchTaskRequest,
    ShowBatchTaskRequest,
)

PROJECT = "0123456789abcdef0123456789abcdef"
INSTANCE = "1a7ffc5c-d89c-44dd-8265-b1653d951ce0"
TASK = "5c8ba99030344005c02316ad"
UPGRADE = {
    "task_id": TASK,
    "task_name": "upgrade_pumps",
    "sub_tasks": [
        {"status": "Success", "count": 60},
        {"status": "Fail", "count": 60, "prefix": "bad", "output": "text"},
        {"status": "Stopped"},
    ],
}


@pytest.fixture
def make_client(cloud):
    def make(derived=False, secret_key="SKSIMULATOR"):
        credentials = BasicCredentials("AKSIMULATOR", secret_key, PROJECT)
        if derived:
            credentials = credentials.with_derived_predicate(DerivedCredentials.get_default_derived_predicate())
        region = Region("cn-north-4", cloud.url)
        return IoTDAClient.new_builder().with_credentials(credentials).with_region(region).build()

    return make


def load(cloud, **options):
    cloud.load({"iotda": {"batch_tasks": [UPGRADE], **options}})


@pytest.mark.parametrize("derived", [False, True])
def test_show_page_by_page(cloud, make_client, derived):
    """With the default predicate the client signs with V11 here, since 127.0.0.1 is no host of the cloud."""
    load(cloud, signing="derived" if derived else "any", instance_id=INSTANCE)
    client, seen, marker = make_client(derived), [], None
    while True:
        answer = client.show_batch_task(
            ShowBatchTaskRequest(
                instance_id=INSTANCE, task_id=TASK, task_detail_status="Fail", limit=50, offset=0, marker=marker
            )
        )
        assert answer.page.count == 60
        seen += answer.task_details
        marker = answer.page.marker
        if len(answer.task_details) < 50:
            break
    assert [detail.target for detail in seen] == ["bad-%05d" % number for number in range(60, 0, -1)]
    assert (seen[0].status, seen[0].output, seen[0].error.error_code) == ("Fail", "text", "IOTDA.014111")
    task, progress = answer.batchtask, answer.batchtask.task_progress
    assert (task.task_id, task.task_name, task.task_type, task.status) == (
        TASK,
        "upgrade_pumps",
        "firmwareUpgrade",
        "PartialSuccess",
    )
    assert (progress.total, progress.success, progress.fail, progress.stopped, progress.waitting) == (121, 60, 60, 1, 0)
    algorithm = "V11-HMAC-SHA256" if derived else "SDK-HMAC-SHA256"
    assert {request["auth"] for request in cloud.journal()} == {algorithm}


@pytest.mark.parametrize("derived", [False, True])
def test_retry(cloud, make_client, derived):
    load(cloud)
    client = make_client(derived)
    body = BatchTargets(targets=["bad-00001", "success-00001", "nobody"])
    results = client.retry_batch_task(RetryBatchTaskRequest(task_id=TASK, body=body)).targets
    assert [(result.target, result.status, result.error_code) for result in results] == [
        ("bad-00001", "success", None),
        ("success-00001", "failure", "IOTDA.000006"),
        ("nobody", "failure", "IOTDA.014219"),
    ]
    assert results[2].error_msg == "Invalid input. The target is not in the task"
    everything = client.retry_batch_task(RetryBatchTaskRequest(task_id=TASK, body=BatchTargets()))
    assert len(everything.targets) == 60
    cloud.advance(60)
    answer = client.show_batch_task(ShowBatchTaskRequest(task_id=TASK, target="bad-00001"))
    assert ([detail.status for detail in answer.task_details], answer.batchtask.status) == (["Success"], "Success")
    assert cloud.writes() == ["RetryBatchTask"] * 2


def test_an_answer_without_targets(cloud, make_client):
    load(cloud, retry_all_answer="nothing")
    answer = make_client().retry_batch_task(RetryBatchTaskRequest(task_id=TASK, body=BatchTargets()))
    assert (answer.status_code, answer.targets) == (200, None)


def test_list(cloud, make_client):
    cloud.load({"iotda": {"batch_tasks": [UPGRADE, {"task_id": "a2", "app_id": "space"}]}})
    client = make_client()
    answer = client.list_batch_tasks(ListBatchTasksRequest(task_type="firmwareUpgrade", limit=1, offset=0))
    assert ([task.task_id for task in answer.batchtasks], answer.page.count) == (["a2"], 2)
    answer = client.list_batch_tasks(
        ListBatchTasksRequest(task_type="firmwareUpgrade", status="PartialSuccess", marker=answer.page.marker)
    )
    assert [task.task_id for task in answer.batchtasks] == [TASK]
    answer = client.list_batch_tasks(ListBatchTasksRequest(task_type="firmwareUpgrade", app_id="space"))
    assert [task.task_id for task in answer.batchtasks] == ["a2"]


def refused(call):
    with pytest.raises(ClientRequestException) as caught:
        call()
    return caught.value.status_code, caught.value.error_code


def test_errors_reach_the_client(cloud, make_client):
    load(cloud)
    client = make_client()
    assert refused(lambda: client.show_batch_task(ShowBatchTaskRequest(task_id="abc"))) == (404, "IOTDA.014200")
    assert refused(lambda: client.show_batch_task(ShowBatchTaskRequest(task_id=TASK, limit=51))) == (
        400,
        "IOTDA.000017",
    )
    too_many = BatchTargets(targets=["d%s" % number for number in range(101)])
    request = RetryBatchTaskRequest(task_id=TASK, body=too_many)
    assert refused(lambda: client.retry_batch_task(request)) == (400, "IOTDA.000006")
    cloud.set_faults([{"operation": "RetryBatchTask", "kind": "iotda_throttle"}])
    request = RetryBatchTaskRequest(task_id=TASK, body=BatchTargets())
    assert refused(lambda: client.retry_batch_task(request)) == (403, "IOTDA.021101")
    wrong = make_client(derived=True, secret_key="WRONG")
    assert refused(lambda: wrong.show_batch_task(ShowBatchTaskRequest(task_id=TASK))) == (401, "APIGW.0301")
