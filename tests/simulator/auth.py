# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway's check of credentials. Signatures are judged by the official SDK's own signer."""

from __future__ import annotations

import hmac
import re
import uuid
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import unquote

from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import DerivationAKSKSigner, Signer

from . import defaults
from .service import Caller, GatewayRejected

STANDARD = 'SDK-HMAC-SHA256'
DERIVED = 'V11-HMAC-SHA256'
DATE_FORMAT = '%Y%m%dT%H%M%SZ'
SIGNATURE_LIFE = 15 * 60
FAILURES_TO_LOCK = 5
LOCK_SECONDS = 5 * 60
ALWAYS_SIGNED = {'host', 'x-sdk-date'}

KEY_FIELDS = {'sk', 'security_token', 'expires_at', 'expires_in', 'enterprise_project_ids'}
TOKEN_FIELDS = {'project_id', 'expires_at', 'expires_in', 'enterprise_project_ids'}

AUTHORIZATION = re.compile(
    r'(?P<algorithm>[A-Z0-9-]+) (?P<label>Access|Credential)=(?P<credential>[^,\s]+), '
    r'SignedHeaders=(?P<headers>[^,\s]+), Signature=(?P<signature>[0-9a-f]+)')


class KeyPair(NamedTuple):
    """The two fields that the SDK's signers read of a credential."""

    ak: str
    sk: str


class SignedRequest(NamedTuple):
    """What a signature covers. ``target``: path and query as they were sent; ``headers``: {lower-case name: value}."""

    method: str
    target: str
    headers: dict
    body: bytes


def split_query(text):
    """[(name, value)] of a raw query. A plus sign is a plus sign: the signature covers a space as %20."""
    pairs = [part.partition('=') for part in text.split('&') if part]
    return [(unquote(name), unquote(value)) for name, _sep, value in pairs]


def expected_authorization(request, pair, signed_headers, algorithm=STANDARD, region=None, service=None):
    """The Authorization value that the official SDK gives this request when it signs exactly these headers."""
    path, _sep, query = request.target.partition('?')
    headers = {_title(name): request.headers[name] for name in signed_headers}
    sdk_request = SdkRequest(method=request.method, host=request.headers.get('host'), resource_path=path,
                             query_params=split_query(query), header_params=headers, body=request.body)
    if algorithm == DERIVED:
        signed = DerivationAKSKSigner(pair).sign(sdk_request, service, region)
    else:
        signed = Signer(pair).sign(sdk_request)
    return signed.header_params['Authorization']


def _title(name):
    """The spelling under which the SDK looks its own headers up."""
    return '-'.join(part.capitalize() for part in name.split('-'))


class Auth:
    """Access keys, tokens, failures and locks."""

    def __init__(self, clock):
        self._clock = clock
        self.load({}, {}, [defaults.REGION])

    def load(self, keys, tokens, regions):
        """Begin anew.

        :arg keys: {access key: {sk, security_token, expires_at | expires_in, enterprise_project_ids}}
        :arg tokens: {token: {project_id, expires_at | expires_in, enterprise_project_ids}}
        :arg regions: the region ids that a derived signature may name
        """
        self._keys = {}
        self._tokens = {}
        self._failures = {}
        self._locked_until = {}
        self._regions = regions
        for access_key, fields in (keys or defaults.KEYS).items():
            self.add_key(access_key, **fields)
        for token, fields in tokens.items():
            self.add_token(token, **fields)

    def add_key(self, access_key, **fields):
        """Let an access key in; the metadata service hands out temporary ones with this."""
        self._keys[access_key] = self._with_expiry('key', KEY_FIELDS, fields)

    def add_token(self, token, **fields):
        """Let a token in; IAM issues tokens with this. Without ``project_id`` it is one of the default project."""
        entry = self._with_expiry('token', TOKEN_FIELDS, fields)
        entry.setdefault('project_id', defaults.PROJECT['id'])
        self._tokens[token] = entry

    def _with_expiry(self, what, known, fields):
        unknown = set(fields) - known
        if unknown:
            raise ValueError('unknown fields of a {0}: {1}'.format(what, ', '.join(sorted(unknown))))
        entry = dict(fields)
        seconds = entry.pop('expires_in', None)
        if seconds is not None:
            entry['expires_at'] = self._clock.time() + seconds
        return entry

    @staticmethod
    def new_token():
        return 'MIISIM' + uuid.uuid4().hex

    def expire(self, headers):
        """End the life of the token or temporary key that a request came with."""
        token = self._tokens.get(headers.get('x-auth-token'))
        if token is not None:
            token['expires_at'] = self._clock.time()
        match = AUTHORIZATION.fullmatch(headers.get('authorization', ''))
        key = self._keys.get(match.group('credential').split('/')[0]) if match else None
        if key is not None and key.get('security_token'):
            key['expires_at'] = self._clock.time()

    def check(self, request, derived_name):
        """The Caller of a request, or GatewayRejected.

        :arg derived_name: the service name that a derived signature must carry; None: none is accepted
        """
        if 'authorization' in request.headers:
            return self._check_signature(request, derived_name)
        if 'x-auth-token' in request.headers:
            return self._check_token(request.headers['x-auth-token'])
        raise _unauthorized('Incorrect IAM authentication information: x-auth-token not found')

    def _check_token(self, token):
        entry = self._tokens.get(token)
        if entry is None:
            raise _unauthorized('Incorrect IAM authentication information: decrypt token fail')
        if self._over(entry):
            raise GatewayRejected(401, 'APIGW.0307', 'The token must be updated')
        return Caller('token', enterprise_project_ids=_restriction(entry), project_id=entry.get('project_id'))

    def _over(self, entry):
        return entry.get('expires_at') is not None and entry['expires_at'] <= self._clock.time()

    def _check_signature(self, request, derived_name):
        match = AUTHORIZATION.fullmatch(request.headers['authorization'])
        if match is None:
            raise _unauthorized('Incorrect IAM authentication information: Authorization format is incorrect')
        access_key = match.group('credential').split('/')[0]
        if self._locked_until.get(access_key, 0) > self._clock.time():
            raise _unauthorized('Incorrect IAM authentication information: '
                                'AK access failed to reach the limit,forbidden')
        problem = self._problem(request, match, access_key, derived_name)
        if problem:
            self._count_failure(access_key)
            raise _unauthorized('Incorrect IAM authentication information: ' + problem)
        self._failures.pop(access_key, None)
        key = self._keys[access_key]
        return Caller(match.group('algorithm'), access_key, _restriction(key))

    def _count_failure(self, access_key):
        self._failures[access_key] = self._failures.get(access_key, 0) + 1
        if self._failures[access_key] >= FAILURES_TO_LOCK:
            self._failures[access_key] = 0
            self._locked_until[access_key] = self._clock.time() + LOCK_SECONDS

    def _problem(self, request, match, access_key, derived_name):
        """Why the signature is no good, or None."""
        key = self._keys.get(access_key)
        if key is None:
            return f'Get secretKey failed,ak:{access_key},err:ak not exist'
        return (self._date_problem(request.headers.get('x-sdk-date', ''))
                or self._security_token_problem(request.headers, key)
                or self._signature_problem(request, match, KeyPair(access_key, key['sk']), derived_name))

    def _date_problem(self, text):
        try:
            signed_at = datetime.strptime(text, DATE_FORMAT).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            return 'calc aksk signature fail:X-Sdk-Date is missing or malformed'
        if abs(self._clock.time() - signed_at) <= SIGNATURE_LIFE:
            return None
        server_time = datetime.fromtimestamp(self._clock.time(), timezone.utc).strftime(DATE_FORMAT)
        return f'calc aksk signature fail:signature expired, signature time:{text},server time:{server_time}'

    def _security_token_problem(self, headers, key):
        if key.get('security_token') != headers.get('x-security-token'):
            return 'verify security token fail'
        if self._over(key):
            return 'security token expires, expires_at: {0}'.format(self._clock.iso(key['expires_at']))
        return None

    def _signature_problem(self, request, match, pair, derived_name):
        algorithm = match.group('algorithm')
        signed = match.group('headers').split(';')
        if not ALWAYS_SIGNED.issubset(signed) or not set(signed).issubset(request.headers):
            return 'verify aksk signature fail'
        if algorithm == STANDARD and match.group('label') == 'Access':
            expected = expected_authorization(request, pair, signed)
        elif algorithm == DERIVED and match.group('label') == 'Credential' and derived_name:
            scope = match.group('credential').split('/')
            if len(scope) != 4 or scope[2] not in self._regions or scope[3] != derived_name:
                return 'verify aksk signature fail'
            expected = expected_authorization(request, pair, signed, DERIVED, scope[2], scope[3])
        else:
            return f'signing algorithm {algorithm} is not supported'
        if not hmac.compare_digest(expected, request.headers['authorization']):
            return 'verify aksk signature fail'
        return None


def _restriction(entry):
    ids = entry.get('enterprise_project_ids')
    return None if ids is None else tuple(ids)


def _unauthorized(message):
    return GatewayRejected(401, 'APIGW.0301', message)
