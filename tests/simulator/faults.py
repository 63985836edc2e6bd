# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: what goes wrong, on which call of which operation, and how often."""

from __future__ import annotations

import json

# The request does not take effect under these; under the others it does, unless `effect` says otherwise.
BEFORE = ('refused', 'close_before', 'silence_before', 'throttle', 'iotda_throttle', 'token_expired', 'redirect')
AFTER = ('close_after', 'silence_after', 'truncated', 'shape', 'slow')
KINDS = BEFORE + AFTER + ('status',)

# What happens on the connection instead of an answer.
WIRE = {
    'refused': 'refused',
    'close_before': 'close',
    'close_after': 'close',
    'silence_before': 'silence',
    'silence_after': 'silence',
    'slow': 'slow',
}

OPTIONS = {
    'operation': '*', 'service': None, 'call': 1, 'times': 1, 'kind': None, 'status': 500, 'body': 'json', 'code': None,
    'message': None, 'headers': None, 'effect': None, 'retry_after': None, 'seconds': None, 'location': None,
}

HTML = '<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n'


class Fault:
    def __init__(self, **options):
        unknown = set(options) - set(OPTIONS)
        if unknown:
            raise ValueError('unknown fault options: {0}'.format(', '.join(sorted(unknown))))
        if options.get('kind') not in KINDS:
            raise ValueError('kind of fault must be one of {0}'.format(', '.join(KINDS)))
        for name, default in OPTIONS.items():
            setattr(self, name, options.get(name, default))
        self._seen = 0

    def matches(self, service, operation):
        return self.operation in ('*', operation) and self.service in (None, service)

    def strikes(self):
        """Count one call, and tell whether it is one that goes wrong."""
        self._seen += 1
        return self._seen >= self.call and (self.times < 0 or self._seen < self.call + self.times)

    @property
    def takes_effect(self):
        if self.kind in ('status', 'shape') and self.effect is not None:
            return bool(self.effect)
        return self.kind in AFTER

    @property
    def wire(self):
        return WIRE.get(self.kind)

    def body_text(self):
        """The literal body of a `status` or `shape` fault; None when an error is to be written in JSON."""
        if self.kind == 'status' and self.body == 'json':
            return None
        if self.kind == 'status' and self.body == 'html':
            return HTML.format('{0} Error'.format(self.status))
        if self.body == 'empty':
            return ''
        return self.body if isinstance(self.body, str) else json.dumps(self.body)

    def describe(self):
        return {name: getattr(self, name) for name in OPTIONS if getattr(self, name) != OPTIONS[name]}


class Faults:
    def __init__(self):
        self._faults = []

    def set(self, faults):
        """Replace all faults. Every fault counts its calls from now."""
        self._faults = [Fault(**fault) for fault in faults]

    def add(self, faults):
        self._faults.extend([Fault(**fault) for fault in faults])

    def clear(self):
        self._faults = []

    def take(self, service, operation):
        """The fault that strikes this call, or None. Every matching fault counts the call."""
        struck = [fault for fault in self._faults if fault.matches(service, operation) and fault.strikes()]
        return struck[0] if struck else None

    def describe(self):
        return [fault.describe() for fault in self._faults]
