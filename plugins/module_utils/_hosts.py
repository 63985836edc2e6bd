# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that are this machine or at its very side."""

from __future__ import annotations

import re

_NUMBERS = r"(?:\.\d{1,3})"
_LOOPBACK = re.compile(r"^(?:localhost|::1|127%s{3})$" % _NUMBERS)
_LINK_LOCAL = re.compile(r"^(?:169\.254%s{2}|fe80:.*)$" % _NUMBERS)


def is_loopback(host):
    """Whether a URL's host (without brackets) is this machine itself. Names other than localhost are not looked up."""
    return bool(host and _LOOPBACK.match(host.lower()))


def is_link_local(host):
    """Whether a URL's host (without brackets) is an address that no router passes on."""
    return bool(host and _LINK_LOCAL.match(host.lower()))
