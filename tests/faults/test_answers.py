# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that are not as documented: a result, or an error that names the operation; never a traceback.

Real answers of the simulator are changed on their way: fields go missing or hold what they never should, bodies are
cut, nested without end or are something else, headers say what makes no sense.
"""

from __future__ import annotations

import json
import re

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.fault_kinds import PASSWORD
from tests.faults.randomness import examples
from tests.faults.scenes import SCENES
from tests.faults.world import World, run
from tests.simulator.adapter import SimulatorAdapter

COUNTED = "runs with mangled answers"

NONSENSE = [
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1.5, 1e308,
    "", "x", "0", "null", "\u0000", "\ud83d", "\u5bc6\u7801", "9" * 5000, "x" * 2000,
    [], [None], [[]], [0], ["x"], [{}], {}, {"x": {}}, {"task_id": None}, [{"task_id": {}}],
]
HEADERS = {
    "Retry-After": [
        "\u00b2", "-1", "1e9", "9" * 5000, "0", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 1 Jan 0001 0:0:0",
    ],
    "Date": ["", "yesterday", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 GMT", "\u00b2"],
    "X-Request-Id": ["", "\u00b2", "x" * 5000],
    "Content-Type": ["", "text/html", "application/json; charset=nonsense", "application/json; charset=utf-16"],
}
STATUSES = [200, 201, 204, 206, 299, 304, 400, 401, 403, 409, 418, 429, 500, 599]
DEEP = 200000
BODIES = [
    b"", b"null", b"true", b"5", b'"x"', b"[]", b"[[]]", b"{", b"}", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"NaN",
    b'{"total_num": NaN}', b'{"total_num": 1e999}', b'{"total_num": ' + b"9" * 5000 + b"}",
    b"[" * DEEP, b'{"a":' * DEEP, b'{"a":' * 400 + b"{}" + b"}" * 400, b"<html>", b"\x00" * 100,
    b'{"error_code": {"error_code": []}, "error_msg": 5}', b'{"error": ' * 900 + b"{}" + b"}" * 900,
    b'{"code": null, "message": null}', b'{"error_code": 1, "error_msg": ["a"]}', b'{"error_description": {}}',
]


def paths(value, here=()):
    """Every place in a parsed JSON value."""
    yield here
    entries = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from paths(entry, (*here, key))


def changed(value, place, change):
    if not place:
        return change(value)
    head, *rest = place
    copy = dict(value) if isinstance(value, dict) else list(value)
    if not rest and change is None:
        del copy[head]
    else:
        copy[head] = changed(value[head], rest, change)
    return copy


class Mangling(SimulatorAdapter):
    """Changes every answer from the call that is struck on."""

    def __init__(self, simulator, data, first):
        super().__init__(simulator)
        self._data = data
        self._calls_left = first

    def send(self, request, **options):
        response = super().send(request, **options)
        self._calls_left -= 1
        if self._calls_left < 0:
            self._mangle(response)
        return response

    def _mangle(self, response):
        draw = self._data.draw
        how = draw(st.sampled_from(["fields", "fields", "fields", "body", "header", "status"]))
        if how == "header":
            name = draw(st.sampled_from(sorted(HEADERS)))
            response.headers[name] = draw(st.sampled_from(HEADERS[name]))
            response.status_code = draw(st.sampled_from([response.status_code, 429, 503, 404]))
        elif how == "fields" and response.content:
            body = json.loads(response.content)
            for _time in range(draw(st.integers(1, 3))):
                place = draw(st.sampled_from(list(paths(body))))
                wrong = draw(st.sampled_from(NONSENSE))
                drop = place and draw(st.booleans())
                body = changed(body, place, None if drop else lambda _old, wrong=wrong: wrong)
            response._content = json.dumps(body).encode("utf-8", "surrogatepass")
        else:
            response._content = draw(st.sampled_from(BODIES))
        if how == "status":
            response.status_code = draw(st.sampled_from(STATUSES))


class FuzzedWorld(World):
    def mangle(self, data, first):
        self._adapter = Mangling(self.simulator, data, first)

    def session(self):
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", self._adapter)
        return session


SMALL = {
    "hss": {
        "clusters": {"count": 3, "failing": 1},
        "tasks": [{"task_id": "scan", "failed": ["00000001-0000-4000-8000-0123456789ab"]}, {"status": "running"}],
    },
    "iotda": {
        "batch_tasks": [{"task_id": "65a0", "sub_tasks": [{"status": "Fail", "count": 3}, {"status": "Success"}]}],
    },
    "kps": {"failed": {"count": 3}, "running": {"count": 2}},
}
SCAN = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["cluster_vul"]}}
RUNS = [
    ("hss_task", {**SCAN, "wait": True, "wait_timeout": 120}),
    ("hss_task", {**SCAN, "reuse_finished_within": 3600}),
    ("hss_task", {"task_type": "iac_scan", "iac_scan": {"file_type": "dockerfile", "file_ids": ["f"]}}),
    ("hss_task_info", {"resources": "all"}),
    ("hss_task_info", {"limit": 1, "resources": "failed"}),
    ("hss_cluster_info", {"cluster_ids": ["00000001-0000-4000-8000-0123456789ab"]}),
    ("hss_cluster_info", {"cluster_names": ["cluster-0001"], "status": "Available"}),
    ("hss_task_retry", {"task_id": "scan", "wait": True, "wait_timeout": 120}),
    ("hss_task_retry", {"task_id": "scan", "clusters": [{"cluster_id": "00000001-0000-4000-8000-0123456789ab"}]}),
    ("iotda_batch_task_retry", {"task_id": "65a0", "wait": True, "wait_timeout": 120}),
    ("iotda_batch_task_retry", {"task_id": "65a0", "targets": ["fail-00001", "success-00001", "x"]}),
    ("iotda_batch_task_info", {"task_id": "65a0", "subtasks": "failed"}),
    ("iotda_batch_task_info", {"task_type": "firmwareUpgrade", "subtasks": "all"}),
    ("kps_failed_task_info", {"include_running": True, "failed_after": "2020-01-01", "server_names": ["server-1"]}),
    ("kps_failed_task", {"state": "absent", "task_ids": ["00000001-0000-4000-8000-00000000fa11", "x"]}),
    ("kps_failed_task", {"state": "absent", "all": True}),
]
OPERATIONS = {scene.operation for scene in SCENES}


@pytest.mark.parametrize("module, options", RUNS, ids=[" ".join([module, *options]) for module, options in RUNS])
@examples(60)
@given(data=st.data())
def test_a_mangled_answer_is_no_traceback(tried, module, options, data):
    tried()
    environ = data.draw(st.sampled_from([{}, {}, {}, {"HUAWEICLOUD_SDK_PROJECT_ID": ""}, PASSWORD]))
    world = FuzzedWorld(SMALL, environ)
    world.mangle(data, first=data.draw(st.integers(0, 4)))
    done = run(world, module, **options)
    json.dumps(done.result)
    assert isinstance(done.result["changed"], bool)
    if done.outcome in ("api", "auth", "network", "unknown_outcome"):
        assert done.result["error"]["operation"] in OPERATIONS
        named = re.findall(r"\w+", done.result["msg"])
        assert done.outcome in ("network", "auth") or OPERATIONS & set(named), done.result["msg"]
    assert len(done.result.get("msg", "")) < 20000
