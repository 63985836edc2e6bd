# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets, in every form in which an error page or a library may write them, are hidden from messages."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus, unquote, urlsplit

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError

_HIDDEN = "********"
_PROXY_VARIABLES = ("https_proxy", "http_proxy", "all_proxy", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")

# A shorter piece of base64 says little about the secret, and stands in too many harmless texts.
_SHORTEST_PIECE = 8


class Mask:
    """The secrets of one client."""

    def __init__(self):
        self._forms = set()

    def add(self, secret):
        """Hide this value from now on. Returns the forms that it may take, itself among them."""
        forms = set(_forms(secret))
        self._forms |= forms
        return forms

    def hide(self, text):
        # The longest first: a secret may be a part of another one.
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, _HIDDEN)
        return text


def proxy_secrets(environ):
    """Return the passwords of the proxies in the environment, with what is sent to a proxy for them.

    :raises InputError: a variable is no address; the libraries below would fail on it without saying so.
    """
    secrets = set()
    for name in _PROXY_VARIABLES:
        url = environ.get(name)
        if not url:
            continue
        try:
            parts = urlsplit(url if "://" in url else "http://" + url)
            usable = parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise InputError("%s is not the address of a proxy, such as http://proxy.example.com:3128" % name)
        if parts.password:
            password = unquote(parts.password)
            secrets |= {parts.password, password, "%s:%s" % (unquote(parts.username or ""), password)}
    return secrets


def _forms(secret):
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    for encode in (b64encode, urlsafe_b64encode):
        yield from _base64_pieces(secret.encode(), encode)


def _base64_pieces(secret, encode):
    """The secret in base64, alone and in each of the three places where it can lie within a longer text.

    Within a longer text the first and the last character also hold bits of the neighbours, so they are left out.
    """
    yield encode(secret).decode()
    for before in range(3):
        whole = encode(b"\0" * before + secret).decode().rstrip("=")
        end = len(whole) - (1 if (before + len(secret)) % 3 else 0)
        piece = whole[(0, 2, 3)[before] : end]
        if len(piece) >= _SHORTEST_PIECE:
            yield piece
