# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What iotda_batch_task_retry decides, sends and returns."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter

import pytest

from tests.unit.inprocess import Account

TASK = "5c8ba99030344005c02316ad"
STATUSES = ("Success", "Processing", "Waitting", "Fail", "FailWaitRetry", "Stopped", "Removed")
LISTS = ("retried_targets", "skipped_targets", "rejected_targets", "unknown_targets", "unsent_targets")
SHOW, RETRY = "ShowBatchTask", "RetryBatchTask"
# Under way for ever, or until a test moves the clock: a wait has something to wait for.
OFFLINE = {"status": "Fail", "prefix": "off", "offline": True}


def account(*groups, task=None, **iotda):
    tasks = [{"task_id": TASK, "sub_tasks": list(groups), **(task or {})}]
    return Account({"iotda": {"batch_tasks": tasks, **iotda}})


def failed(count, **fields):
    return {"status": "Fail", "count": count, "prefix": "bad", **fields}


def names(count, prefix="bad", step=1):
    return ["%s-%05d" % (prefix, number) for number in range(1, count * step + 1, step)]


def run(here, targets=None, check_mode=False, **options):
    if targets is not None:
        options["targets"] = targets
    return here.run("iotda_batch_task_retry", check_mode, task_id=TASK, **options)


def faults(here, *given):
    here.simulator.faults.set(given)


def calls(here):
    return dict(Counter(here.operations()))


def sent(here):
    """The targets of each retry request, in order; None for all."""
    return [(entry["body"] or {}).get("targets") for entry in here.writes()]


def retried(here):
    """How often the server has retried each device."""
    [task] = here.simulator.state["iotda"]["batch_tasks"]
    return {target: sub_task["retries"] for target, sub_task in task["retried"].items()}


def listed(result, name):
    return [entry["target"] if isinstance(entry, dict) else entry for entry in result[name]]


def assert_partition(result, targets):
    assert sorted(target for name in LISTS for target in listed(result, name)) == sorted(set(targets))


def every_status():
    return [{"status": status, "count": 2, "prefix": status} for status in STATUSES]


# Which targets are sent


def test_only_what_failed_waits_to_retry_or_was_stopped_is_sent():
    here = account(*every_status())
    targets = [target for status in STATUSES for target in names(2, status)] + ["nobody", "Fail-00001"]
    result = run(here, targets)
    retriable = names(2, "Fail") + names(2, "FailWaitRetry") + names(2, "Stopped")
    assert result["retried_targets"] == retriable
    assert sent(here) == [retriable]
    assert result["skipped_targets"] == [
        {"target": target, "status": status}
        for status in ("Success", "Processing", "Waitting", "Removed")
        for target in names(2, status)
    ]
    assert result["unknown_targets"] == ["nobody"]
    assert (result["failed"], result["failure_kind"], result["changed"]) == (True, "resources_failed", True)
    assert "1 of the targets are not in the task (nobody)" in result["msg"]
    assert_partition(result, targets)


def test_without_targets_one_request_retries_all():
    here = account(*every_status())
    result = run(here)
    assert sent(here) == [None]
    assert sorted(result["retried_targets"]) == sorted(
        names(2, "Fail") + names(2, "FailWaitRetry") + names(2, "Stopped")
    )
    assert (result["skipped_targets"], result["skipped_count"], result["changed"]) == ([], 8, True)
    assert result["batch_task"]["task_progress"]["fail"] == 0


def test_what_was_retried_is_named_also_when_the_answer_does_not():
    here = account(failed(3), retry_all_answer="nothing")
    result = run(here)
    assert sorted(result["retried_targets"]) == names(3)
    assert here.warnings == []


def test_what_an_answer_does_not_name_and_does_not_show_is_not_claimed():
    refusal = {"error_code": "IOTDA.014000", "error_msg": "The device does not exist"}
    here = account(failed(3), failed(2, prefix="gone", reject=refusal), retry_all_answer="nothing")
    result = run(here)
    assert (sorted(result["retried_targets"]), sorted(result["unsent_targets"])) == (names(3), names(2, "gone"))
    assert (result["changed"], result["failure_kind"]) == (True, "resources_failed")
    assert "2 were to be retried, and do not show as retried (gone-00002, gone-00001)" in result["msg"]


def test_targets_go_out_in_hundreds_in_the_given_order():
    here = account(failed(250))
    result = run(here, list(reversed(names(250))))
    assert result["retried_targets"] == list(reversed(names(250)))
    assert [len(targets) for targets in sent(here)] == [100, 100, 50]


def test_no_targets_at_all_send_nothing():
    here = account(failed(3))
    result = run(here, [], wait=True)
    assert (result["changed"], result["retried_targets"], calls(here)) == (False, [], {SHOW: 1})
    assert result["batch_task"]["task_progress"]["fail"] == 3


def test_a_failure_inside_an_answer_is_read():
    refusal = {"error_code": "IOTDA.014000", "error_msg": "The device does not exist"}
    here = account(failed(2), {"status": "Fail", "targets": ["gone"], "reject": refusal}, {"status": "Stopped"})
    for targets in (None, ["gone", "stopped-00001"]):
        result = run(here, targets)
        assert result["rejected_targets"] == [{"target": "gone", **refusal}]
        assert "1 could not be retried (gone: IOTDA.014000 The device does not exist)" in result["msg"]
        assert result["failure_kind"] == "resources_failed"
    assert sorted(retried(here)) == [*names(2), "stopped-00001"]


def test_check_mode_predicts_and_sends_nothing():
    here = account(*every_status())
    predicted = run(here, names(2, "Fail") + ["Success-00001"], check_mode=True, wait=True)
    assert here.writes() == []
    real = run(here, names(2, "Fail") + ["Success-00001"])
    assert {name: predicted[name] for name in LISTS} == {name: real[name] for name in LISTS}
    assert predicted["changed"] is real["changed"] is True


def test_a_second_run_finds_nothing_to_do():
    here = account(failed(120), retry_delay_seconds=10)
    assert run(here, names(120))["changed"] is True
    assert run(here, names(120))["changed"] is False
    assert run(here)["changed"] is False
    assert set(retried(here).values()) == {1} and here.warnings == []


# In which states


@pytest.mark.parametrize("status", ["Processing", "Fail", "PartialSuccess"])
def test_states_in_which_a_retry_is_allowed(status):
    assert run(account(failed(1), task={"status": status}))["changed"] is True


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("Success", "it counts as done, so create a new batch task"),
        ("Stopped", "a task that was stopped stays stopped, so create a new batch task"),
        ("Stopping", "wait until it is Stopped"),
        ("Waitting", "wait until it is Processing"),
        ("Initializing", "wait until it is Processing"),
    ],
)
@pytest.mark.parametrize("targets", [None, names(1)])
@pytest.mark.parametrize("check_mode", [False, True])
def test_states_in_which_no_retry_is_allowed(status, advice, targets, check_mode):
    here = account(failed(1), {"status": "Success"}, task={"status": status})
    result = run(here, targets, check_mode)
    assert (result["failed"], result["changed"], result["failure_kind"]) == (True, False, "input")
    assert "Batch task %s is %s," % (TASK, status) in result["msg"] and advice in result["msg"]
    assert result["unsent_targets"] == names(1)
    assert here.writes() == []


@pytest.mark.parametrize("status", ["Initializing", "Waitting", "Success", "Stopped", "Stopping", "Processing"])
@pytest.mark.parametrize("targets", [None, ["success-00001"]])
def test_nothing_to_retry_is_no_change_in_any_state(status, targets):
    result = run(account({"status": "Success"}, task={"status": status}), targets)
    assert (result.get("failed"), result["changed"]) == (None, False)


def test_a_type_that_cannot_be_retried():
    result = run(account(failed(1), task={"task_type": "createCommands"}))
    assert "only tasks of the types firmwareUpgrade and softwareUpgrade can be retried" in result["msg"]
    assert result["failure_kind"] == "input"


def test_a_task_that_does_not_exist():
    here = account()
    result = here.run("iotda_batch_task_retry", task_id="abc", targets=["d1"])
    assert (result["failure_kind"], result["error"]["code"]) == ("api", "IOTDA.014200")
    assert "Check task_id" in result["msg"]
    assert_partition(result, ["d1"])


@pytest.mark.parametrize(
    "options",
    [
        {"task_id": ""},
        {"task_id": "ABC"},
        {"task_id": "a" * 25},
        {"task_id": "a1\n"},
        {"targets": [""]},
        {"targets": ["a b"]},
        {"targets": ["a" * 129]},
        {"instance_id": ""},
        {"instance_id": "X"},
        {"instance_id": "a" * 37},
        {"wait_timeout": -1},
        {"wait_interval": 0},
    ],
)
def test_bad_input_is_refused_before_any_call(options):
    here = account(failed(1))
    result = here.run("iotda_batch_task_retry", **{"task_id": TASK, **options})
    assert (result["failed"], result["failure_kind"]) == (True, "input")
    assert next(iter(options)) in result["msg"]
    assert here.operations() == []


# How many requests, how much memory


def fleet(**iotda):
    return account({"status": "Success", "count": 25000, "prefix": "ok"}, failed(5000), **iotda)


def test_a_fleet_is_read_and_retried_with_the_fewest_requests():
    """30,000 sub-tasks, 5,000 failed, 2,000 of them named: 5,000 / 50 reads show them all, one more the effect."""
    here = fleet()
    targets = names(2000, step=2)
    assert here.simulator.state["iotda"]  # makes the simulator's own lists before memory is measured
    tracemalloc.start()
    result = run(here, targets)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print("\n30,000 sub-tasks, 5,000 failed, 2,000 named: %s, peak memory %.1f MB" % (calls(here), peak / 1e6))
    assert result["retried_targets"] == targets
    assert calls(here)[RETRY] == 20
    assert calls(here)[SHOW] <= 101
    assert peak < 20e6


def test_without_targets_a_fleet_takes_a_page_for_each_50_that_failed():
    here = fleet()
    assert len(run(here)["retried_targets"]) == 5000
    assert calls(here) == {SHOW: 101, RETRY: 1}


@pytest.mark.parametrize(
    ("targets", "reads"),
    [
        (["bad-00001"], 1),  # one of them is asked for by its id
        (names(10), 11),  # a page of the failed ones brings the counters; asking for 10 takes less than 100 pages
        (names(10, "ok"), 11),
        (names(400, "ok"), 500),  # not on the 100 pages of the failed ones; asking for 400 takes less than 500 pages
        (names(600, "ok"), 100 + 500),  # at most; reading ends when all are found
    ],
)
def test_named_targets_take_the_cheapest_way(targets, reads):
    here = fleet()
    run(here, targets, check_mode=True)
    assert calls(here)[SHOW] <= reads


def test_empty_lists_are_not_read():
    here = account({"status": "Success", "count": 100}, {"status": "Stopped", "count": 60})
    assert len(run(here)["retried_targets"]) == 60
    assert calls(here) == {SHOW: 1 + 2 + 1, RETRY: 1}


@pytest.mark.parametrize("count", ["all", "rest", "page"])
@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, 100, 101, 150])
def test_every_page_is_read_whatever_the_count_means(count, number):
    here = account(failed(number), {"status": "Success", "count": 3}, count=count)
    assert sorted(run(here, check_mode=True)["retried_targets"]) == names(number)
    assert calls(here)[SHOW] <= number // 50 + 1


# When answers are lost

LOST_AFTER = ["close_after", "truncated", {"kind": "status", "status": 502, "effect": True}]
LOST_BEFORE = ["close_before", {"kind": "status", "status": 503, "body": "html"}]


def fault(kind, call=1, times=1, operation=RETRY):
    fields = kind if isinstance(kind, dict) else {"kind": kind}
    return {"operation": operation, "call": call, "times": times, **fields}


@pytest.mark.parametrize("kind", LOST_AFTER)
@pytest.mark.parametrize("targets", [None, names(250)])
@pytest.mark.parametrize("delay", [0, 20])
def test_a_lost_answer_after_the_effect_is_found_out(kind, targets, delay):
    here = account(failed(250), retry_delay_seconds=delay)
    faults(here, fault(kind))
    result = run(here, targets)
    assert "failed" not in result, result
    assert sorted(result["retried_targets"]) == names(250)
    assert len(here.writes()) == (1 if targets is None else 3)
    assert set(retried(here).values()) == {1}


@pytest.mark.parametrize("kind", LOST_BEFORE)
@pytest.mark.parametrize("targets", [None, names(250)])
def test_a_request_that_was_not_carried_out_is_sent_once_more(kind, targets):
    here = account(failed(250))
    faults(here, fault(kind))
    result = run(here, targets)
    assert "failed" not in result, result
    assert sorted(result["retried_targets"]) == names(250)
    assert len(here.writes()) == (2 if targets is None else 4)
    assert set(retried(here).values()) == {1}


def test_it_is_not_sent_a_third_time():
    here = account(failed(250))
    faults(here, fault("close_before", call=2, times=-1))
    result = run(here, names(250))
    assert result["failure_kind"] == "unknown_outcome"
    assert "100 of the 100 sub-tasks of this request do not show as retried" in result["msg"]
    assert "100 sub-tasks were retried, 150 were not; run again for the rest." in result["msg"]
    assert (result["changed"], result["retried_targets"], len(here.writes())) == (True, names(100), 3)
    assert_partition(result, names(250))
    faults(here)
    assert sorted(run(here, names(250))["retried_targets"]) == names(250)[100:]
    assert set(retried(here).values()) == {1}


@pytest.mark.parametrize("kind", ["silence_before", "silence_after"])
def test_nothing_is_proven_after_a_long_silence(kind):
    """A retry that failed again within the time-out would look like one that was never sent."""
    here = account(failed(1, seconds=5, retry_fails=-1))
    faults(here, fault(kind))
    result = run(here, names(1))
    assert (result["failure_kind"], result["unsent_targets"], len(here.writes())) == ("unknown_outcome", names(1), 1)


def test_a_retry_that_fails_again_soon_is_not_sent_again():
    here = account(failed(1, seconds=4, retry_fails=-1))
    faults(here, fault("close_after"))
    result = run(here, names(1))
    assert (result["retried_targets"], retried(here)) == (names(1), {"bad-00001": 1})


def test_a_lost_answer_to_a_request_that_was_refused_in_part():
    refusal = {"error_code": "IOTDA.014000", "error_msg": "The device does not exist"}
    here = account(failed(2), {"status": "Fail", "targets": ["gone"], "reject": refusal}, failed(110, prefix="more"))
    targets = ["gone", *names(2), *names(110, "more")]
    faults(here, fault("close_after"))
    result = run(here, targets)
    assert result["failure_kind"] == "unknown_outcome"
    assert result["unsent_targets"] == ["gone"]
    assert len(here.writes()) == 2
    assert_partition(result, targets)


def test_the_connection_is_lost_half_way():
    """At request 7 of 20 and from then on: what was retried is told, and a second run retries the rest, each once."""
    here = account({"status": "Success", "count": 1000}, failed(2000))
    faults(here, fault("close_after", call=7), fault("refused", call=8, times=-1), fault("refused", 42, -1, SHOW))
    result = run(here, names(2000))
    assert (result["failed"], result["changed"], result["failure_kind"]) == (True, True, "unknown_outcome")
    assert result["retried_targets"] == names(600)
    assert result["unsent_targets"] == names(2000)[600:]
    assert "The state of the task could not be read either" in result["msg"]
    assert_partition(result, names(2000))
    faults(here)
    second = run(here, names(2000))
    assert "failed" not in second
    assert second["retried_targets"] == names(2000)[700:]
    assert len(second["skipped_targets"]) == 700
    assert retried(here) == dict.fromkeys(names(2000), 1)


@pytest.mark.parametrize(
    ("kind", "failure_kind"),
    [
        ("refused", "network"),
        ({"kind": "status", "status": 400, "code": "IOTDA.000006", "message": "Invalid input data."}, "api"),
        ({"kind": "status", "status": 403, "code": "IOTDA.000021", "message": "Operation not allowed."}, "auth"),
    ],
)
def test_a_refusal_half_way_keeps_what_was_done(kind, failure_kind):
    here = account(failed(250), retry_delay_seconds=5)
    faults(here, fault(kind, call=2, times=-1))
    result = run(here, names(250))
    assert (result["failure_kind"], result["retried_targets"], result["changed"]) == (failure_kind, names(100), True)
    assert_partition(result, names(250))
    faults(here)
    assert run(here, names(250))["retried_targets"] == names(250)[100:]
    assert set(retried(here).values()) == {1}


# When there were too many calls


@pytest.mark.parametrize("kind", ["iotda_throttle", "throttle", {"kind": "throttle", "retry_after": 100}])
@pytest.mark.parametrize("operation", [SHOW, RETRY])
def test_throttling_is_waited_out(kind, operation):
    here = account(failed(150))
    faults(here, fault(kind, call=2, times=2, operation=operation))
    result = run(here, names(150))
    assert result["retried_targets"] == names(150)
    assert set(retried(here).values()) == {1}
    assert [pause for pause in here.clock.slept if pause >= 15] == ([100, 100] if isinstance(kind, dict) else [15, 30])


def test_throttling_without_end():
    here = account(failed(150))
    faults(here, fault("iotda_throttle", call=2, times=-1))
    result = run(here, names(150))
    assert (result["failure_kind"], result["error"]["code"]) == ("api", "IOTDA.021101")
    assert (result["retried_targets"], result["unsent_targets"]) == (names(100), names(150)[100:])


def test_the_task_is_stopped_while_throttling_is_waited_out():
    here = account(failed(1))
    faults(here, fault("iotda_throttle"))

    def stop(_seconds):
        next(iter(here.simulator.services["iotda"]._tasks.values())).fixed_status = "Stopping"

    here.clock.sleep = stop
    result = run(here)
    assert (result["failure_kind"], result["unsent_targets"]) == ("input", names(1))
    assert "is Stopping" in result["msg"]


# Until the effect shows


@pytest.mark.parametrize("delay", [{"retry_delay_looks": 3}, {"retry_delay_seconds": 25}])
def test_a_wait_never_judges_a_state_from_before(delay):
    here = account(failed(3), **delay)
    result = run(here, wait=True)
    assert "failed" not in result
    assert result["batch_task"]["status"] == "Success"
    assert here.warnings == []


def test_an_effect_that_does_not_show_is_a_warning():
    here = account(failed(3), retry_delay_seconds=60)
    assert run(here)["changed"] is True
    [warning] = here.warnings
    assert "does not show of all after 30 seconds" in warning


# Waiting


def test_a_wait_makes_one_request_a_look_and_reads_what_was_retried():
    here = account({"status": "Success", "count": 1000}, failed(120), failed(3, prefix="again", retry_fails=-1))
    result = run(here, wait=True)
    assert (result["failure_kind"], result["changed"]) == ("resources_failed", True)
    assert sorted(listed(result, "failed_subtasks")) == names(3, "again")
    assert set(listed(result, "failed_subtasks")) <= set(result["retried_targets"])
    assert result["failed_subtasks"][0]["error"]["error_code"] == "IOTDA.014111"
    assert "3 of the retried sub-tasks did not succeed (again-00003: Fail IOTDA.014111, " in result["msg"]
    assert here.clock.slept == [2, 4, 8, 16, 32]
    assert calls(here) == {SHOW: 3 + 1 + 5 + 1, RETRY: 1}


def test_a_wait_for_some_says_nothing_of_the_others():
    here = account(failed(1), failed(3, prefix="other"))
    result = run(here, names(1), wait=True)
    assert "failed" not in result
    assert result["batch_task"]["status"] == "PartialSuccess"


def test_a_wait_includes_what_was_under_way():
    fails = {"status": "Processing", "prefix": "soon", "then": [[50, "Fail"]]}
    for targets in (None, ["soon-00001", *names(1)]):
        result = run(account(failed(1), fails), targets, wait=True)
        assert result["failure_kind"] == "resources_failed"
        assert (result["retried_targets"], result["failed_subtasks"]) == (names(1), [])
        assert "1 more that were under way did not succeed" in result["msg"]
        if targets:
            assert result["skipped_targets"] == [{"target": "soon-00001", "status": "Fail"}]


def test_a_second_run_waits_on():
    here = account(OFFLINE)
    first = run(here, wait=True, wait_timeout=100)
    assert (first["failure_kind"], first["changed"], first["retried_targets"]) == ("wait_timeout", True, ["off-00001"])
    assert "1 Waitting" in first["msg"] and "can take days" in first["msg"]
    here.simulator.merge({"iotda": {"online": {TASK: ["off-00001"]}}})
    second = run(here, wait=True)
    assert (second.get("failed"), second["changed"]) == (None, False)
    assert second["batch_task"]["status"] == "Success"


def test_what_waits_to_be_retried_is_under_way():
    waits = {"status": "FailWaitRetry", "prefix": "auto", "then": [[100, "Processing"], [200, "Success"]]}
    here = account(failed(1), waits)
    assert "failed" not in run(here, names(1), wait=True)
    assert here.simulator.clock.time() > here.simulator.journal.requests[0]["time"] + 200


# What is never shown


def test_output_is_in_no_result():
    group = failed(2, output="SECRET-OF-THE-DEVICE", retry_fails=-1)
    here = account(group, {"status": "Success", "output": "SECRET-OF-THE-DEVICE"})
    result = run(here, wait=True)
    assert len(result["failed_subtasks"]) == 2
    assert "SECRET" not in json.dumps(result)


@pytest.mark.parametrize("operation", [SHOW, RETRY])
@pytest.mark.parametrize(
    "body",
    [
        [],
        "null",
        {"batchtask": None, "targets": 1},
        {"batchtask": {"status": 5, "task_type": []}, "targets": [1]},
        {
            "batchtask": {"status": "Fail", "task_type": "firmwareUpgrade"},
            "targets": [{"target": "x", "status": "maybe"}],
        },
        {"batchtask": {"status": "Fail", "task_type": "x", "task_progress": 1}, "task_details": [], "targets": {}},
        {"batchtask": {"status": "Fail", "task_type": "x"}, "task_details": [{"target": 1}], "targets": ["x"]},
        {"batchtask": {"status": "Fail", "task_type": "x"}, "task_details": [{}] * 50, "page": 1, "targets": "x"},
    ],
)
def test_an_answer_of_another_shape_is_an_error_that_names_the_operation(operation, body):
    here = account(failed(2))
    faults(here, {"operation": operation, "kind": "shape", "body": body, "times": -1, "effect": False})
    result = run(here, names(2))
    assert result["error"]["operation"] == operation
    assert result["failure_kind"] == ("api" if operation == SHOW else "unknown_outcome")
    assert_partition(result, names(2))


def test_a_marker_that_leads_nowhere_is_an_error():
    details = [{"target": "d%s" % number, "status": "Fail"} for number in range(50)]
    task = {"status": "Fail", "task_type": "firmwareUpgrade"}
    body = {"batchtask": task, "task_details": details, "page": {"count": 99, "marker": "a" * 24}}
    here = account()
    faults(here, {"operation": SHOW, "kind": "shape", "body": body, "times": -1})
    result = run(here)
    assert (result["failure_kind"], calls(here)) == ("api", {SHOW: 2})


@pytest.mark.parametrize("progress", [None, {}, {"fail": "many"}, {"fail": -1}])
def test_a_task_without_counters_is_read_in_full(progress):
    fields = {"task_progress": progress}
    here = account(failed(60), {"status": "Stopped"}, {"status": "Success"}, task={"fields": fields})
    result = run(here, ["success-00001", "stopped-00001", "nobody", *names(3)], wait=True)
    assert result["retried_targets"] == ["stopped-00001", *names(3)]
    assert result["unknown_targets"] == ["nobody"]
    assert result["failed_subtasks"] == []
