# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From an HTTP answer to data, or to an error that says what happened and what to do.

The services' error bodies have half a dozen shapes; every one of them is read here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PAIRS = (
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("code", "message"),
    ("error_code", "error_description"),
)
_IOTDA_THROTTLES = ("IOTDA.021101", "IOTDA.021102")
_ADVICE_OF_IAM = {
    ("KeystoneListProjects", 403): "these credentials may not list projects; give project_id",
    ("KeystoneCreateUserTokenByPassword", 403): "the user may not sign in to this project; check its permissions",
    ("KeystoneCreateUserTokenByPassword", 404): "check project_id, project_name and region",
}
_LONGEST_MESSAGE = 500
_REFUSED_ACCESS = re.compile(r"^(APIGW?\.|APIG\.|IAM|PAP|00000010$|IOTDA\.00002[12]$|KPS\.(6009|900\d)$|403$|$)")


class Problem(NamedTuple):
    """What an answer says is wrong."""

    status: int
    code: str
    message: str
    request_id: str

    @property
    def throttled(self):
        """Too many calls: the gateway says 429, IoTDA says 403 with a code of its own."""
        return self.status == 429 or (self.status == 403 and self.code in _IOTDA_THROTTLES)

    @property
    def refuses_access(self):
        """The credentials are wrong or not enough, as opposed to a 403 that is about the object's state."""
        if self.status == 403:
            return not self.throttled and bool(_REFUSED_ACCESS.match(self.code))
        return self.status == 401

    @property
    def expired_token(self):
        return self.status == 401 and (
            self.code.endswith(".0307") or "token expires" in self.message or "token must be updated" in self.message
        )


def is_text(value, answer):
    """A field that must be a string with something in it."""
    return isinstance(value, str) and bool(value)


def is_object(value, answer):
    """A field that must be an object."""
    return isinstance(value, dict)


def are_objects(value, answer):
    """A field that must be a list of objects."""
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def are_counted_objects(count, identity):
    """A list of objects that may be absent only when the field ``count`` says 0.

    Otherwise an answer of another shape would be read as an empty list, and what is there would be done again. For the
    same reason the field ``identity`` of an object, where there is one, must be a string.
    """

    def fits(value, answer):
        if value is None:
            return answer.get(count) == 0
        return are_objects(value, answer) and all(isinstance(entry.get(identity, ""), str) for entry in value)

    return fits


def read_json(response):
    """Parse the body of an answer.

    :raises ValueError: it is not JSON, or nested deeper than any answer of these services.
    """
    try:
        return response.json()
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def request_id(response):
    return response.headers.get("X-Request-Id") or response.headers.get("X-IAM-Trace-Id") or ""


def read_problem(response, hide=str):
    """Read an answer that is not a success.

    :arg response: what requests gives.
    :arg hide: takes a text and returns it without secrets, which some gateways echo.
    """
    body = _json_object(response)
    code, message = _find_pair(body) if body is not None else ("", _plain_text(response, hide))
    return Problem(
        status=response.status_code,
        # Secrets are hidden before a text is cut: a part of one would not be known for what it is.
        code=_cut(hide(code)),
        message=_cut(hide(message)),
        request_id=_cut(hide(request_id(response) or _text(body.get("request_id") if body else None))),
    )


def advice(problem, operation, settings, auth):
    """One clause that says what can be done about a problem, or an empty string.

    :arg auth: the ``Method`` that authenticated the request.
    """
    if problem.throttled:
        return "too many calls were made in a short time; wait some minutes, and run fewer tasks at once"
    if problem.status == 401:
        return auth.advice(problem)
    if problem.status == 404 and problem.code.endswith(".0101"):
        return "the API is not published at %s; check region and endpoint" % settings.endpoint
    if operation.service == "iam" and problem.status in (403, 404):
        return _ADVICE_OF_IAM.get((operation.name, problem.status), "")
    if problem.code.endswith(".0310"):
        return "the project is not known in this region or is suspended; check project_id, region and endpoint"
    if problem.code == "00000010":
        return (
            "access is denied; where the user is limited to an enterprise project,"
            " give its id as enterprise_project_id, else ask for the permission"
        )
    if problem.refuses_access:
        return "the credentials are valid but lack a permission; ask the account's administrator for it"
    if 300 <= problem.status < 400:
        return "a redirect is never followed, because it would hand the credentials to another address; check endpoint"
    return ""


def _json_object(response):
    try:
        body = read_json(response)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _find_pair(body, levels=5):
    """Find code and message at the top, else in the first nested object that has them, a few levels down."""
    for code_key, message_key in _PAIRS:
        if body.get(code_key) is not None and body.get(message_key) is not None:
            return _text(body[code_key]), _text(body[message_key])
    for value in body.values():
        if isinstance(value, dict) and levels:
            code, message = _find_pair(value, levels - 1)
            if code or message:
                return code, message
    for code_key, message_key in _PAIRS:
        if body.get(code_key) is not None or body.get(message_key) is not None:
            return _text(body.get(code_key)), _text(body.get(message_key))
    return "", ""


def _plain_text(response, hide):
    """What a gateway's HTML page or bare text says. A secret may hold what looks like a tag, so it is hidden first."""
    text = re.sub(r"(?is)<(script|style).*?</\1>|<[^>]+>", " ", hide(response.text or ""))
    return re.sub(r"\s+", " ", text).strip()


def _text(value):
    return "" if value is None else str(value)


def _cut(text):
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."
