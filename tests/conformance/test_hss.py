# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official HSS client against the simulator: the simulator is right when the real client accepts it."""

from __future__ import annotations

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkhss.v5 import (
    CreateTaskRequest,
    CreateTaskRequestBody,
    CreateTaskRequestBodyClusterScanInfo,
    CreateTaskRequestBodyIacScanInfo,
    HssClient,
    ListKubernetesClusterDetailsRequest,
    ListTaskResourcesRequest,
    ListTaskResourcesRequestBody,
    ListTaskResourcesRequestBodyClusterScanInfo,
    ListTasksRequest,
    ListTasksRequestBody,
    RetryTaskRequest,
    RetryTaskRequestBody,
    RetryTaskRequestBodyClusterScanInfo,
    RetryTaskRequestBodyClusterScanInfoClusterInfoList,
)

PROJECT = "0123456789abcdef0123456789abcdef"
CLUSTER = "00000001-0000-4000-8000-0123456789ab"
SCAN = {"hss": {"clusters": {"count": 3, "failing": 1, "fail_attempts": 1}}}


@pytest.fixture
def make_client(cloud):
    def make(secret_key="SKSIMULATOR"):
        credentials = BasicCredentials("AKSIMULATOR", secret_key, PROJECT)
        return HssClient.new_builder().with_credentials(credentials).with_endpoint(cloud.url).build()
    return make


@pytest.fixture
def client(make_client):
    return make_client()


def create(client):
    info = CreateTaskRequestBodyClusterScanInfo(
        scan_type_list=["cluster_vul", "risk_assessment", "benchmark"], range_type="all_cluster")
    body = CreateTaskRequestBody(task_type="cluster_scan", cluster_scan_info=info)
    return client.create_task(CreateTaskRequest(enterprise_project_id="0", body=body)).task_id


def task(client, task_id):
    body = ListTasksRequestBody(task_type="cluster_scan", task_id=task_id, sort_key="start_time", sort_dir="desc")
    request = ListTasksRequest(enterprise_project_id="all_granted_eps", offset=0, limit=200, body=body)
    answer = client.list_tasks(request)
    assert answer.total_num == 1
    return answer.data_list[0]


def resources(client, task_id, **info):
    body = ListTaskResourcesRequestBody(
        task_type="cluster_scan", cluster_scan_info=ListTaskResourcesRequestBodyClusterScanInfo(**info))
    return client.list_task_resources(ListTaskResourcesRequest(task_id=task_id, offset=0, limit=10, body=body))


def test_create_list_and_retry(cloud, client):
    cloud.load(SCAN)
    task_id = create(client)
    cloud.advance(10)
    running = task(client, task_id)
    assert (running.task_status, running.estimated_time) == ("running", 1)
    assert running.cluster_scan_info.scanning_cluster_num == 3
    cloud.advance(60)
    finished = task(client, task_id)
    assert (finished.task_status, finished.trigger_type) == ("finished", "manual")
    assert (finished.cluster_scan_info.success_cluster_num, finished.cluster_scan_info.failed_cluster_num) == (2, 1)

    failed = resources(client, task_id, scan_status="failed")
    assert failed.total_num == 1
    [cluster] = failed.cluster_scan_data_list
    assert (cluster.cluster_id, cluster.scan_status, len(cluster.scan_detail_list)) == (CLUSTER, "failed", 3)
    assert all(detail.failed_reason for detail in cluster.scan_detail_list)

    wanted = RetryTaskRequestBodyClusterScanInfoClusterInfoList(cluster_id=CLUSTER, scan_type_list=["benchmark"])
    for info in (
        RetryTaskRequestBodyClusterScanInfo(range_type="specific_cluster", cluster_info_list=[wanted]),
        RetryTaskRequestBodyClusterScanInfo(range_type="all_failed_cluster"),
    ):
        body = RetryTaskRequestBody(task_type="cluster_scan", cluster_scan_info=info)
        assert client.retry_task(RetryTaskRequest(task_id=task_id, body=body)).status_code == 200
    assert resources(client, task_id, scan_status="scanning").total_num == 1
    cloud.advance(60)
    assert task(client, task_id).cluster_scan_info.success_cluster_num == 3
    assert cloud.writes() == ["CreateTask", "RetryTask", "RetryTask"]
    assert {request["auth"] for request in cloud.journal()} == {"SDK-HMAC-SHA256"}


def test_scan_files(cloud, client):
    cloud.load({"hss": {"files": [{"file_id": "f1", "fails": "broken"}]}})
    info = CreateTaskRequestBodyIacScanInfo(file_type="dockerfile", file_id_list=["f1"])
    body = CreateTaskRequestBody(task_type="iac_scan", iac_scan_info=info)
    task_id = client.create_task(CreateTaskRequest(body=body)).task_id
    cloud.advance(70)
    body = ListTasksRequestBody(task_type="iac_scan")
    [found] = client.list_tasks(ListTasksRequest(body=body)).data_list
    assert (found.task_id, found.iac_scan_info.failed_file_num) == (task_id, 1)
    body = ListTaskResourcesRequestBody(task_type="iac_scan")
    answer = client.list_task_resources(ListTaskResourcesRequest(task_id=task_id, body=body))
    [file] = answer.iac_scan_data_list
    assert (file.file_id, file.scan_status, file.failed_reason) == ("f1", "failed", "broken")


def test_list_clusters(client):
    answer = client.list_kubernetes_cluster_details(
        ListKubernetesClusterDetailsRequest(offset=0, limit=10, cluster_name="cluster", load_agent_info=False))
    assert answer.total_num == 3
    assert [(one.cluster_id == CLUSTER, one.status) for one in answer.cluster_info_list] \
        == [(True, "Available"), (False, "Available"), (False, "Available")]


def test_errors_reach_the_client(make_client, client):
    with pytest.raises(ClientRequestException) as refused:
        create(make_client(secret_key="wrong"))
    assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
    assert refused.value.error_msg.endswith("verify aksk signature fail")
    assert refused.value.request_id
    with pytest.raises(ClientRequestException) as invalid:
        client.list_tasks(ListTasksRequest(limit=1, body=ListTasksRequestBody(task_type="cluster_scan")))
    assert (invalid.value.status_code, invalid.value.error_code) == (400, "HSS.0001")
