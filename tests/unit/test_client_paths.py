# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user gives never makes a request to another operation's path."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account


@pytest.mark.parametrize("task_id", [".", ".."])
def test_a_dot_segment_is_refused_before_any_request_to_its_path(task_id):
    cloud = Account({"hss": {"tasks": [{"task_id": task_id}]}})
    result = cloud.run("hss_task_info", task_type="cluster_scan", resources="all")
    assert result["failure_kind"] == "input"
    assert "cannot be part of an address" in result["msg"]
    assert cloud.operations() == ["ListTasks"]


def test_a_slash_stays_within_its_segment():
    cloud = Account({"hss": {"tasks": [{"task_id": "../../kubernetes/clusters"}]}})
    result = cloud.run("hss_task_info", task_type="cluster_scan", resources="all")
    assert (result["failed"], result["error"]["operation"]) == (True, "ListTaskResources")
    path = cloud.simulator.journal.requests[-1]["path"]  # as it arrives, without its quoting
    assert path.endswith("/common/tasks/../../kubernetes/clusters/resources/batch-query")
