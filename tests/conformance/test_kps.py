# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official KPS client against the simulator: the simulator is right when the real client accepts it."""

from __future__ import annotations

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkkps.v3 import (
    DeleteAllFailedTaskRequest,
    DeleteFailedTaskRequest,
    KpsClient,
    ListFailedTaskRequest,
    ListRunningTaskRequest,
)

PROJECT = "0123456789abcdef0123456789abcdef"
FIRST, SECOND = (f"0000000{number}-0000-4000-8000-00000000fa11" for number in (1, 2))


@pytest.fixture
def client(cloud):
    credentials = BasicCredentials("AKSIMULATOR", "SKSIMULATOR", PROJECT)
    return KpsClient.new_builder().with_credentials(credentials).with_endpoint(cloud.url).build()


def test_failed_tasks_are_listed(cloud, client):
    cloud.load({"kps": {"failed": [{"task_error_code": "KPS.6005", "server_name": "web-1"}, {"task_time": None}]}})
    answer = client.list_failed_task(ListFailedTaskRequest(limit=1000, offset=0))
    assert (answer.status_code, answer.total) == (200, 2)
    first, second = answer.tasks
    assert (first.task_id, first.operate_type, first.task_error_code) == (FIRST, "FAILED_RESET", "KPS.6005")
    assert (first.server_name, first.keypair_name, len(first.server_id)) == ("web-1", "deploy", 36)
    assert first.task_error_msg and len(first.task_time) == 13
    assert (second.task_id, second.task_time, second.task_error_code) == (SECOND, None, None)


def test_pages(cloud, client):
    cloud.load({"kps": {"failed": {"count": 3}}})
    assert len(client.list_failed_task(ListFailedTaskRequest()).tasks) == 3
    [last] = client.list_failed_task(ListFailedTaskRequest(limit=2, offset=2)).tasks
    assert last.task_id == "00000003-0000-4000-8000-00000000fa11"


def test_a_running_task_becomes_a_failed_one(cloud, client):
    cloud.load({"kps": {"running": [{"ends": "failed", "remaining_seconds": 60}]}})
    [running] = client.list_running_task(ListRunningTaskRequest(limit=1000, offset=0)).tasks
    assert (running.task_id, running.operate_type, running.keypair_name) == (FIRST, "RUNNING_RESET", "deploy")
    cloud.advance(60)
    assert client.list_running_task(ListRunningTaskRequest()).tasks == []
    assert [task.task_id for task in client.list_failed_task(ListFailedTaskRequest()).tasks] == [FIRST]


def test_records_are_cleared(cloud, client):
    cloud.load({"kps": {"failed": {"count": 3}}})
    assert client.delete_failed_task(DeleteFailedTaskRequest(task_id=SECOND)).status_code == 200
    with pytest.raises(ClientRequestException) as refused:
        client.delete_failed_task(DeleteFailedTaskRequest(task_id=SECOND))
    assert (refused.value.status_code, refused.value.error_code) == (400, "KPS.0005")
    assert client.delete_all_failed_task(DeleteAllFailedTaskRequest()).status_code == 200
    assert client.list_failed_task(ListFailedTaskRequest()).total == 0
    assert cloud.writes() == ["DeleteFailedTask", "DeleteFailedTask", "DeleteAllFailedTask"]
    assert {request["auth"] for request in cloud.journal()} == {"SDK-HMAC-SHA256"}


def test_what_breaks_a_limit_is_refused(client):
    with pytest.raises(ClientRequestException) as refused:
        client.list_failed_task(ListFailedTaskRequest(limit=1001))
    error = refused.value
    assert (error.status_code, error.error_code, error.error_msg) == (400, "KPS.0002", "参数错误")
    assert error.request_id
