# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moments as the APIs write them (epoch milliseconds) and as people do (ISO 8601)."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError

_EPOCH_MS = re.compile(r"^\d{1,13}$")
_FRACTION = re.compile(r"\.(\d+)")
_LATEST_MS = 253402300799999  # the last millisecond of the year 9999


def iso_utc(milliseconds):
    """Write epoch milliseconds (a number, or digits in a string) as ``2026-01-02T03:04:05Z``; None for no moment.

    Milliseconds are written when there are any. What is no moment (null, 0, negative, not a number) gives None.
    """
    number = as_milliseconds(milliseconds)
    if not number:
        return None
    moment = datetime.fromtimestamp(number // 1000, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return "%s%sZ" % (moment, ".%03d" % (number % 1000) if number % 1000 else "")


def as_milliseconds(value):
    """Read what an API gives as a moment: milliseconds as int, float or digits. None when it is no moment."""
    if isinstance(value, bool):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number <= _LATEST_MS else None


def parse_moment(option, text):
    """Read the moment that a user gives and return epoch milliseconds.

    :arg option: the option's name, for the message.
    :arg text: ISO 8601 with any offset (without one it is UTC; a date alone is its midnight), or epoch milliseconds.
    :raises InputError: when it is neither.
    """
    text = str(text).strip()
    if _EPOCH_MS.match(text):
        return int(text)
    try:
        moment = datetime.fromisoformat(_for_old_pythons(text))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        milliseconds = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000
    except (ValueError, OverflowError):
        milliseconds = -1
    if milliseconds < 0:
        raise InputError(
            "%s is %r, but must be a moment since 1970 in ISO 8601 such as 2026-01-02T03:04:05Z or"
            " 2026-01-02T03:04:05+08:00, or epoch milliseconds" % (option, text)
        )
    return int(round(milliseconds))


def _for_old_pythons(text):
    """Python before 3.11 reads neither ``Z`` nor a fraction that has not exactly 3 or 6 digits."""
    text = re.sub(r"[zZ]$", "+00:00", text)
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text) if "T" in text else text
    return _FRACTION.sub(lambda match: "." + match.group(1)[:6].ljust(6, "0"), text, count=1)
