# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KPS (Key Pair Service): one method per API operation."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import are_counted_objects
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation
from ansible_collections.huaweicloud.tasks.plugins.module_utils._paging import read_pages

PAGE = 1000
LAST_OFFSET = 100000
MOST_TASKS = LAST_OFFSET + PAGE
NOT_FOUND = "KPS.0005"

_FAILED = "/v3/{project_id}/failed-tasks"
LIST_FAILED_TASK = Operation("kps", "ListFailedTask", "GET", _FAILED, True, "list the failed key-pair tasks")
LIST_RUNNING_TASK = Operation(
    "kps", "ListRunningTask", "GET", "/v3/{project_id}/running-tasks", True, "list the running key-pair tasks"
)
# A record that is gone stays gone, so that a deletion whose answer was lost may be sent again.
DELETE_FAILED_TASK = Operation(
    "kps",
    "DeleteFailedTask",
    "DELETE",
    _FAILED + "/{task_id}",
    True,
    "clear the record of a failed key-pair task",
    empty=True,
)
DELETE_ALL_FAILED_TASK = Operation(
    "kps",
    "DeleteAllFailedTask",
    "DELETE",
    _FAILED,
    True,
    "clear the records of all failed key-pair tasks",
    empty=True,
)

_LISTED = are_counted_objects("total", "task_id")


def task_id(task):
    """The id of a task as the API lists it; None when there is none."""
    value = task.get("task_id")
    return value if isinstance(value, str) and value else None


class Kps:
    """The operations of KPS for one project.

    The service pages to offset 100,000, so that at most 101,000 records of a list can be read.
    """

    def __init__(self, client):
        self.client = client

    def list_failed_tasks(self, on_end=None):
        """Yield the failed tasks in the order of the API (ListFailedTask, one request for each page of 1000).

        :arg on_end: called without arguments when the last page that can be asked for is full, so that there may be
            more.
        """
        return self._pages(LIST_FAILED_TASK, on_end)

    def list_running_tasks(self, on_end=None):
        """Yield the tasks that still run (ListRunningTask, one request for each page of 1000).

        :arg on_end: as for ``list_failed_tasks``.
        """
        return self._pages(LIST_RUNNING_TASK, on_end)

    def delete_failed_task(self, task_id):
        """Clear the record of one failed task (DeleteFailedTask) and return True; False when it was absent before.

        What is absent on a further try counts as cleared: an earlier try, whose answer was lost, may have done it.
        """
        return self._delete(DELETE_FAILED_TASK, {"task_id": task_id})

    def delete_all_failed_tasks(self):
        """Clear the records of all failed tasks (DeleteAllFailedTask); the same as above holds for the result."""
        return self._delete(DELETE_ALL_FAILED_TASK, {})

    def _delete(self, operation, path):
        try:
            self.client.send(operation, path)
        except ApiError as error:
            if error.code != NOT_FOUND or error.status != 400:
                raise
            return error.details["tries"] > 1
        return True

    def _pages(self, operation, on_end):
        def fetch(offset, limit):
            query = [("limit", limit), ("offset", offset)]
            page = self.client.send(operation, query=query, expect={"tasks": _LISTED}).get("tasks") or []
            if on_end and offset == LAST_OFFSET and len(page) >= limit:
                on_end()
            return page

        return read_pages(fetch, PAGE, task_id, LAST_OFFSET)
