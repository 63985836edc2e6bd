# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with one request, by name.

A name with ``always`` goes on from the call that is struck to the end of the run; the others strike one call.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

TIME_OUT = 60
STATUSES = (500, 502, 503, 504)
BODIES = ("json", "html", "empty")


class FaultKind(NamedTuple):
    """``row`` is its row in the table of expectations.

    ``fault`` is what the simulator takes; ``status`` the HTTP status of the answer, None when there is none;
    ``effect`` whether a write takes effect all the same; ``services`` those that can answer so, None for all.
    """

    row: str
    fault: dict
    status: Optional[int] = None
    effect: bool = False
    services: Optional[tuple] = None


def _server_errors():
    for when, effect in (("before", False), ("after", True)):
        for status in STATUSES:
            for body in BODIES:
                fault = {"kind": "status", "status": status, "body": body, "effect": effect}
                yield "%s %s %s" % (status, body, when), FaultKind("5xx " + when, fault, status, effect)


def _refusals():
    for status, code in ((400, "X.0001"), (401, "APIGW.0301"), (403, "00000010"), (404, "APIGW.0101")):
        fault = {"kind": "status", "status": status, "code": code, "message": "no"}
        yield str(status), FaultKind(str(status), fault, status)


def _once():
    yield "refused", FaultKind("refused", {"kind": "refused"})
    yield "closed before", FaultKind("closed before", {"kind": "close_before"})
    yield "closed after", FaultKind("closed after", {"kind": "close_after"}, effect=True)
    yield "silence before", FaultKind("silence before", {"kind": "silence_before"})
    yield "silence after", FaultKind("silence after", {"kind": "silence_after"}, effect=True)
    yield "slow", FaultKind("slow", {"kind": "slow", "seconds": TIME_OUT - 1}, effect=True)
    yield "too slow", FaultKind("too slow", {"kind": "slow", "seconds": TIME_OUT + 1}, effect=True)
    yield "429", FaultKind("429", {"kind": "throttle"}, 429)
    yield "429 for 7 s", FaultKind("429", {"kind": "throttle", "retry_after": 7}, 429)
    yield "403 throttling", FaultKind("403 throttling", {"kind": "iotda_throttle"}, 403, services=("iotda",))
    yield from _server_errors()
    yield from _refusals()
    yield "truncated", FaultKind("truncated", {"kind": "truncated"}, 200, effect=True)
    yield "200 HTML before", FaultKind("200 HTML before", {"kind": "shape", "body": "<p>Hi</p>", "effect": False}, 200)
    yield "200 HTML after", FaultKind("200 HTML after", {"kind": "shape", "body": "<p>Hi</p>"}, 200, effect=True)
    yield "200 []", FaultKind("200 []", {"kind": "shape", "body": []}, 200, effect=True)
    yield "200 null", FaultKind("200 []", {"kind": "shape", "body": "null"}, 200, effect=True)
    yield "200 {}", FaultKind("200 {}", {"kind": "shape", "body": {}}, 200, effect=True)
    yield "200 empty", FaultKind("200 empty", {"kind": "shape", "body": "empty"}, 200, effect=True)
    yield "redirect", FaultKind("redirect", {"kind": "redirect"}, 302)
    yield "token expired", FaultKind("401", {"kind": "token_expired"}, 401)


GO_ON = (
    "refused", "closed before", "closed after", "silence before", "silence after", "too slow",
    "429", "429 for 7 s", "403 throttling",
    "500 json before", "503 html before", "502 empty after", "504 json after",
    "truncated", "200 HTML before", "200 HTML after", "200 {}",
)


def _all():
    once = dict(_once())
    yield from once.items()
    for name in GO_ON:
        kind = once[name]
        yield name + " always", kind._replace(row=kind.row + " always", fault={**kind.fault, "times": -1})


FAULTS = dict(_all())
