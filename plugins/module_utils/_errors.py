# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as one family of exceptions.

Inside the collection every failure is raised; the edge (``_module.py``) turns it into one ``fail_json``.
"""

from __future__ import annotations

from contextlib import contextmanager


class TasksError(Exception):
    """A failure that a playbook author can act on.

    ``msg`` is one sentence: what was being done, what happened, what to do about it. It never holds a secret.
    ``result`` holds the module's normal return keys as far as they are known.
    """

    kind = "api"

    def __init__(self, msg, **result):
        super().__init__(msg)
        self.msg = msg
        self.result = result

    def to_result(self):
        """Return the keys that the module fails with, without ``msg``."""
        return {"changed": False, **self.result, "failure_kind": self.kind}


class InputError(TasksError):
    """An option or a variable is wrong or missing. Raised before any call is made."""

    kind = "input"


class AuthError(TasksError):
    """Credentials are missing, incomplete or refused."""

    kind = "auth"


class WaitTimeout(TasksError):
    """What was waited for did not happen in time; it may still happen."""

    kind = "wait_timeout"


class ResourcesFailed(TasksError):
    """The task ended, and clusters, files or sub-tasks in it failed."""

    kind = "resources_failed"


class HttpError(TasksError):
    """A failure that belongs to one API operation; ``details`` is what comes back as RV(error)."""

    def __init__(self, msg, details, **result):
        super().__init__(msg, **result)
        self.details = details

    def to_result(self):
        return {**super().to_result(), "error": self.details}


class NetworkError(HttpError):
    """The service was not reached, or a request that only reads stayed without an answer."""

    kind = "network"


class UnknownOutcome(HttpError):
    """A request that changes something was sent and its answer was lost: it may have taken effect or not."""

    kind = "unknown_outcome"


class ApiError(HttpError):
    """The service answered, and the answer is a refusal: nothing was changed by this request.

    ``throttled`` tells a refusal for too many calls from the others; ``retry_after`` is the pause in seconds that
    the service asked for, or None.
    """

    def __init__(self, msg, details, throttled=False, retry_after=None, auth=False, **result):
        super().__init__(msg, details, **result)
        self.throttled = throttled
        self.retry_after = retry_after
        self.kind = "auth" if auth else "api"

    @property
    def code(self):
        return self.details["code"]

    @property
    def status(self):
        return self.details["http_status"]


@contextmanager
def keep(result):
    """Add ``result``, the return keys gathered so far, to every failure that leaves the block."""
    try:
        yield result
    except TasksError as error:
        error.result = {**result, **error.result}
        raise
