# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of every request, without anything secret."""

from __future__ import annotations

import json
from collections import Counter

SECRET_WORDS = ('password', 'passcode', 'secret', 'token', 'private_key', 'credential')
HIDDEN = '********'


class Journal:
    def __init__(self):
        self.requests = []

    def clear(self):
        del self.requests[:]

    def add(self, **entry):
        """Append a request; the entry that comes back is completed when the request has been answered."""
        entry['n'] = len(self.requests) + 1
        self.requests.append(entry)
        return entry

    def summary(self):
        """Counts. A refused connection never reached the service, so it is counted on its own."""
        arrived = [entry for entry in self.requests if entry['fault'] != 'refused']
        writes = [entry for entry in arrived if entry['write']]
        return {
            'total': len(arrived),
            'reads': len(arrived) - len(writes),
            'writes': len(writes),
            'effects': sum(1 for entry in writes if entry['effect']),
            'refused': len(self.requests) - len(arrived),
            'by_operation': dict(Counter(entry['operation'] or 'unknown' for entry in arrived)),
        }


def without_secrets(value):
    """A copy of parsed JSON in which every value under a name that sounds secret is hidden."""
    if isinstance(value, dict):
        return {key: HIDDEN if _secret(key, item) else without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value


def _secret(key, value):
    """A container is looked into instead: IAM's body has an object called ``password``, with the name in it."""
    return any(word in key.lower() for word in SECRET_WORDS) and not isinstance(value, (dict, list))


def readable_body(raw):
    """The body for the journal: parsed JSON without secrets, or how long it was."""
    if not raw:
        return None
    try:
        return without_secrets(json.loads(raw.decode('utf-8')))
    except ValueError:
        return f'{len(raw)} bytes that are not JSON'
