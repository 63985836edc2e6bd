# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every way to sign in has in common."""

from __future__ import annotations

import re
from typing import NamedTuple

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError

_NOT_IN_A_HEADER = re.compile(r"[^\x21-\x7e]")


class Derived(NamedTuple):
    """Asks for a derived signature: the real region's id, and the service's name in signatures."""

    region: str
    service: str


class Method:
    """One way to sign in.

    ``needed`` are the options without which it is incomplete, ``travel_in_headers`` those that are sent as a header
    or part of one. ``values`` maps option names to what one source (the options, the environment, a file) holds;
    ``source`` names that source, and ``spelling`` maps option names to the names that they have there.
    """

    name = ""
    needed = ()
    travel_in_headers = ()

    def __init__(self, values, source, spelling=None):
        self.values = {name: value for name, value in values.items() if value}
        self.source = source
        self._spelling = spelling or {}

    def validate(self):
        """Check, without any call, that nothing is missing.

        :raises AuthError: names what is missing and where it was looked for.
        :raises InputError: a value holds a space, a line break or another character that no key or token has.
        """
        missing = [self._spelled(name) for name in self.needed if name not in self.values]
        if missing:
            raise AuthError(
                "The credentials in %s are incomplete: %s missing. Nothing is taken from another source"
                % (self.source, " and ".join(missing) + (" is" if len(missing) == 1 else " are"))
            )
        for name in self.travel_in_headers:
            if _NOT_IN_A_HEADER.search(self.values.get(name, "")):
                raise InputError(
                    "%s in %s holds a space, a line break or another character that cannot be part of it"
                    % (self._spelled(name), self.source)
                )

    def _spelled(self, option):
        return self._spelling.get(option, option)

    def settings(self):
        """Return what the source says besides the credentials: ``project_id`` and ``iam_endpoint``, where it does."""
        return {}

    def secrets(self):
        """The values that must never be shown."""
        return []

    def may_travel_in_clear(self):
        """Whether a request may go over plain HTTP off the loopback, because it carries no secret."""
        return False

    def authenticate(self, client):
        """Obtain what ``signer`` needs. Called once, before the first request that is not about signing in."""

    def keep_fresh(self, client):
        """Replace what is about to expire. Called before each try of a request."""

    def renew(self, client):
        """After a 401: obtain new credentials. Return whether there are new ones, so that a second try makes sense."""
        return False

    def advice(self, problem):
        """One clause that says what can be done when the service refused the credentials with a 401."""
        return "the credentials were refused; check them"

    def project_id(self):
        """The project that signing in has told, or None."""

    def signer(self, now, derived=None):
        """Return a callable that authenticates one prepared request.

        :arg now: seconds since the epoch, for the date in a signature.
        :arg derived: a ``Derived``, or None for the standard signature.
        """
        raise NotImplementedError


def send_token(token):
    """Return a callable that authenticates a prepared request with an IAM token; without one it changes nothing."""

    def add(request):
        if token:
            request.headers["X-Auth-Token"] = token
        return request

    return add
