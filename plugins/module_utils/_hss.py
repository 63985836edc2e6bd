# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HSS (Host Security Service): one method per API operation."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import are_counted_objects, is_text
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation
from ansible_collections.huaweicloud.tasks.plugins.module_utils._paging import read_pages

PAGE = 200
SMALLEST_PAGE = 10
LAST_OFFSET = 2000000
MOST_CLUSTERS = 200
MOST_FILES = 100
MOST_SCAN_TYPES = 3
LONGEST_ID = 64

_TASKS = "/v5/{project_id}/common/tasks"
CREATE_TASK = Operation("hss", "CreateTask", "POST", "/v5/{project_id}/common/task", False, "create the scan task")
LIST_TASKS = Operation("hss", "ListTasks", "POST", _TASKS + "/batch-query", True, "list the scan tasks")
LIST_TASK_RESOURCES = Operation(
    "hss",
    "ListTaskResources",
    "POST",
    _TASKS + "/{task_id}/resources/batch-query",
    True,
    "list what the scan task covers",
)
RETRY_TASK = Operation(
    "hss", "RetryTask", "PUT", _TASKS + "/{task_id}/retry", False, "retry failed clusters of the scan task", empty=True
)
LIST_CLUSTERS = Operation(
    "hss", "ListKubernetesClusterDetails", "GET", "/v5/{project_id}/kubernetes/clusters", True, "list the clusters"
)

_INFO_FIELDS = {"cluster_scan": "cluster_scan_info", "iac_scan": "iac_scan_info"}
_RESOURCE_FIELDS = {"cluster_scan": "cluster_scan_data_list", "iac_scan": "iac_scan_data_list"}
_RESOURCE_IDS = {"cluster_scan": "cluster_id", "iac_scan": "file_id"}


def resource_id(task_type, resource):
    """The id of a cluster or file in a task's resources."""
    return resource.get(_RESOURCE_IDS[task_type])


class Hss:
    """The operations of HSS for the client's project and enterprise project."""

    def __init__(self, client):
        self.client = client
        self._scope = [("enterprise_project_id", client.settings.enterprise_project_id)]

    def create_task(self, task_type, info):
        """Create a scan task and return its id (CreateTask; every call creates another one).

        :arg info: the body's ``cluster_scan_info`` or ``iac_scan_info``.
        :raises UnknownOutcome: the answer was lost; a task may have been created.
        """
        body = {"task_type": task_type, _INFO_FIELDS[task_type]: info}
        return self.client.send(CREATE_TASK, query=self._scope, body=body, expect={"task_id": is_text})["task_id"]

    def list_tasks(self, task_type, order="desc", at_most=None, on_total=None, **filters):
        """Yield the tasks of one type, by start time (ListTasks, one request for each page of 200).

        :arg order: ``desc`` or ``asc``. :arg at_most: how many are wanted, so that a small page is asked for.
        :arg on_total: called for each page with the API's own count of the tasks that match.
        :arg filters: fields of the request's body; those that are None are left out.
        """
        for task in self._pages(
            LIST_TASKS,
            {},
            self._scope,
            {"task_type": task_type, "sort_key": "start_time", "sort_dir": order, **_without_none(filters)},
            "data_list",
            "task_id",
            at_most,
            on_total,
        ):
            yield {**task, "task_type": task_type}

    def find_task(self, task_type, task_id):
        """Return one task, or None when it is not listed (ListTasks, one request)."""
        tasks = self.list_tasks(task_type, at_most=1, task_id=task_id)
        return next((task for task in tasks if task.get("task_id") == task_id), None)

    def list_task_resources(self, task_type, task_id, scan_status=None):
        """Yield the clusters or files of a task (ListTaskResources, one request for each page of 200).

        :arg scan_status: ``scanning``, ``success`` or ``failed``; None for all.
        """
        body = {"task_type": task_type}
        if scan_status:
            body[_INFO_FIELDS[task_type]] = {"scan_status": scan_status}
        return self._pages(
            LIST_TASK_RESOURCES,
            {"task_id": task_id},
            self._scope,
            body,
            _RESOURCE_FIELDS[task_type],
            _RESOURCE_IDS[task_type],
        )

    def retry_task(self, task_id, clusters):
        """Scan failed clusters of a task again (RetryTask). The task keeps its id.

        :arg clusters: objects with ``cluster_id`` and perhaps ``scan_type_list``, 1 to 200.
        :raises UnknownOutcome: the answer was lost; the clusters may be scanning again.
        """
        info = {"range_type": "specific_cluster", "cluster_info_list": clusters}
        body = {"task_type": "cluster_scan", "cluster_scan_info": info}
        self.client.send(RETRY_TASK, {"task_id": task_id}, self._scope, body)

    def list_clusters(self, with_risks=False):
        """Yield the clusters that HSS knows (ListKubernetesClusterDetails, one request for each page of 200).

        :arg with_risks: ask for the counters of risks as well.
        """
        scope = self._scope + ([("scene", "cluster_risk")] if with_risks else [])
        return self._pages(LIST_CLUSTERS, {}, scope, None, "cluster_info_list", "cluster_id")

    def _pages(self, operation, path, query, body, field, identity, at_most=None, on_total=None):
        page_size = PAGE if at_most is None else min(PAGE, max(SMALLEST_PAGE, at_most))

        listed = {field: are_counted_objects("total_num", identity)}

        def fetch(offset, limit):
            page = [("offset", offset), ("limit", limit)]
            answer = self.client.send(operation, path, query + page, body, expect=listed)
            if on_total:
                on_total(answer.get("total_num"))
            return answer.get(field) or []

        return read_pages(fetch, page_size, lambda item: item.get(identity), LAST_OFFSET)


def _without_none(fields):
    return {name: value for name, value in fields.items() if value is not None}
