# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests the client sends again, after which fault, and how long it waits before."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, NetworkError, UnknownOutcome
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hss import CREATE_TASK, LIST_CLUSTERS, LIST_TASKS
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import Client
from tests.unit.inprocess import START, Account

READ = {"body": {"task_type": "cluster_scan"}}
WRITE = {
    "body": {
        "task_type": "cluster_scan",
        "cluster_scan_info": {"scan_type_list": ["benchmark"], "range_type": "all_cluster"},
    }
}


class Conversation:
    """A client, the simulator that it talks to, and what came of one request."""

    def __init__(self, *faults, **params):
        self.account = Account({"faults": [{"operation": "*", **fault} for fault in faults]})
        self.client = Client.from_params(
            "hss", params, self.account.environ, self.account.session(), self.account.clock
        )

    def read(self):
        return self.client.send(LIST_TASKS, **READ)

    def write(self):
        return self.client.send(CREATE_TASK, **WRITE)

    @property
    def slept(self):
        return self.account.clock.slept

    @property
    def sent(self):
        return len(self.account.operations())


FAULTS = {
    "refused": {"kind": "refused"},
    "closed before": {"kind": "close_before"},
    "closed after": {"kind": "close_after"},
    "silence before": {"kind": "silence_before"},
    "silence after": {"kind": "silence_after"},
    "500": {"kind": "status", "status": 500},
    "502 html": {"kind": "status", "status": 502, "body": "html"},
    "503 empty": {"kind": "status", "status": 503, "body": "empty"},
    "504 after": {"kind": "status", "status": 504, "effect": True},
    "cut off": {"kind": "truncated"},
    "not JSON": {"kind": "shape", "body": "<p>Welcome to the hotel</p>"},
    "empty": {"kind": "shape", "body": "empty"},
    "throttled": {"kind": "throttle"},
    "throttled by IoTDA": {"kind": "iotda_throttle"},
}
FINAL = {
    "400": {"kind": "status", "status": 400, "code": "HSS.0001"},
    "401": {"kind": "status", "status": 401, "code": "APIGW.0301"},
    "expired": {"kind": "token_expired"},
    "403": {"kind": "status", "status": 403, "code": "00000010"},
    "404": {"kind": "status", "status": 404, "code": "APIGW.0101"},
    "redirect": {"kind": "redirect"},
    "other shape": {"kind": "shape", "body": []},
    "null": {"kind": "shape", "body": "null"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_read_is_sent_again(name):
    talk = Conversation(FAULTS[name])
    assert talk.read() == {"total_num": 0, "data_list": []}
    assert talk.sent == 2
    assert talk.slept == [15 if name.startswith("throttled") else 1]


@pytest.mark.parametrize("name", FAULTS)
def test_a_read_is_given_up_after_six_tries(name):
    talk = Conversation({**FAULTS[name], "times": -1})
    kind = NetworkError if name.split()[0] in ("refused", "closed", "silence") else ApiError
    with pytest.raises(kind) as failure:
        talk.read()
    assert failure.value.details["tries"] == talk.sent
    assert "after %s tries" % talk.sent in failure.value.msg
    if name.startswith("throttled"):
        assert (talk.sent, talk.slept) == (6, [15, 30, 60, 120, 120])
    elif not name.startswith("silence"):
        assert (talk.sent, talk.slept) == (6, [1, 2, 4, 8, 16])


@pytest.mark.parametrize("name", FINAL)
def test_a_read_is_not_sent_again_after_a_real_answer(name):
    talk = Conversation({**FINAL[name], "times": -1})
    with pytest.raises(ApiError):
        talk.read()
    assert (talk.sent, talk.slept) == (1, [])


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "refused" and not name.startswith("throttled")])
def test_the_outcome_of_a_write_is_unknown(name):
    talk = Conversation(FAULTS[name])
    with pytest.raises(UnknownOutcome) as failure:
        talk.write()
    assert failure.value.msg.endswith("; it may have taken effect.")
    assert (talk.sent, talk.slept) == (1, [])


def test_a_write_that_was_not_sent_is_sent_again():
    talk = Conversation(FAULTS["refused"])
    assert talk.write()["task_id"]
    assert talk.sent == 2


@pytest.mark.parametrize("name", ["throttled", "throttled by IoTDA"])
def test_a_write_that_is_throttled_is_left_to_the_caller(name):
    talk = Conversation({**FAULTS[name], "retry_after": 7} if name == "throttled" else FAULTS[name])
    with pytest.raises(ApiError) as failure:
        talk.write()
    assert failure.value.throttled
    assert failure.value.retry_after == (7 if name == "throttled" else None)
    assert (talk.sent, talk.slept) == (1, [])


@pytest.mark.parametrize("name", FINAL)
def test_a_write_is_not_sent_again_after_an_answer(name):
    talk = Conversation({**FINAL[name], "times": -1})
    with pytest.raises(UnknownOutcome if name in ("other shape", "null") else ApiError):
        talk.write()
    assert (talk.sent, talk.slept) == (1, [])


@pytest.mark.parametrize("retries, tries", [(0, 1), (1, 2), (2, 3)])
def test_the_number_of_tries_is_the_users(retries, tries):
    talk = Conversation({**FAULTS["500"], "times": -1}, request_retries=retries)
    with pytest.raises(ApiError):
        talk.read()
    assert talk.sent == tries


def test_the_number_of_tries_may_come_from_the_environment():
    account = Account({"faults": [{"operation": "*", "kind": "refused", "times": -1}]})
    environ = {**account.environ, "HW_MAX_RETRIES": "1"}
    client = Client.from_params("hss", {}, environ, account.session(), account.clock)
    with pytest.raises(NetworkError):
        client.send(LIST_TASKS, **READ)
    assert len(account.operations()) == 2


@pytest.mark.parametrize(
    "given, pause",
    [
        ("7", 7),
        ("0", 0),
        (formatdate(START + 40, usegmt=True), 40),
        (formatdate(START - 40, usegmt=True), 0),
        ("soon", 15),
        ("-3", 15),
        ("", 15),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(given, pause, status):
    fault = {"kind": "status", "status": status, "code": "APIGW.0308", "headers": {"Retry-After": given}}
    talk = Conversation(fault)
    talk.read()
    assert talk.slept == [1 if status == 503 and pause == 15 else pause]


def test_a_date_is_compared_with_the_services_clock_not_with_ours():
    fault = {"kind": "status", "status": 429, "headers": {"Retry-After": formatdate(START + 40, usegmt=True)}}
    account = Account({"faults": [{"operation": "*", **fault}]}, skew=600)
    Client.from_params("hss", {}, account.environ, account.session(), account.clock).send(LIST_TASKS, **READ)
    assert account.clock.slept == [40]


def test_a_pause_that_would_outlast_the_budget_is_not_begun():
    talk = Conversation({"kind": "throttle", "retry_after": 700, "times": -1})
    with pytest.raises(ApiError) as failure:
        talk.read()
    assert (talk.sent, talk.slept, failure.value.retry_after) == (1, [], 700)


def test_the_callers_budget_is_kept_and_ends_with_its_block():
    talk = Conversation({**FAULTS["throttled"], "times": 4})
    with talk.client.budget(60), pytest.raises(ApiError):
        talk.read()
    assert talk.slept == [15, 30]
    talk.slept.clear()
    talk.read()
    assert talk.slept == [15]


def test_an_inner_budget_gives_way_to_the_outer_one():
    talk = Conversation({**FAULTS["throttled"], "times": -1})
    with talk.client.budget(100):
        with talk.client.budget(10), pytest.raises(ApiError):
            talk.read()
        with pytest.raises(ApiError):
            talk.read()
    assert talk.slept == [15, 30]


def test_an_inner_budget_does_not_outlast_the_outer_one():
    talk = Conversation({**FAULTS["throttled"], "times": -1})
    with talk.client.budget(20), talk.client.budget(600), pytest.raises(ApiError):
        talk.read()
    assert talk.slept == [15]


def test_time_outs_count_against_the_budget():
    talk = Conversation({**FAULTS["silence before"], "times": -1}, request_timeout=300)
    with pytest.raises(NetworkError):
        talk.read()
    assert talk.sent == 2


def test_each_try_is_signed_anew():
    talk = Conversation({**FAULTS["throttled"], "times": 3})
    talk.read()
    dates = [entry["sdk_date"] for entry in talk.account.simulator.journal.requests]
    assert len(set(dates)) == 4


def test_a_get_without_a_body_is_sent_again_as_well():
    talk = Conversation(FAULTS["closed after"])
    talk.client.send(LIST_CLUSTERS, query=[("limit", 200)])
    assert talk.sent == 2
    assert [entry["body"] for entry in talk.account.simulator.journal.requests] == [None, None]


def test_the_server_time_is_the_services():
    account = Account(skew=-500)
    client = Client.from_params("hss", {}, account.environ, account.session(), account.clock)
    assert client.server_time() is None
    client.send(LIST_TASKS, **READ)
    account.simulator.clock.advance(10)
    assert client.server_time() == START + 10
