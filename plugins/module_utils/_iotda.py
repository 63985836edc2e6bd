# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IoTDA (IoT Device Access): one method per API operation."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import are_objects
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation

PAGE = 50
MOST_TARGETS = 100

_INSTANCE_ID = re.compile(r"[a-f0-9-]{1,36}")
_MARKER = re.compile(r"[a-fA-F0-9]{24}")
_BEFORE_ALL = "f" * 24

_TASKS = "/v5/iot/{project_id}/batchtasks"
SHOW_BATCH_TASK = Operation("iotda", "ShowBatchTask", "GET", _TASKS + "/{task_id}", True, "read the batch task")
LIST_BATCH_TASKS = Operation("iotda", "ListBatchTasks", "GET", _TASKS, True, "list the batch tasks")
RETRY_BATCH_TASK = Operation(
    "iotda", "RetryBatchTask", "POST", _TASKS + "/{task_id}/retry", False, "retry sub-tasks of the batch task"
)


class Page(NamedTuple):
    """One page of a list.

    ``marker`` is the record id of the last entry, where the next page begins; ``count`` is how many entries match in
    all, by the API's own count, or None.
    """

    items: list
    marker: Optional[str]
    count: Optional[int]


class Iotda:
    """The operations of IoTDA for one project and instance.

    :arg instance_id: sent as ``Instance-Id``; None leaves it out.
    :raises InputError: when the id is not 1 to 36 hexadecimal digits and hyphens, in lower case.
    """

    def __init__(self, client, instance_id=None):
        if instance_id is not None and not _INSTANCE_ID.fullmatch(instance_id):
            raise InputError("instance_id is %r, but must be 1 to 36 of a to f, 0 to 9 and hyphens" % instance_id)
        self.client = client
        self._headers = {} if instance_id is None else {"Instance-Id": instance_id}

    def show_batch_task(self, task_id, status=None, target=None, marker=None, limit=PAGE, with_output=False):
        """Return a batch task, and a ``Page`` of its sub-tasks by descending record id (ShowBatchTask, one request).

        :arg status: only sub-tasks in this status. :arg target: only the sub-task of this device.
        :arg marker: only sub-tasks behind this one. :arg limit: 1 to 50.
        :arg with_output: keep the field ``output``, which can hold secrets of devices.
        :raises ApiError: ``IOTDA.014200`` when there is no such task.
        """
        query = [("task_detail_status", status), ("target", target), ("marker", marker), ("limit", limit)]
        answer = self.client.send(
            SHOW_BATCH_TASK,
            {"task_id": task_id},
            query,
            headers=self._headers,
            expect={"batchtask": _is_task, **_page_of("task_details", _are_subtasks, limit, marker)},
        )
        page = _page("task_details", answer)
        if not with_output:
            page = page._replace(items=[_without_output(subtask) for subtask in page.items])
        return answer["batchtask"], page

    def subtask_pages(self, task_id, status=None, on_task=None, with_output=False):
        """Yield the sub-tasks of a batch task, a list for each page (ShowBatchTask, one request each).

        :arg status: only sub-tasks in this status. :arg on_task: called for each page with the batch task.
        :arg with_output: as for ``show_batch_task``.
        """

        def fetch(marker):
            task, page = self.show_batch_task(task_id, status, marker=marker, with_output=with_output)
            if on_task:
                on_task(task)
            return page

        return _follow(fetch, PAGE)

    def list_batch_tasks(self, task_type, app_id=None, status=None, at_most=None):
        """Yield batch tasks, the newest first (ListBatchTasks, one request for each page of 50).

        :arg task_type: required by the API. :arg app_id: only tasks of this resource space.
        :arg status: only tasks in this status. :arg at_most: how many are wanted, so that a small page is asked for.
        """
        limit = PAGE if at_most is None else min(PAGE, at_most)

        def fetch(marker):
            query = [("task_type", task_type), ("app_id", app_id), ("status", status)]
            query += [("marker", marker), ("limit", limit)]
            expect = _page_of("batchtasks", _are_tasks, limit, marker)
            answer = self.client.send(LIST_BATCH_TASKS, {}, query, headers=self._headers, expect=expect)
            return _page("batchtasks", answer)

        for page in _follow(fetch, limit):
            yield from page

    def retry_batch_task(self, task_id, targets=None):
        """Retry sub-tasks (RetryBatchTask); they stay in the same batch task.

        :arg targets: 1 to 100 device ids; None retries every sub-task in Fail, FailWaitRetry or Stopped.
        :returns: the result of each target (``target``, ``status``, which is ``success`` or ``failure``,
            ``error_code``, ``error_msg``), or None when the answer holds none.
        :raises UnknownOutcome: the answer was lost; the sub-tasks may have been retried.
        """
        body = {} if targets is None else {"targets": list(targets)}
        path = {"task_id": task_id}
        answer = self.client.send(
            RETRY_BATCH_TASK, path, body=body, headers=self._headers, expect={"targets": _are_results}
        )
        return answer.get("targets")


def _follow(fetch, page_size):
    """Yield page after page of a list, each as the list of its entries.

    The paging rules allow pages of 50, and a page that begins at a marker or at most 500 entries behind it. So n
    entries take n / 50 requests, rounded up, and no rule allows fewer. The marker of each page leads to the next:
    an offset would save nothing, ends at 550 entries, and skips entries when others leave the list meanwhile, which
    entries that are filtered by status do. One request more is made only when the list ends with a full page and its
    count does not tell that: on the first page (a count of one page and a count of all are the same then), or
    when the count has changed since.

    :arg fetch: takes a marker (None for the first page), returns a ``Page``.
    """
    marker, read, total = None, 0, None
    while True:
        page = fetch(marker)
        yield page.items
        if marker is None:
            total = page.count
        marker = page.marker
        read += len(page.items)
        told = total is not None and page.count == total > page_size and read >= total
        if told or len(page.items) < page_size:
            return


def _page(field, answer):
    page = answer.get("page") or {}
    count = page.get("count")
    return Page(answer.get(field) or [], page.get("marker"), count if isinstance(count, int) else None)


def _page_of(field, fits, limit, marker):
    """What an answer with a page must hold: the list, and behind a full page a marker that leads on."""

    def list_fits(value, answer):
        page = answer.get("page")
        return fits(value) or (value is None and isinstance(page, dict) and page.get("count") == 0)

    def page_fits(value, answer):
        if value is not None and not isinstance(value, dict):
            return False
        if len(answer.get(field) or []) < limit:
            return True
        following = (value or {}).get("marker")
        return (
            isinstance(following, str)
            and bool(_MARKER.fullmatch(following))
            and following.lower() < (marker or _BEFORE_ALL).lower()
        )

    return {field: list_fits, "page": page_fits}


def _is_task(value, answer=None):
    return (
        isinstance(value, dict)
        and isinstance(value.get("status"), str)
        and isinstance(value.get("task_type"), str)
        and isinstance(value.get("task_progress"), (dict, type(None)))
    )


def _are_tasks(value):
    return isinstance(value, list) and all(_is_task(task) and isinstance(task.get("task_id"), str) for task in value)


def _are_subtasks(value):
    return are_objects(value, None) and all(
        isinstance(subtask.get("target"), str) and isinstance(subtask.get("status"), str) for subtask in value
    )


def _are_results(value, answer):
    return value is None or (
        are_objects(value, answer)
        and all(
            isinstance(result.get("target"), str) and result.get("status") in ("success", "failure") for result in value
        )
    )


def _without_output(subtask):
    return {name: value for name, value in subtask.items() if name != "output"}
