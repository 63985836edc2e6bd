# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``limit`` of the info modules."""

from __future__ import annotations

from itertools import islice

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError


def check_limit(limit):
    """Check the option ``limit``; None means no limit.

    :raises InputError: it is less than 1.
    """
    if limit is not None and limit < 1:
        raise InputError("limit is %s, but must be at least 1; leave it out for no limit" % limit)


def cut(items, limit):
    """Return at most ``limit`` of the items as a list, and whether there are more. Takes no more than are needed."""
    if limit is None:
        return list(items), False
    taken = list(islice(items, limit + 1))
    return taken[:limit], len(taken) > limit
