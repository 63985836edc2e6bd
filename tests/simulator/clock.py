# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's clock: real time plus an offset, or a time that moves only when it is told to."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from email.utils import formatdate


class Clock:
    """What the server takes for now.

    A clock made with ``start`` is manual: it stands still until ``advance`` is called. Without ``start`` it follows
    the machine's clock. ``skew`` moves the server away from the machine that calls it, either way.
    """

    def __init__(self, start=None):
        """:arg start: epoch seconds at which a manual clock stands, None for real time"""
        self._first = start
        self.reset()

    @property
    def manual(self):
        return self._start is not None

    def reset(self, start=None, manual=False, advance=0.0, skew=0.0):
        """Go back to the beginning.

        ``start`` (epoch seconds) or ``manual`` (now) turns a real clock into a manual one until the next reset.
        """
        self._start = self._first if start is None else float(start)
        if manual and self._start is None:
            self._start = time.time()
        self._advanced = float(advance)
        self.skew = float(skew)

    def time(self):
        """Epoch seconds."""
        base = time.time() if self._start is None else self._start
        return base + self._advanced + self.skew

    def milliseconds(self):
        """Epoch milliseconds, the unit of HSS and KPS."""
        return milliseconds(self.time())

    def advance(self, seconds):
        self._advanced += float(seconds)

    def http_date(self):
        return formatdate(self.time(), usegmt=True)

    def iso(self, seconds=None):
        """ISO 8601 in UTC with microseconds, as IAM writes it; now when ``seconds`` is None."""
        moment = datetime.fromtimestamp(self.time() if seconds is None else seconds, timezone.utc)
        return moment.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def milliseconds(seconds):
    return int(round(seconds * 1000))
