# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with one request, by name.

A name with ``always`` goes on from the call that is struck to the end of the run; the others strike one call, but for
those that are true of the whole run.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

# Signing in with a token that was given, and with one that the module gets and can get again.
NO_KEY = {"HUAWEICLOUD_SDK_AK": "", "HUAWEICLOUD_SDK_SK": ""}
TOKEN = {**NO_KEY, "HW_AUTH_TOKEN": "TOKENSIMULATOR"}
PASSWORD = {**NO_KEY, "HW_USER_NAME": "SimUser", "HW_USER_PASSWORD": "SimPassword", "HW_DOMAIN_NAME": "SimDomain"}
KNOWN_TOKEN = {"tokens": {"TOKENSIMULATOR": {"project_id": "0123456789abcdef0123456789abcdef"}}}

# The effect of every write shows two looks later.
SHOWN_LATE = {
    "hss": {"list_delay_looks": 2},
    "iotda": {"retry_delay_looks": 2},
    "kps": {"list_delay_looks": 2},
}

SIGNED = ("hss", "iotda", "kps")  # the services that are called with what IAM gives
WRITES = ("create", "retry", "batch", "delete")
TIME_OUT = 60
STATUSES = (500, 502, 503, 504)
BODIES = ("json", "html", "empty")


class FaultKind(NamedTuple):
    """``row`` is its row in the table of expectations.

    ``fault``: what the simulator takes; None for what is true of the whole run.
    ``status``: the HTTP status of the answer, None when there is none.
    ``services``, ``kinds``: the services and the kinds of scenes for which it can be said, None for all.
    ``environ``, ``scenario``: what it changes in the environment and in the scenario, besides the fault.
    ``skew``: seconds that this machine's clock is ahead of the service's.
    """

    row: str
    fault: Optional[dict]
    status: Optional[int] = None
    services: Optional[tuple] = None
    kinds: Optional[tuple] = None
    environ: dict = {}
    scenario: dict = {}
    skew: int = 0


def _server_errors():
    for when, effect in (("before", False), ("after", True)):
        for status in STATUSES:
            for body in BODIES:
                fault = {"kind": "status", "status": status, "body": body, "effect": effect}
                yield "%s %s %s" % (status, body, when), FaultKind("5xx " + when, fault, status)


def _refusals():
    for status, code in ((400, "X.0001"), (401, "APIGW.0301"), (403, "00000010"), (404, "APIGW.0101")):
        fault = {"kind": "status", "status": status, "code": code, "message": "no"}
        yield str(status), FaultKind(str(status), fault, status)


def _once():
    yield "refused", FaultKind("refused", {"kind": "refused"})
    yield "closed before", FaultKind("closed before", {"kind": "close_before"})
    yield "closed after", FaultKind("closed after", {"kind": "close_after"})
    yield "silence before", FaultKind("silence before", {"kind": "silence_before"})
    yield "silence after", FaultKind("silence after", {"kind": "silence_after"})
    yield "slow", FaultKind("slow", {"kind": "slow", "seconds": TIME_OUT - 1})
    yield "too slow", FaultKind("too slow", {"kind": "slow", "seconds": TIME_OUT + 1})
    yield "429", FaultKind("429", {"kind": "throttle"}, 429)
    yield "429 for 7 s", FaultKind("429", {"kind": "throttle", "retry_after": 7}, 429)
    yield "403 throttling", FaultKind("403 throttling", {"kind": "iotda_throttle"}, 403, services=("iotda",))
    yield from _server_errors()
    yield from _refusals()
    yield "truncated", FaultKind("truncated", {"kind": "truncated"}, 200)
    yield "200 HTML before", FaultKind("200 HTML before", {"kind": "shape", "body": "<p>Hi</p>", "effect": False}, 200)
    yield "200 HTML after", FaultKind("200 HTML after", {"kind": "shape", "body": "<p>Hi</p>"}, 200)
    yield "200 []", FaultKind("200 []", {"kind": "shape", "body": []}, 200)
    yield "200 null", FaultKind("200 []", {"kind": "shape", "body": "null"}, 200)
    yield "200 {}", FaultKind("200 {}", {"kind": "shape", "body": {}}, 200)
    yield "200 empty", FaultKind("200 empty", {"kind": "shape", "body": "empty"}, 200)
    yield "redirect", FaultKind("redirect", {"kind": "redirect"}, 302)
    yield "token expires", FaultKind(
        "token expires", {"kind": "token_expired"}, 401, SIGNED, environ=TOKEN, scenario=KNOWN_TOKEN
    )
    yield "own token expires", FaultKind(
        "own token expires", {"kind": "token_expired"}, 401, SIGNED, environ=PASSWORD
    )


def _whole_run():
    yield "clock +10 minutes", FaultKind("clock is off", None, skew=600)
    yield "clock -10 minutes", FaultKind("clock is off", None, skew=-600)
    yield "shown late", FaultKind("shown late", None, kinds=WRITES, scenario=SHOWN_LATE)


def _together():
    """Two things at once: the answer is lost, and the effect shows two looks later."""
    for name, kind in _once():
        if name in ("closed before", "closed after", "503 json before", "503 json after", "truncated"):
            row = kind.row + ", shown late"
            yield name + ", shown late", kind._replace(row=row, kinds=WRITES, scenario=SHOWN_LATE)


GO_ON = (
    "refused", "closed before", "closed after", "silence before", "silence after", "too slow",
    "429", "429 for 7 s", "403 throttling",
    "500 json before", "503 html before", "502 empty after", "504 json after",
    "truncated", "200 HTML before", "200 HTML after", "200 {}", "own token expires",
)


def _all():
    once = dict(_once())
    yield from once.items()
    for name in GO_ON:
        kind = once[name]
        yield name + " always", kind._replace(row=kind.row + " always", fault={**kind.fault, "times": -1})
    yield from _together()
    yield from _whole_run()


FAULTS = dict(_all())
