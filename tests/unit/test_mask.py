# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are hidden in every form in which something may write them."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hosts import is_link_local, is_loopback
from ansible_collections.huaweicloud.tasks.plugins.module_utils._mask import Mask, proxy_secrets

SECRET = 'p/a+s s"w\u00f6rd=%41&?>~~~'


def base64(text):
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET),
        html.escape(SECRET),
        base64(SECRET),
        urlsafe_b64encode(SECRET.encode()).decode(),
        *[base64("x" * before + SECRET + "y" * after) for before in range(1, 5) for after in range(4)],
    ],
)
def test_every_form_is_hidden(written):
    mask = Mask()
    mask.add(SECRET)
    hidden = mask.hide("before %s after" % written)
    assert "********" in hidden
    assert hidden.startswith("before ") and hidden.endswith(" after")
    assert written not in hidden


def test_the_longer_of_two_secrets_leaves_nothing():
    mask = Mask()
    mask.add("secret")
    mask.add("secret-and-more")
    assert mask.hide("a secret-and-more b secret c") == "a ******** b ******** c"


def test_what_is_no_secret_stays():
    mask = Mask()
    mask.add("ab")
    assert mask.hide("YWI nothing here") == "YWI nothing here"


def test_forms_are_handed_on():
    assert {"a b", "a%20b", "a+b", "YSBi"} <= Mask().add("a b")


@pytest.mark.parametrize("name", ["https_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_password_of_a_proxy_is_a_secret(name):
    assert set(proxy_secrets({name: "http://user:p%40ss@proxy.example:3128"})) == {"p%40ss", "p@ss", "user:p@ss"}


def test_the_password_of_a_proxy_without_a_scheme_is_a_secret():
    assert "hunter2" in proxy_secrets({"https_proxy": "user:hunter2@proxy.example:3128"})


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hunter2@[::1",
        "http://user:hunter2@",
        "http://user:hunter2@proxy:port",
        "http://user:hunt#er2@proxy",
    ],
)
def test_a_proxy_that_is_none_is_said_without_its_password(url):
    with pytest.raises(InputError, match="^https_proxy is not the address of a proxy, such as [^@]*$"):
        proxy_secrets({"https_proxy": url})


@pytest.mark.parametrize("url", ["", "http://proxy.example:3128", "http://user@proxy.example", "proxy:3128"])
def test_a_proxy_without_a_password(url):
    assert set(proxy_secrets({"https_proxy": url})) == set()


@pytest.mark.parametrize(
    "host, loopback, link_local",
    [
        ("127.0.0.1", True, False),
        ("127.255.0.9", True, False),
        ("localhost", True, False),
        ("LocalHost", True, False),
        ("::1", True, False),
        ("169.254.169.254", False, True),
        ("fe80::1", False, True),
        ("127.0.0.1.example.com", False, False),
        ("127.example.com", False, False),
        ("localhost.example.com", False, False),
        ("1127.0.0.1", False, False),
        ("169.254.169.254.example.com", False, False),
        ("fe80.example.com", False, False),
        ("10.0.0.1", False, False),
        ("0.0.0.0", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_hosts(host, loopback, link_local):
    assert (is_loopback(host), is_link_local(host)) == (loopback, link_local)
