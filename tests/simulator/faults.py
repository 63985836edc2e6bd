# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: what goes wrong, on which call of which operation, and how often."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Optional

# The request does not take effect under these; under the others it does, unless `effect` says otherwise.
BEFORE = ('refused', 'close_before', 'silence_before', 'throttle', 'iotda_throttle', 'token_expired', 'redirect',
          'echo')
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

HTML = '<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n'


@dataclass
class Fault:
    """One fault. Which options belong to which kind is in the README.

    ``call``: the first call that it strikes, counted from now; ``times``: how many calls in a row, -1 for all.
    """

    kind: str
    operation: str = '*'
    service: Optional[str] = None
    call: int = 1
    times: int = 1
    status: int = 500
    body: Any = 'json'
    code: Optional[str] = None
    message: Optional[str] = None
    headers: dict = field(default_factory=dict)
    effect: Optional[bool] = None
    retry_after: Optional[int] = None
    seconds: Optional[float] = None
    location: str = 'https://example.com/'
    seen: int = field(default=0, init=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError('kind of fault must be one of {0}'.format(', '.join(KINDS)))
        if self.kind == 'slow' and self.seconds is None:
            raise ValueError('a slow answer needs seconds')

    def matches(self, service, operation):
        return self.operation in ('*', operation) and self.service in (None, service)

    def strikes(self):
        """Count one call, and tell whether it is one that goes wrong."""
        self.seen += 1
        return self.seen >= self.call and (self.times < 0 or self.seen < self.call + self.times)

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
            return HTML.format(f'{self.status} Error')
        if self.body == 'empty':
            return ''
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


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
        return [asdict(fault) for fault in self._faults]
