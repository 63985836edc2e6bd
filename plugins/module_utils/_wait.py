# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one poller: how often to look, what to forgive, when to give up."""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import (
    ApiError,
    InputError,
    NetworkError,
    WaitTimeout,
)

FIRST_PAUSE = 2
GROWTH = 2
LONGEST_PAUSE = 60
LONGEST_ESTIMATED_PAUSE = 300
ESTIMATE_STEP = 60  # services estimate in whole minutes, rounded up
SETTLE_SECONDS = 30
_LOOKS_AFTER_LOSS = 3


class Waited(NamedTuple):
    """How a wait ended: the last state, how many looks it took, and the seconds that passed."""

    state: Any
    looks: int
    seconds: float


def check_wait_options(params):
    """Check the wait options of a module.

    :raises InputError: ``wait_timeout`` is negative, or ``wait_interval`` is less than 1 second.
    """
    if params["wait_timeout"] < 0:
        raise InputError("wait_timeout is %s, but must be at least 0 seconds" % params["wait_timeout"])
    if params["wait_interval"] is not None and params["wait_interval"] < 1:
        raise InputError("wait_interval is %s, but must be at least 1 second" % params["wait_interval"])


def wait_for(client, look, is_over, timeout, interval=None, seconds_left=None, still=None):
    """Look until it is over.

    The first look comes after 2 seconds; pauses then double up to 60. Where an estimate of the time that remains is
    known, a pause lasts half of it, but no more than 5 minutes; an estimate that has proved too short no longer
    makes pauses shorter. An answer that is lost, a server error and throttling are no end of a wait; whatever else
    goes wrong is.

    :arg look: reads the state; one call of it counts as one look. :arg is_over: tells from a state.
    :arg timeout: seconds. :arg interval: the longest pause in seconds, or None.
    :arg seconds_left: takes a state, returns the estimated seconds until it is over, or None.
    :arg still: takes the last state (None when there was no look), returns what is still going on, in words.
    :raises WaitTimeout: it was not over in time.
    """
    clock = client.clock
    start = clock.monotonic()
    schedule = _Schedule(interval)
    looks, state, left, trouble = 0, None, None, ""
    while True:
        now = clock.monotonic()
        clock.sleep(max(0, min(schedule.pause(now, left), start + timeout - now)))
        looks += 1
        try:
            with client.budget(max(0, start + timeout - clock.monotonic())):
                state = look()
        except (NetworkError, ApiError) as error:
            if not passes(error):
                raise
            trouble = "; the last look failed: " + error.msg
        else:
            trouble = ""
            if is_over(state):
                return Waited(state, looks, clock.monotonic() - start)
            left = seconds_left(state) if seconds_left else None
        if clock.monotonic() >= start + timeout:
            raise WaitTimeout(
                "Waited %d seconds (%d looks) and %s%s. It goes on by itself; run again to wait longer, or give a"
                " longer wait_timeout" % (clock.monotonic() - start, looks, still(state), trouble)
            )


class _Schedule:
    """How long to pause before each look.

    :arg interval: the longest pause in seconds, or None. A given one is a promise.
    """

    def __init__(self, interval):
        self._interval = interval
        self._next = FIRST_PAUSE
        self._promised = None

    def pause(self, now, left):
        """The seconds until the next look.

        :arg left: the estimated seconds from ``now`` until it is over, or None.
        """
        pause = self._next
        self._next = min(pause * GROWTH, LONGEST_PAUSE)
        if left is not None:
            half = max(FIRST_PAUSE, min(left / 2, LONGEST_ESTIMATED_PAUSE))
            pause = max(half, pause) if self._is_overdue(now, left) else half
        return pause if self._interval is None else min(pause, self._interval)

    def _is_overdue(self, now, left):
        """Whether it was said to be over by now: such an estimate would call for short pauses again and again."""
        self._promised = now + left if self._promised is None else min(self._promised, now + left)
        return now > self._promised + ESTIMATE_STEP


def settle(client, look, shows, longest_pause=SETTLE_SECONDS):
    """After a write: read until its effect shows, for at most 30 seconds.

    :arg look: reads the state. :arg shows: tells whether the write shows in it.
    :arg longest_pause: seconds between two looks, which begin with 1 and double.
    :returns: the state in which it shows, or None when it does not in time.
    """
    clock = client.clock
    end = clock.monotonic() + SETTLE_SECONDS
    pause = 1
    while True:
        try:
            with client.budget(max(0, end - clock.monotonic())):
                state = look()
        except (NetworkError, ApiError) as error:
            if not passes(error):
                raise
        else:
            if shows(state):
                return state
        remaining = end - clock.monotonic()
        if remaining <= 0:
            return None
        clock.sleep(min(pause, remaining))
        pause = min(pause * GROWTH, longest_pause)


def settle_surely(client, look, shows, longest_pause=SETTLE_SECONDS):
    """As ``settle``, after a request whose answer was lost and that is sent again when its effect does not show.

    A look that failed proves nothing. So the state is read on until it was read 3 times, the last of them no sooner
    than 30 seconds after the first try; reads are then sent again as any others are.

    :returns: the state in which the effect shows, or None when it surely does not in time.
    :raises HttpError: the state could not be read.
    """
    clock = client.clock
    end = clock.monotonic() + SETTLE_SECONDS
    read_at = []

    def noted():
        begun = clock.monotonic()
        state = look()
        read_at.append(begun)
        return state

    state = settle(client, noted, shows, longest_pause)
    while state is None and (len(read_at) < _LOOKS_AFTER_LOSS or read_at[-1] < end):
        if read_at:
            clock.sleep(GROWTH)
        seen = noted()
        state = seen if shows(seen) else None
    return state


def passes(error):
    """Whether a failure of a read can be over at the next look."""
    if isinstance(error, NetworkError):
        return True
    return error.throttled or error.status >= 500 or error.status < 300
