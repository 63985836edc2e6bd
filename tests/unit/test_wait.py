# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The poller: how many looks a wait takes, how late it notices the end, and what it forgives."""

from __future__ import annotations

import math
from contextlib import contextmanager

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import ApiError, NetworkError, WaitTimeout
from ansible_collections.huaweicloud.tasks.plugins.module_utils._wait import settle, wait_for
from tests.unit.inprocess import Account

MINUTES = (1, 5, 30, 60, 180)
# What the service says remains, as a share of what really does.
ESTIMATES = {"good": 1, "missing": None, "too short (a fifth)": 0.2, "too long (5 times)": 5}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        assert seconds >= 0
        self.now += seconds


class Service:
    """Something that takes ``seconds``, and a client that looks at it with a moved clock."""

    def __init__(self, seconds, factor=None):
        self.clock = Clock()
        self.start = self.clock.now
        self.end = self.start + seconds
        self.factor = factor
        self.looks = []
        self.budgets = []
        self.troubles = {}

    @contextmanager
    def budget(self, seconds):
        self.budgets.append(seconds)
        yield

    def look(self):
        self.looks.append(self.clock.now)
        trouble = self.troubles.get(len(self.looks))
        if trouble:
            raise trouble
        return max(0, self.end - self.clock.now)

    def estimate(self, left):
        return None if self.factor is None else 60 * math.ceil(left * self.factor / 60)

    def wait(self, timeout=86400, interval=None):
        estimate = None if self.factor is None else self.estimate
        return wait_for(
            self, self.look, lambda left: left == 0, timeout, interval, estimate, lambda left: "%s s are left" % left
        )

    @property
    def delay(self):
        """How long after the end it was noticed."""
        return self.looks[-1] - self.end


def waited_out(minutes, factor):
    """Waits for scans that take so many minutes and up to one more: pauses must not just happen to fit."""
    services = [Service(60 * minutes + seconds, factor) for seconds in range(60)]
    for service in services:
        service.wait()
    return services


def most_looks(services):
    return max(len(service.looks) for service in services)


def longest_delay(services):
    return max(service.delay for service in services)


def refusal(status, throttled=False):
    return ApiError("refused", {"http_status": status, "code": "X"}, throttled=throttled)


def test_looks_and_delays():
    print("\nmost looks, and longest delay until the end is noticed, of scans of so many minutes and up to one more")
    print("%-20s" % "estimate" + "".join("%20s" % ("%d min" % minutes) for minutes in MINUTES))
    for name, factor in ESTIMATES.items():
        waits = [waited_out(minutes, factor) for minutes in MINUTES]
        cells = ["%9d looks %3d s" % (most_looks(services), longest_delay(services)) for services in waits]
        print("%-20s" % name + "".join(cells))
        assert all(longest_delay(services) <= (300 if factor == 5 else 60) for services in waits)


@pytest.mark.parametrize("factor, looks, delay", [(1, 25, 60), (None, 70, 60), (5, 25, 300), (0.2, 70, 60)])
def test_an_hour(factor, looks, delay):
    services = waited_out(60, factor)
    assert most_looks(services) <= looks
    assert longest_delay(services) <= delay


@pytest.mark.parametrize("factor", list(ESTIMATES.values()), ids=list(ESTIMATES))
def test_ten_waits_in_parallel_leave_room_for_others(factor):
    for minutes in MINUTES:
        for service in waited_out(minutes, factor):
            looks = service.looks
            most = max(sum(1 for other in looks if first <= other < first + 300) for first in looks)
            assert 10 * most < 200, "%s minutes" % minutes


def test_pauses_are_short_at_first_and_near_the_end():
    service = Service(3600, 1)
    service.wait()
    looks = service.looks
    pauses = [later - earlier for earlier, later in zip([service.start] + looks, looks)]
    assert pauses[0] == 2
    assert max(pauses) == 300
    assert pauses[-1] <= 30


def test_an_estimate_that_never_falls_does_not_keep_pauses_short():
    service = Service(3600, 1)
    service.estimate = lambda left: 60
    service.wait()
    assert len(service.looks) <= 70


@pytest.mark.parametrize("factor", [None, 5])
def test_a_given_interval_is_the_longest_pause(factor):
    service = Service(600, factor)
    service.wait(interval=7)
    pauses = [later - earlier for earlier, later in zip(service.looks, service.looks[1:])]
    assert max(pauses) <= 7
    assert service.delay <= 7


def test_time_out_tells_how_long_and_how_often_and_what_is_still_going_on():
    service = Service(1000, 1)
    with pytest.raises(WaitTimeout) as caught:
        service.wait(timeout=100)
    assert service.clock.now == 1100, "a look at the very end, and none after it"
    assert "Waited 100 seconds (%d looks)" % len(service.looks) in caught.value.msg
    assert "900.0 s are left" in caught.value.msg
    assert service.budgets[-1] == 0, "no request is sent again past the time-out"


def test_no_time_at_all_is_one_look():
    service = Service(1000)
    with pytest.raises(WaitTimeout):
        service.wait(timeout=0)
    assert service.looks == [1000]


@pytest.mark.parametrize(
    "trouble",
    [NetworkError("no answer", {}), refusal(500), refusal(503), refusal(429, throttled=True), refusal(200)],
    ids=["network", "500", "503", "throttled", "unreadable"],
)
def test_what_passes_is_no_end_of_a_wait(trouble):
    service = Service(100)
    service.troubles = {1: trouble, 2: trouble, 4: trouble}
    assert service.wait().state == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_does_not_pass_ends_a_wait(status):
    service = Service(100)
    service.troubles = {2: refusal(status)}
    with pytest.raises(ApiError):
        service.wait()
    assert len(service.looks) == 2


def test_time_out_after_a_look_that_failed_says_so():
    service = Service(1000)
    service.troubles = {n: NetworkError("The network is gone.", {}) for n in range(1, 100)}
    with pytest.raises(WaitTimeout, match="the last look failed: The network is gone"):
        service.wait(timeout=60)


def test_settling_ends_after_30_seconds():
    service = Service(1000)
    assert settle(service, service.look, lambda left: left == 0) is None
    assert [moment - service.start for moment in service.looks] == [0, 1, 3, 7, 15, 30]


def test_settling_ends_as_soon_as_it_shows():
    service = Service(2)
    assert settle(service, service.look, lambda left: left == 0) == 0
    assert service.clock.now == service.start + 3


@pytest.mark.parametrize("estimate, most_calls", [("good", 25), ("missing", 70)])
def test_an_hour_in_the_whole_module(estimate, most_calls):
    account = Account({"hss": {"scan_seconds": 3600, "estimate": estimate}})
    result = account.run(
        "hss_task",
        task_type="cluster_scan",
        cluster_scan={"scan_types": ["benchmark"]},
        wait=True,
        wait_timeout=7200,
    )
    calls = account.simulator.journal.requests
    late = calls[-1]["time"] - result["task"]["end_time"] / 1000
    print("\n60 minutes, estimate %s: %d API calls with those that create the task, end noticed after %d s"
          % (estimate, len(calls), late))  # fmt: skip
    assert len(calls) <= most_calls
    assert late <= 60
