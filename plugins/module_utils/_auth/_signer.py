# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two request signatures of Huawei Cloud, as callables that requests takes as ``auth``."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone
from urllib.parse import quote, unquote, urlsplit

_DATE_HEADER = "X-Sdk-Date"
_OTHER_SIGNED_HEADERS = ("content-type", "host", "instance-id")


class Signer:
    """Signs one try of a request with an access key (``SDK-HMAC-SHA256``).

    Signed are the host, the content type, IoTDA's ``Instance-Id`` and every ``X-`` header, in the state in which
    requests calls this: a proxy or the transport may add others later.

    :arg now: seconds since the epoch. The service accepts a date that is up to 15 minutes off.
    :arg security_token: belongs to temporary keys, and is sent and signed with them.
    """

    algorithm = "SDK-HMAC-SHA256"

    def __init__(self, access_key, secret_key, now, security_token=None):
        self._access_key = access_key
        self._secret_key = secret_key
        self._security_token = security_token
        self._date = datetime.fromtimestamp(now, tz=timezone.utc).strftime("%Y%m%dT%H%M%SZ")

    def __call__(self, request):
        request.headers["Host"] = urlsplit(request.url).netloc
        request.headers.setdefault(_DATE_HEADER, self._date)
        if self._security_token:
            request.headers["X-Security-Token"] = self._security_token
        date = request.headers[_DATE_HEADER]
        names, canonical = canonical_request(request)
        to_sign = "\n".join([self.algorithm, date, *self._scope(date), _sha256(canonical)])
        signature = hmac.new(self._key(date), to_sign.encode(), hashlib.sha256).hexdigest()
        request.headers["Authorization"] = "%s %s, SignedHeaders=%s, Signature=%s" % (
            self.algorithm,
            self._credential(date),
            names,
            signature,
        )
        return request

    def _scope(self, date):
        return []

    def _key(self, date):
        return self._secret_key.encode()

    def _credential(self, date):
        return "Access=%s" % self._access_key


class DerivedSigner(Signer):
    """Signs with a key that is derived for one day, region and service (``V11-HMAC-SHA256``).

    IoTDA's standard and enterprise instances want it. ``region`` is always the real region's id, whatever the
    endpoint; ``service`` is the name that the service has in signatures (``iotdm`` for IoTDA).
    """

    algorithm = "V11-HMAC-SHA256"

    def __init__(self, access_key, secret_key, now, region, service, security_token=None):
        super().__init__(access_key, secret_key, now, security_token)
        self._region = region
        self._service = service

    def _scope(self, date):
        return ["%s/%s/%s" % (date[:8], self._region, self._service)]

    def _key(self, date):
        # RFC 5869 (salt: access key, input: secret key) with one block of output; its hex digits are the key.
        pseudo_random = hmac.new(self._access_key.encode(), self._secret_key.encode(), hashlib.sha256).digest()
        info = self._scope(date)[0].encode()
        return hmac.new(pseudo_random, info + b"\x01", hashlib.sha256).hexdigest().encode()

    def _credential(self, date):
        return "Credential=%s/%s" % (self._access_key, self._scope(date)[0])


def canonical_request(request):
    """Return the names of the signed headers and the text whose hash is signed, for a prepared request."""
    url = urlsplit(request.url)
    headers = {name.lower(): str(value).strip() for name, value in request.headers.items()}
    signed = sorted(n for n in headers if n.startswith("x-") or n in _OTHER_SIGNED_HEADERS)
    names = ";".join(signed)
    lines = [
        request.method,
        canonical_path(url.path),
        canonical_query(url.query),
        "".join("%s:%s\n" % (name, headers[name]) for name in signed),
        names,
        _sha256(request.body or b""),
    ]
    return names, "\n".join(lines)


def canonical_path(path):
    """Every segment quoted anew, and a slash at the end, which is signed but not sent."""
    quoted = "/".join(_quote(segment) for segment in unquote(path).split("/"))
    return quoted if quoted.endswith("/") else quoted + "/"


def canonical_query(query):
    """The parameters sorted by name and value, each quoted anew; one without a value keeps its equals sign."""
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    pairs = sorted((unquote(name), unquote(value)) for name, value in pairs)
    return "&".join("%s=%s" % (_quote(name), _quote(value)) for name, value in pairs)


def encode_query(pairs):
    """Write (name, value) pairs as the query that is sent, which is the one that is signed."""
    return canonical_query("&".join("%s=%s" % (_quote(str(name)), _quote(str(value))) for name, value in pairs))


def _quote(text):
    return quote(text, safe="~")


def _sha256(data):
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
