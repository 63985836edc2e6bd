# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection knows about one API operation, as data."""

from __future__ import annotations

from typing import NamedTuple


class Operation(NamedTuple):
    """One operation of one service, stated once.

    ``path`` may hold ``{project_id}``, which the client fills in, and other names, which the caller gives.
    ``resend`` says whether a request whose outcome is unknown may be sent again: true for what only reads, and for
    what is the same when done twice. ``doing`` completes the sentence "Could not ...". ``empty`` says that a success
    may come without a body.
    """

    service: str
    name: str
    method: str
    path: str
    resend: bool
    doing: str
    empty: bool = False
