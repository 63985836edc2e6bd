# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata service of a cloud server: tokens of its second version, and the keys of the server's agency."""

from __future__ import annotations

import uuid

from ..service import Rejected, Service, operation

LONGEST_TOKEN_LIFE = 21600


class Metadata(Service):
    """Scenario: ``agency`` (false: the server has none), ``tokens`` (``offered``, ``required``, or the status that the
    request for a token gets: 404, 405, 503), ``key_seconds`` (life of a key), ``rotate_seconds`` (a key is replaced
    when it has less left).
    """

    name = 'metadata'
    DEFAULTS = {'agency': True, 'tokens': 'offered', 'key_seconds': 86400, 'rotate_seconds': 1800}
    rate_limited = False

    def load(self, part):
        super().load(part)
        self._tokens = {}
        self._key = None
        self._keys_given = 0

    def dump(self):
        return {'keys_given': self._keys_given}

    @operation('CreateMetadataToken', 'PUT', '/meta-data/latest/api/token', signed=False)
    def create_token(self, call):
        if isinstance(self.options['tokens'], int):
            raise Rejected(self.options['tokens'], 'none', 'No tokens here')
        life = call.headers.get('X-Metadata-Token-Ttl-Seconds', '')
        if not life.isdigit() or not 1 <= int(life) <= LONGEST_TOKEN_LIFE:
            raise Rejected(400, 'none', 'X-Metadata-Token-Ttl-Seconds must be from 1 to 21600')
        token = 'METADATATOKEN' + uuid.uuid4().hex
        self._tokens[token] = self.clock.time() + int(life)
        return 200, token, {}

    @operation('ShowSecurityKey', 'GET', '/openstack/latest/securitykey', signed=False)
    def show_key(self, call):
        self._check_token(call.headers.get('X-Metadata-Token'))
        if not self.options['agency']:
            raise Rejected(401, 'none', '', body='Please configure Cloud Service Agency first')
        if self._key is None or self._key['expires_at'] - self.clock.time() <= self.options['rotate_seconds']:
            self._key = self._new_key()
        return {'credential': {
            'access': self._key['access'],
            'secret': self._key['secret'],
            'securitytoken': self._key['security_token'],
            'expires_at': self.clock.iso(self._key['expires_at']),
        }}

    def _check_token(self, token):
        if token is None and self.options['tokens'] != 'required':
            return
        if self._tokens.get(token, 0) <= self.clock.time():
            raise Rejected(403, 'none', 'The metadata token is missing or not valid')

    def _new_key(self):
        self._keys_given += 1
        key = {
            'access': f'HSTASIM{self._keys_given:013d}',
            'secret': 'METADATASECRET' + uuid.uuid4().hex,
            'security_token': 'METADATASECURITYTOKEN' + uuid.uuid4().hex,
            'expires_at': self.clock.time() + self.options['key_seconds'],
        }
        self.simulator.auth.add_key(key['access'], sk=key['secret'], security_token=key['security_token'],
                                    expires_at=key['expires_at'])
        return key
