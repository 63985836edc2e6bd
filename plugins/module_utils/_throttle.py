# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting out throttling of a request that writes.

It was refused for too many calls, so it was not carried out. It is sent again after a pause, but not by the client:
the caller first reads the state again, which may have changed meanwhile.
"""

from __future__ import annotations

# Windows of throttling last up to 5 minutes; these pauses together outlast one.
_PAUSES = (15, 30, 60, 120, 120)
_LONGEST_PAUSE = 300


class Throttling:
    """The pauses of one request."""

    def __init__(self, client):
        self._clock = client.clock
        self._pauses = iter(_PAUSES)

    def wait_out(self, refused):
        """Pause, as long as the service asks for where it does.

        :arg refused: an ``ApiError``. It is raised when it is about something else, when it asks for more than 5
            minutes, or when the request was refused 6 times.
        """
        pause = next(self._pauses, None) if refused.throttled else None
        if pause is not None and refused.retry_after is not None:
            pause = refused.retry_after
        if pause is None or pause > _LONGEST_PAUSE:
            raise refused
        self._clock.sleep(pause + self._clock.jitter(pause))
