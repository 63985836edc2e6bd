# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each option of the HSS modules changes a request or a result."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import START, Account

CLUSTERS = [
    {"cluster_id": "c1", "cluster_name": "shop"},
    {"cluster_id": "c2", "cluster_name": "mail"},
    {"cluster_id": "c3", "cluster_name": "lab", "status": "Unavailable"},
]
TASKS = [
    {"task_id": "t1", "age_seconds": 9000, "task_name": "nightly", "scan_types": ["benchmark"], "failed": ["c1"]},
    {"task_id": "t2", "age_seconds": 5000, "task_name": "weekly", "trigger_type": "schedule"},
    {"task_id": "t3", "age_seconds": 50, "status": "running", "scan_types": ["cluster_vul"], "remaining_seconds": 900},
    {"task_id": "f1", "age_seconds": 4000, "task_type": "iac_scan", "files": "all", "file_type": "k8s_yaml"},
]


@pytest.fixture
def account():
    return Account({"hss": {"clusters": CLUSTERS, "tasks": TASKS, "files": {"count": 2}}})


def cluster_ids(account, **options):
    return [cluster["cluster_id"] for cluster in account.run("hss_cluster_info", **options)["clusters"]]


def task_ids(account, **options):
    return [task["task_id"] for task in account.run("hss_task_info", **options)["tasks"]]


def bodies(account, operation):
    return [entry["body"] for entry in account.simulator.journal.requests if entry["operation"] == operation]


def test_enterprise_project_id_is_asked_for(account):
    account.run("hss_cluster_info", enterprise_project_id="all_granted_eps")
    assert ("enterprise_project_id", "all_granted_eps") in account.simulator.journal.requests[0]["query"]


def test_cluster_names(account):
    assert cluster_ids(account, cluster_names=["mail", "nobody"]) == ["c2"]


def test_cluster_ids(account):
    assert cluster_ids(account, cluster_ids=["c3", "c1"]) == ["c1", "c3"]


def test_cluster_status(account):
    assert cluster_ids(account, status="Unavailable") == ["c3"]


def test_cluster_limit(account):
    result = account.run("hss_cluster_info", limit=2)
    assert ([cluster["cluster_id"] for cluster in result["clusters"]], result["truncated"]) == (["c1", "c2"], True)


def test_every_task_by_default(account):
    assert sorted(task_ids(account)) == ["f1", "t1", "t2", "t3"]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("task_type", "iac_scan", ["f1"]),
        ("task_id", "t2", ["t2"]),
        ("task_name", "week", ["t2"]),
        ("trigger_type", "schedule", ["t2"]),
        ("task_status", "running", ["t3"]),
        ("scan_types", ["risk_assessment"], ["t2"]),
        ("file_type", "k8s_yaml", ["f1"]),
        ("created_after", str((START - 100) * 1000), ["t3"]),
        ("created_before", str((START - 8000) * 1000), ["t1"]),
    ],
)
def test_task_filters(option, value, expected, account):
    assert task_ids(account, **{option: value}) == expected


def test_task_order(account):
    newest_first = task_ids(account, task_type="cluster_scan")
    assert task_ids(account, task_type="cluster_scan", order="oldest_first") == newest_first[::-1]


def test_task_limit(account):
    assert len(task_ids(account, limit=3)) == 3


@pytest.mark.parametrize(("resources", "expected"), [("failed", ["c1"]), ("all", ["c1", "c2", "c3"])])
def test_task_resources(resources, expected, account):
    (task,) = account.run("hss_task_info", task_id="t1", task_type="cluster_scan", resources=resources)["tasks"]
    assert [cluster["cluster_id"] for cluster in task["cluster_resources"]] == expected


def scan(account, **options):
    return account.run("hss_task", task_type="cluster_scan", **options)


def test_task_type_range_and_scan_types_of_a_scan_are_sent(account):
    scan(account, cluster_scan={"scan_types": ["benchmark"], "range": "all"})
    (body,) = bodies(account, "CreateTask")
    assert body["task_type"] == "cluster_scan"
    assert body["cluster_scan_info"]["scan_type_list"] == ["benchmark"]
    assert "cluster_id_list" not in body["cluster_scan_info"] or not body["cluster_scan_info"]["cluster_id_list"]


def test_cluster_ids_of_a_scan_are_sent(account):
    scan(account, cluster_scan={"scan_types": ["benchmark"], "cluster_ids": ["c2"]})
    assert "c2" in str(bodies(account, "CreateTask"))


def test_file_type_and_file_ids_of_a_scan_are_sent(account):
    account.run("hss_task", task_type="iac_scan", iac_scan={"file_type": "dockerfile", "file_ids": ["a-file"]})
    (body,) = bodies(account, "CreateTask")
    assert body["iac_scan_info"]["file_type"] == "dockerfile"
    assert "a-file" in str(body)


@pytest.mark.parametrize(("reuse_finished_within", "changed"), [(0, True), (6000, False)])
def test_reuse_finished_within(reuse_finished_within, changed, account):
    wanted = {"scan_types": ["risk_assessment"], "cluster_ids": ["c2"]}
    result = scan(account, cluster_scan=wanted, reuse_finished_within=reuse_finished_within)
    assert result["changed"] is changed


@pytest.mark.parametrize(("reuse_match", "changed"), [("clusters", True), ("scan_types", False)])
def test_reuse_match(reuse_match, changed):
    running = {"task_id": "t", "status": "running", "clusters": ["c1"], "remaining_seconds": 900}
    account = Account({"hss": {"clusters": CLUSTERS, "tasks": [running]}})
    assert scan(account, cluster_scan={"scan_types": ["benchmark"]}, reuse_match=reuse_match)["changed"] is changed


@pytest.mark.parametrize("force", [True, False])
def test_force(force, account):
    assert scan(account, cluster_scan={"scan_types": ["cluster_vul"]}, force=force)["changed"] is force
