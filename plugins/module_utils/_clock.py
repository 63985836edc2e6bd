# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time as the collection sees it, in one place so that tests can move it."""

from __future__ import annotations

import random
import time


class Clock:
    """The machine's own clock. Tests pass an object with the same four methods."""

    def time(self):
        """Seconds since the epoch; may be minutes off, so it is used for signing only."""
        return time.time()

    def monotonic(self):
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds):
        time.sleep(seconds)

    def jitter(self, seconds):
        """A random share of ``seconds``, up to a quarter, so that many hosts do not call in step."""
        return random.uniform(0, seconds / 4)
