# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random faults on random starting states: what must hold whatever goes wrong.

A sequence is a state, a module with options, and up to five faults on any of its calls. The module is run once with
the faults and once more without; a run that never met a fault is what the end is compared with. A scan or an upgrade
that is under way here never ends by itself, so that the end does not hang on how long the faults took.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.fault_kinds import FAULTS, KNOWN_TOKEN, PASSWORD, TOKEN
from tests.faults.randomness import examples
from tests.faults.world import World, run
from tests.unit.inprocess import ENVIRONMENT

COUNTED = "random sequences"

FOR_EVER = 10**7
TYPES = ["cluster_vul", "risk_assessment", "benchmark"]
SIGN_IN = ["KeystoneCreateUserTokenByPassword", "KeystoneListProjects"]
SIGNED_IN_BY = [{}, {}, PASSWORD, TOKEN, {"HUAWEICLOUD_SDK_PROJECT_ID": ""}]

ONE_FAULT = [kind.fault for kind in FAULTS.values() if kind.fault and "times" not in kind.fault]


def faults(*operations):
    return st.lists(
        st.builds(
            lambda operation, call, times, fault: {**fault, "operation": operation, "call": call, "times": times},
            st.sampled_from([*operations, *operations, *SIGN_IN]),
            st.integers(1, 6),
            st.sampled_from([1, 1, 1, 2, 3, 7, -1]),
            st.sampled_from(ONE_FAULT),
        ),
        max_size=5,
    )


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


class Sequence:
    """A clean run, then a run with faults and one without, each with its part of the journal."""

    def __init__(self, module, options, scenario, struck_by, environ, skew=0, check_mode=False):
        self.clean, self.clean_essence, self.before = _clean(module, options, scenario)
        self.world = World({**scenario, **KNOWN_TOKEN}, environ, skew)
        self.world.strike(*struck_by)
        self.first = run(self.world, module, check_mode, **options)
        self.middle = self.world.essence()
        self.world.heal(130)  # a task that lists what it scans only when it runs does so by then
        self.world.environ = ENVIRONMENT
        for _time in range(_looks(scenario)):  # what shows so many looks later does so by then
            self._look(module)
        self.second = run(self.world, module, **options)
        self.essence = self.world.essence()

    def _look(self, module):
        if module.startswith("hss"):
            self.world.run("hss_task_info", resources="all")
        elif module.startswith("iotda"):
            self.world.run("iotda_batch_task_info", task_id="65a0")
        else:
            self.world.run("kps_failed_task_info")

    def check(self):
        self.check_results()
        assert self.essence == self.clean_essence

    def check_results(self):
        for done in (self.first, self.second):
            check_result(done)
        assert self.second.outcome == self.clean.outcome, self.second.result


def _looks(scenario):
    ways = [way for part in scenario.values() for way in part.items()]
    return max([0] + [value for name, value in ways if name.endswith("_delay_looks")])


def _clean(module, options, scenario):
    world = World(scenario)
    world.run("hss_cluster_info", limit=1)
    before = world.essence()
    return run(world, module, **options), world.essence(), before


def check_result(done):
    result = done.result
    assert isinstance(result["changed"], bool)
    if done.outcome == "ok":
        return
    assert result["failure_kind"] in (
        "input", "auth", "api", "network", "unknown_outcome", "wait_timeout", "resources_failed",
    )
    assert result["msg"] and "SKSIMULATOR" not in str(result) and "SimPassword" not in str(result)
    if result["failure_kind"] in ("auth", "api", "network", "unknown_outcome"):
        assert result["error"]["operation"] and result["error"]["tries"] >= 1


# Scans

CLUSTER_IDS = ["%08x-0000-4000-8000-0123456789ab" % number for number in range(1, 5)]

HSS_WAYS = st.fixed_dictionaries({
    "list_delay_looks": st.integers(0, 2),
    "list_delay_seconds": st.sampled_from([0, 0, 1, 20]),
    "resources_listed": st.sampled_from(["at_once", "late", "when_running"]),
    "resources_late_seconds": st.integers(0, 25),
    "counters_listed": st.sampled_from(["at_once", "late", "when_running", "with_resources"]),
    "ready_seconds": st.sampled_from([0, 5, 100]),
    "scan_seconds": st.just(FOR_EVER),
    "estimate": st.sampled_from(["good", "missing", 0.2, 5]),
    "total_num": st.sampled_from(["all", "page"]),
    "retry_nothing_failed": st.sampled_from(["error", "ok"]),
    "retry_unknown_cluster": st.sampled_from(["error", "ok_ignored"]),
    "unknown_task": st.sampled_from(["empty", "error"]),
})
TASKS = st.lists(
    st.fixed_dictionaries({
        "status": st.sampled_from(["ready", "running", "finished"]),
        "scan_types": some(TYPES),
        "clusters": st.one_of(st.just("all"), some(CLUSTER_IDS)),
        "failed": st.sampled_from([[], [CLUSTER_IDS[0]]]),
        "age_seconds": st.sampled_from([60, 600, 10**6]),
        "ready_seconds": st.just(FOR_EVER),
        "remaining_seconds": st.just(FOR_EVER),
        "trigger_type": st.sampled_from(["manual", "schedule"]),
    }),
    max_size=3,
)
CLUSTERS = st.fixed_dictionaries({"count": st.just(4), "unavailable": st.integers(0, 2)})
SCANS = st.builds(
    lambda types, ids, others: {"task_type": "cluster_scan", "cluster_scan": {"scan_types": types, **ids}, **others},
    some(TYPES),
    st.one_of(st.just({}), st.builds(lambda ids: {"cluster_ids": ids}, some(CLUSTER_IDS))),
    st.fixed_dictionaries({}, optional={
        "reuse_finished_within": st.sampled_from([0, FOR_EVER]),
        "reuse_match": st.sampled_from(["clusters", "scan_types"]),
        "wait": st.just(True),
        "wait_timeout": st.sampled_from([0, 20, 400]),
    }),
)
FILES = st.just({"task_type": "iac_scan", "iac_scan": {"file_type": "dockerfile", "file_ids": CLUSTER_IDS[:2]}})
HSS_READS = ["ListTasks", "ListTaskResources", "ListKubernetesClusterDetails"]


@examples(700)
@given(
    options=st.one_of(SCANS, SCANS, FILES),
    ways=HSS_WAYS,
    tasks=TASKS,
    clusters=CLUSTERS,
    struck_by=faults("CreateTask", "CreateTask", *HSS_READS),
    environ=st.sampled_from(SIGNED_IN_BY),
    skew=st.sampled_from([0, 600, -600]),
    check_mode=st.sampled_from([False, False, False, True]),
)
def test_a_scan_is_created_once(tried, options, ways, tasks, clusters, struck_by, environ, skew, check_mode):
    tried()
    scenario = {"hss": {**ways, "tasks": tasks, "clusters": clusters}}
    played = Sequence("hss_task", options, scenario, struck_by, environ, skew, check_mode)
    for done in (played.first, played.second):
        assert len(done.effects) <= 1
        assert len(done.writes) <= 8
    assert not (check_mode and played.first.writes)
    first = played.first
    if first.effects and not first.result["changed"]:
        assert first.outcome == "unknown_outcome"
    if first.result["changed"] and not check_mode:
        assert first.effects and first.result["task_id"] and first.result["decision"] in ("created", "adopted")
    if options.get("wait"):
        assert played.second.outcome in ("ok", "wait_timeout", "resources_failed")
        assert played.essence == played.clean_essence
        for done in (played.first, played.second):
            check_result(done)
    else:
        played.check()


# Retries of scans

@st.composite
def failed_scans(draw):
    """A finished scan, some clusters of which failed, and what is to be retried of it."""
    reasons = some(TYPES).map(lambda names: dict.fromkeys(names, True))
    failing = draw(st.dictionaries(st.sampled_from(CLUSTER_IDS[:3]), reasons))
    scenario = {
        **draw(HSS_WAYS),
        "clusters": {"count": 4},
        "tasks": [{"task_id": "scan", "clusters": CLUSTER_IDS[:3], "failed": failing}],
        "retry_while_running": draw(st.sampled_from(["ok", "error"])),
    }
    chosen = draw(st.one_of(
        st.none(),
        st.lists(
            st.builds(
                lambda cluster_id, types: {"cluster_id": cluster_id, **({"scan_types": types} if types else {})},
                st.sampled_from([*CLUSTER_IDS, "unknown"]),
                st.one_of(st.none(), some(TYPES)),
            ),
            max_size=4,
            unique_by=lambda entry: entry["cluster_id"],
        ),
    ))
    return {"hss": scenario}, {"task_id": "scan", **({} if chosen is None else {"clusters": chosen})}


@examples(500)
@given(
    failed=failed_scans(),
    struck_by=faults("RetryTask", "RetryTask", "ListTasks", "ListTaskResources"),
    environ=st.sampled_from(SIGNED_IN_BY),
    skew=st.sampled_from([0, 600, -600]),
)
def test_a_cluster_is_retried_once(tried, failed, struck_by, environ, skew):
    tried()
    scenario, options = failed
    played = Sequence("hss_task_retry", options, scenario, struck_by, environ, skew)
    played.check()
    assert_once(_attempts(played.middle), 2)
    assert_once(_attempts(played.essence), 2)
    check_retry_lists(played.first, options)
    check_retry_lists(played.second, options)
    if len(_attempts(played.middle).values()) and max(_attempts(played.middle).values()) > 1:
        assert played.first.result["changed"] or played.first.outcome == "unknown_outcome"


def _attempts(essence):
    return {
        (cluster_id, name): attempts
        for task in essence["hss"]
        for cluster_id, items in task["resources"].items()
        for name, attempts in items.items()
    }


def assert_once(numbers, most):
    assert all(number <= most for number in numbers.values()), numbers


def check_retry_lists(done, options):
    """Every cluster that was chosen is in exactly one list; so is every one that is named at all."""
    result = done.result
    if "retried_clusters" not in result:
        return
    named = [
        entry["cluster_id"]
        for key in ("retried_clusters", "skipped_clusters", "unsent_clusters")
        for entry in result[key]
    ]
    assert len(named) == len(set(named))
    assert result["changed"] is bool(result["retried_clusters"])
    if options.get("clusters") and done.outcome in ("ok", "unknown_outcome"):
        assert set(named) == {entry["cluster_id"] for entry in options["clusters"]}


# Retries of batch tasks

DEVICES = ["device-%s" % number for number in range(8)]
LISTS = ("retried_targets", "skipped_targets", "rejected_targets", "unknown_targets", "unsent_targets")


@st.composite
def batch_tasks(draw):
    """A batch task with sub-tasks in any state, and what is to be retried of it."""
    states = ["Fail", "Fail", "FailWaitRetry", "Stopped", "Success", "Processing", "Waitting"]
    groups = [
        {
            "targets": [device],
            "status": draw(st.sampled_from(states)),
            "seconds": FOR_EVER,
            "queue_seconds": draw(st.sampled_from([0, FOR_EVER])),
            **draw(st.sampled_from([{}, {}, {}, {"reject": {"error_code": "IOTDA.000006", "error_msg": "no"}}])),
        }
        for device in DEVICES[: draw(st.integers(1, 8))]
    ]
    mains = [{}, {}, {}, {"status": "Stopped"}, {"status": "PartialSuccess"}, {"task_type": "createDevices"}]
    main = draw(st.sampled_from(mains))
    scenario = {
        "batch_tasks": [{"task_id": "65a0", "sub_tasks": groups, **main}],
        "retry_delay_looks": draw(st.integers(0, 2)),
        "retry_delay_seconds": draw(st.sampled_from([0, 0, 1, 20])),
        "retry_all_answer": draw(st.sampled_from(["targets", "nothing"])),
        "count": draw(st.sampled_from(["all", "rest", "page"])),
    }
    targets = draw(st.one_of(st.none(), st.lists(st.sampled_from([*DEVICES, "unknown"]), max_size=9)))
    return {"iotda": scenario}, {"task_id": "65a0", **({} if targets is None else {"targets": targets})}


@examples(500)
@given(
    batch=batch_tasks(),
    struck_by=faults("RetryBatchTask", "RetryBatchTask", "ShowBatchTask"),
    environ=st.sampled_from(SIGNED_IN_BY),
    skew=st.sampled_from([0, 600, -600]),
)
def test_a_device_is_retried_once(tried, batch, struck_by, environ, skew):
    tried()
    scenario, options = batch
    played = Sequence("iotda_batch_task_retry", options, scenario, struck_by, environ, skew)
    played.check()
    assert_once(played.middle["iotda"].get("65a0", {}), 1)
    assert_once(played.essence["iotda"].get("65a0", {}), 1)
    for done in (played.first, played.second):
        check_device_lists(done, options.get("targets"))
    if played.middle["iotda"].get("65a0"):
        assert played.first.result["changed"] or played.first.outcome == "unknown_outcome"


def check_device_lists(done, targets):
    result = done.result
    if "retried_targets" not in result:
        return
    named = [entry["target"] if isinstance(entry, dict) else entry for key in LISTS for entry in result[key]]
    assert len(named) == len(set(named))
    assert result["changed"] is bool(result["retried_targets"])
    if targets is not None:
        assert set(named) == set(targets)


# Records of key pairs

RECORDS = ["%08x-0000-4000-8000-00000000fa11" % number for number in range(1, 6)]


@examples(300)
@given(
    ids=st.one_of(st.none(), st.lists(st.sampled_from([*RECORDS, "unknown"]), max_size=6)),
    ways=st.fixed_dictionaries({
        "failed": st.fixed_dictionaries({"count": st.integers(0, 5)}),
        "list_delay_looks": st.integers(0, 2),
        "list_delay_seconds": st.sampled_from([0, 0, 1, 20]),
        "total": st.sampled_from(["all", "page"]),
    }),
    struck_by=faults("DeleteFailedTask", "DeleteAllFailedTask", "ListFailedTask"),
    environ=st.sampled_from(SIGNED_IN_BY),
    skew=st.sampled_from([0, 600, -600]),
)
def test_a_record_is_cleared(tried, ids, ways, struck_by, environ, skew):
    tried()
    options = {"state": "absent", **({"all": True} if ids is None else {"task_ids": ids})}
    played = Sequence("kps_failed_task", options, {"kps": ways}, struck_by, environ, skew)
    played.check()
    for done in (played.first, played.second):
        check_record_lists(done, ids)
    gone = len(played.before["kps"]) - len(played.middle["kps"])
    if gone > 0:
        assert played.first.result["changed"] or played.first.outcome == "unknown_outcome"


def check_record_lists(done, ids):
    result = done.result
    if "cleared_tasks" not in result:
        return
    named = result["absent_task_ids"] + [
        entry["task_id"] for key in ("cleared_tasks", "uncleared_tasks", "unknown_tasks") for entry in result[key]
    ]
    assert len(named) == len(set(named))
    if ids is not None:
        assert set(named) == set(ids)


# Lists

LISTINGS = {
    "hss_task_info": ({"resources": "failed"}, ["ListTasks", "ListTaskResources"]),
    "hss_cluster_info": ({}, ["ListKubernetesClusterDetails"]),
    "iotda_batch_task_info": ({"task_id": "65a0", "subtasks": "all"}, ["ShowBatchTask"]),
    "kps_failed_task_info": ({"include_running": True}, ["ListFailedTask", "ListRunningTask"]),
}


@examples(300)
@given(data=st.data())
def test_a_list_is_whole_or_fails(tried, data):
    tried()
    module = data.draw(st.sampled_from(sorted(LISTINGS)))
    options, operations = LISTINGS[module]
    subtasks = {"status": "Fail", "count": data.draw(st.integers(0, 120))}
    scenario = {
        "hss": {"tasks": [{**task, "status": "finished"} for task in data.draw(TASKS)], "clusters": {"count": 4}},
        "iotda": {"batch_tasks": [{"task_id": "65a0", "sub_tasks": [subtasks]}]},
        "kps": {"failed": {"count": 3}, "running": {"count": 2, "remaining_seconds": None}},
    }
    environ, struck_by = data.draw(st.sampled_from(SIGNED_IN_BY)), data.draw(faults(*operations))
    played = Sequence(module, options, scenario, struck_by, environ)
    played.check_results()
    assert played.first.outcome != "ok" or played.first.result == played.clean.result
    assert played.second.result == played.clean.result
    assert not played.first.writes
