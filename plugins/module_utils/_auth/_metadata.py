# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The temporary keys of the agency that a cloud server (ECS) runs under, from its metadata service."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

try:
    import requests
except ImportError:
    requests = None  # said at the edge, before anything here is called

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._aksk import AccessKey
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hosts import is_link_local, is_loopback
from ansible_collections.huaweicloud.tasks.plugins.module_utils._times import parse_moment

ENDPOINT_VARIABLE = "HUAWEICLOUD_METADATA_ENDPOINT"
DEFAULT_ENDPOINT = "http://169.254.169.254"

# Seconds. The service is on the server's own host: what does not connect at once is not there.
_CONNECT_TIMEOUT = 1
_TIMEOUT = 3
_TOKEN_LIFE = 21600
_READ_BEFORE_EXPIRY = 900
_BETWEEN_READS = 60

_WITHOUT_TOKENS = (404, 405, 503)


class Metadata(AccessKey):
    """Signs with keys that are read before the first request, and again before they expire."""

    name = "metadata"

    def __init__(self, endpoint, looked_at=""):
        """
        :arg endpoint: base URL of the metadata service; its host must be on the loopback or link-local.
        :arg looked_at: when this is tried because nothing else was found: a sentence that says what was looked at.
        """
        self._endpoint = endpoint.rstrip("/")
        self._looked_at = looked_at
        self._expires_at = None
        self._last_read = None
        super().__init__({}, "the metadata service at %s" % self._endpoint)

    def validate(self):
        try:
            parts = urlsplit(self._endpoint)
            host = parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme != "http" or not (is_loopback(host) or is_link_local(host)):
            raise InputError(
                "%s must be the http address of a host on the loopback or of a link-local one, such as %s"
                % (ENDPOINT_VARIABLE, DEFAULT_ENDPOINT)
            )

    def may_travel_in_clear(self):
        return False

    def authenticate(self, client):
        """Read the keys (two requests to the metadata service).

        :raises AuthError: there is no metadata service, or the server has no agency.
        """
        with _new_session() as session:
            headers = self._token_header(client, session)
            answer = self._get(session, headers)
        self._take(client, answer)

    def keep_fresh(self, client):
        """Read the keys anew in the last 15 minutes of their life, at most once a minute."""
        if self._expires_at is None:
            return
        left = self._expires_at - client.clock.time()
        if left > _READ_BEFORE_EXPIRY or client.clock.monotonic() - self._last_read < _BETWEEN_READS:
            return
        try:
            self.authenticate(client)
        except AuthError:
            self._last_read = client.clock.monotonic()
            if left <= 0:
                raise

    def renew(self, client):
        before = dict(self.values)
        self.authenticate(client)
        return self.values != before

    def _token_header(self, client, session):
        """The header of the second version of the service, or none where only the first one is offered."""
        ttl = {"X-Metadata-Token-Ttl-Seconds": str(_TOKEN_LIFE)}
        response = self._request(session, "PUT", "/meta-data/latest/api/token", ttl)
        if response.status_code in _WITHOUT_TOKENS:
            return {}
        token = response.text.strip()
        if response.status_code != 200 or not re.match(r"^[\x21-\x7e]+$", token):
            raise self._unavailable("answered HTTP %s when a token was asked for" % response.status_code)
        client.register_secrets([token])
        return {"X-Metadata-Token": token}

    def _get(self, session, headers):
        response = self._request(session, "GET", "/openstack/latest/securitykey", headers)
        if response.status_code == 401 and "agency" in response.text.lower():
            raise self._unavailable("says that this server has no agency; configure one for it in ECS")
        if response.status_code != 200:
            raise self._unavailable("answered HTTP %s" % response.status_code)
        return response

    def _request(self, session, method, path, headers):
        fault = None
        try:
            return session.request(
                method,
                self._endpoint + path,
                headers=headers,
                timeout=(_CONNECT_TIMEOUT if self._looked_at else _TIMEOUT, _TIMEOUT),
                allow_redirects=False,
            )
        except requests.exceptions.Timeout:
            fault = "did not answer in time"
        except requests.exceptions.RequestException:
            fault = "cannot be reached"
        raise self._unavailable(fault)

    def _take(self, client, response):
        """Keep the keys of an answer that is as documented."""
        try:
            credential = response.json()["credential"]
            values = {
                "access_key": credential["access"],
                "secret_key": credential["secret"],
                "security_token": credential["securitytoken"],
            }
            whole = all(isinstance(value, str) and value for value in values.values())
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise self._unavailable("gave an answer without keys")
        self.values = values
        client.register_secrets(self.secrets())
        super().validate()
        self._expires_at = _seconds(credential.get("expires_at"))
        self._last_read = client.clock.monotonic()

    def _unavailable(self, what):
        if self._looked_at:
            return AuthError("%s, and %s %s" % (self._looked_at, self.source, what))
        return AuthError("No keys of an agency: %s %s" % (self.source, what))


def _new_session():
    """A session without proxies, .netrc and what else the environment says: the address is the server's own host."""
    session = requests.Session()
    session.trust_env = False
    return session


def _seconds(moment):
    """A moment in ISO 8601 as seconds since the epoch; None when it is none, and then only a refusal tells the end."""
    try:
        return parse_moment("expires_at", moment) / 1000
    except InputError:
        return None
