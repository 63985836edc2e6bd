# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client that every module of this collection shares.

From region and credentials to ``send(operation)``: one HTTP request on a pooled connection, signed anew for each
try, sent again only where that is safe, and answered with plain data or an error that says what to do.

This file is public and follows semantic versioning; modules beside it that start with an underscore are private.
"""

from __future__ import annotations

import json
import os
import platform
import re
import ssl
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import (
        ConnectTimeoutError,
        MaxRetryError,
        NewConnectionError,
        ProtocolError,
        ReadTimeoutError,
    )
    from urllib3.util import Retry

    REQUESTS_MISSING = None
except ImportError as error:
    REQUESTS_MISSING = error

from ansible.module_utils.ansible_release import __version__ as ansible_version

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import (
    advice,
    read_json,
    read_problem,
    request_id,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._choose import choose
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._method import Derived
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._signer import encode_query
from ansible_collections.huaweicloud.tasks.plugins.module_utils._clock import Clock
from ansible_collections.huaweicloud.tasks.plugins.module_utils._endpoints import service_name
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import (
    ApiError,
    InputError,
    NetworkError,
    UnknownOutcome,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._hosts import is_loopback
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iam import find_project
from ansible_collections.huaweicloud.tasks.plugins.module_utils._mask import Mask, proxy_secrets
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation
from ansible_collections.huaweicloud.tasks.plugins.module_utils._settings import read_settings

__all__ = ["Client", "Operation", "REQUESTS_MISSING", "VERSION"]

VERSION = "0.1.0"
USER_AGENT = "huaweicloud.tasks/%s (ansible-core %s; Python %s)" % (VERSION, ansible_version, platform.python_version())

DEFAULT_BUDGET = 600

# Seconds: the shortest pause and the factor that doubles. The windows of throttling last up to 5 minutes, and the
# pauses of five tries (15, 30, 60, 120, 120) outlast one.
_AFTER_FAULT = (1, 1)
_AFTER_THROTTLING = (15, 15)

_NAMES_IN_SIGNATURES = {"iotda": "iotdm"}


class Client:
    """Sends API operations of one service (and IAM) for one project.

    :arg settings: a ``Settings``. :arg auth: a validated way to sign in.
    :arg session: a ``requests.Session`` to use instead of an own one. :arg clock: a ``Clock``.
    :arg on_secret: called with every secret that the client reads or obtains.
    """

    def __init__(self, settings, auth, session=None, clock=None, on_secret=None):
        self.settings = settings
        self.clock = clock or Clock()
        self.warnings = []
        self._auth = auth
        self._authenticated = False
        self._session = session or _new_session()
        self._on_secret = on_secret or (lambda secret: None)
        self._mask = Mask()
        self._project_id = settings.project_id
        self._deadline = None
        self._server_date = None
        self._server_date_read = 0
        self.register_secrets(auth.secrets())

    @classmethod
    def from_params(cls, service, params, environ=None, session=None, clock=None, on_secret=None):
        """Make a client from a module's options and the environment, without any call.

        :arg service: ``hss``, ``iotda``, ``kps`` or ``iam``.
        :arg params: the options of the connection fragment; what is missing counts as not given.
        :raises InputError: an option or variable cannot be used. :raises AuthError: no credentials, or half a set.
        """
        environ = os.environ if environ is None else environ
        auth = choose(params, environ)
        settings = read_settings(service, params, environ, auth.settings())
        client = cls(settings, auth, session=session, clock=clock, on_secret=on_secret)
        client.register_secrets(proxy_secrets(environ))
        return client

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Give the connections back."""
        self._session.close()

    def warn(self, text):
        """Keep a warning for the user."""
        self.warnings.append(self._masked(text))

    def register_secrets(self, secrets):
        """Mask these values in every message, and hand them on so that Ansible masks them in every result."""
        for secret in secrets:
            if secret:
                for form in self._mask.add(secret):
                    self._on_secret(form)

    @property
    def project_id(self):
        """The project's id, looked up through IAM at most once when it was not given.

        :raises InputError: no project, or more than one, has the name.
        """
        if self._project_id is None:
            self._sign_in()
            self._project_id = self._auth.project_id() or self._find_project()
        return self._project_id

    def _find_project(self):
        name = self.settings.project_name or self.settings.region
        if not name:
            raise InputError("No project: give project_id, project_name or region")
        return find_project(self, name)

    def server_time(self):
        """Seconds since the epoch by the service's own clock, or None before its first answer."""
        if self._server_date is None:
            return None
        return self._server_date + self.clock.monotonic() - self._server_date_read

    @contextmanager
    def budget(self, seconds):
        """Within the block, no pause before sending again ends later than ``seconds`` from now.

        A block within another does not outlast it.
        """
        outer, end = self._deadline, self.clock.monotonic() + seconds
        self._deadline = end if outer is None else min(outer, end)
        try:
            yield
        finally:
            self._deadline = outer

    def send(self, operation, path=None, query=(), body=None, headers=None, expect=None):
        """Send one operation and return the answer's JSON object ({} where an empty answer is a success).

        :arg path: values for the names in the operation's path, except ``project_id``.
        :arg query: (name, value) pairs; a value that is None is left out. :arg body: a JSON-serialisable object.
        :arg headers: further headers.
        :arg expect: field names of the answer, each with a check that takes the field's value and the whole answer.
        :raises ApiError: the service refused. :raises NetworkError: it was not reached, or a read stayed unanswered.
        :raises UnknownOutcome: the answer to what must not be sent twice was lost. :raises InputError: no project.
        """
        return self.exchange(operation, path, query, body, headers, expect)[0]

    def exchange(self, operation, path=None, query=(), body=None, headers=None, expect=None, expect_header=None):
        """Send one operation as ``send`` does, and return the answer's JSON object and its headers.

        :arg expect_header: a header without which the answer is not as documented.
        """
        url = self._url(operation, path or {}, query)
        data = None if body is None else json.dumps(body).encode()
        all_headers = {"User-Agent": USER_AGENT, "Content-Type": "application/json", **(headers or {})}
        if "{project_id}" in operation.path:
            all_headers["X-Project-Id"] = self.project_id
        self._sign_in()
        self._refuse_clear_text(url)
        return _Sending(self, operation, url, data, all_headers, expect or {}, expect_header).run()

    def _sign_in(self):
        if self._authenticated:
            return
        self._authenticated = True  # before the call, which comes through exchange() as well
        try:
            self._auth.authenticate(self)
        except BaseException:
            self._authenticated = False
            raise

    def _url(self, operation, path, query):
        values = dict(path)
        if "{project_id}" in operation.path:
            values["project_id"] = self.project_id
        base = self.settings.iam_endpoint if operation.service == "iam" else self.settings.endpoint
        url = base + operation.path.format(**{name: _path_segment(name, value) for name, value in values.items()})
        pairs = [(name, value) for name, value in query if value is not None]
        return "%s?%s" % (url, encode_query(pairs)) if pairs else url

    def _refuse_clear_text(self, url):
        parts = urlsplit(url)
        if parts.scheme == "https" or is_loopback(parts.hostname):
            return
        if not self._auth.may_travel_in_clear():
            raise InputError(
                "Refused to send a token, password or temporary key to %s over plain HTTP; give an https address"
                % parts.hostname
            )
        warning = "Requests to %s go over plain HTTP and can be read on the way; give an https address" % parts.hostname
        if warning not in self.warnings:
            self.warn(warning)

    def _masked(self, text):
        return self._mask.hide(text)


class _Sending:
    """One operation on its way: its tries, and what became of them."""

    def __init__(self, client, operation, url, data, headers, expect, expect_header):
        self._client = client
        self._operation = operation
        self._url = url
        self._data = data
        self._headers = headers
        self._expect = expect
        self._expect_header = expect_header
        self._retry = Retry(total=client.settings.retries)
        self._tries = 0
        self._renewed = False
        self._deadline = client._deadline
        if self._deadline is None:
            self._deadline = client.clock.monotonic() + DEFAULT_BUDGET

    def run(self):
        """Return the answer's data and headers."""
        while True:
            self._tries += 1
            try:
                response = self._exchange()
            except requests.exceptions.RequestException as fault:
                self._after_fault(fault)
                continue
            if not 200 <= response.status_code < 300:
                self._after_problem(response)
                continue
            if self._operation.empty and not response.content.strip():
                return {}, response.headers
            try:
                data = read_json(response)
            except ValueError:
                self._after_unreadable(response)
                continue
            return self._checked(response, data), response.headers

    def _exchange(self):
        client = self._client
        client._auth.keep_fresh(client)
        response = client._session.request(
            self._operation.method,
            self._url,
            data=self._data,
            headers=self._headers,
            auth=client._auth.signer(client.clock.time(), self._derived()),
            timeout=(client.settings.timeout, client.settings.timeout),
            allow_redirects=False,
            proxies=self._proxies(),
            # Given with each request: a session's value would lose against REQUESTS_CA_BUNDLE.
            verify=client.settings.verify,
        )
        self._note_server_time(response)
        return response

    def _proxies(self):
        """None takes those of the environment. What goes to this machine itself must not travel to a proxy first."""
        host = urlsplit(self._url).hostname
        return {"no_proxy": host} if is_loopback(host) else None

    def _derived(self):
        """IAM is always asked with a standard signature, whatever the service wants."""
        settings = self._client.settings
        if settings.derived_region is None or self._operation.service != settings.service:
            return None
        return Derived(settings.derived_region, _NAMES_IN_SIGNATURES[settings.service])

    def _note_server_time(self, response):
        date = _date(response.headers.get("Date"))
        if date is not None:
            self._client._server_date = date
            self._client._server_date_read = self._client.clock.monotonic()

    def _checked(self, response, data):
        """Return the answer when it has the shape that is documented."""
        if not isinstance(data, dict):
            self._fail_after_success(response, "JSON that is no object")
        for name, fits in self._expect.items():
            if not fits(data.get(name), data):
                self._fail_after_success(response, "an object whose field %s is missing or not as documented" % name)
        if self._expect_header and not response.headers.get(self._expect_header):
            self._fail_after_success(response, "no header %s" % self._expect_header)
        return data

    def _after_fault(self, fault):
        """The transport failed. Goes on only when the request may be sent again."""
        reason, sent, final = _describe(fault, self._client)
        details = self._details(None, "", reason, "")
        if sent and not self._operation.resend:
            raise UnknownOutcome(self._sentence("the answer was lost: " + reason, "it may have taken effect"), details)
        host = urlsplit(self._url).netloc
        if final or not self._pause(*_AFTER_FAULT):
            raise NetworkError(self._sentence("%s: %s" % (host, reason), _network_advice(fault)), details)

    def _after_unreadable(self, response):
        """A success that was cut off on its way, or a page of something in between."""
        if not self._operation.resend or not self._pause(*_AFTER_FAULT):
            self._fail_after_success(response, "something that is not JSON, or JSON that is cut off")

    def _fail_after_success(self, response, flaw):
        """What was asked for happened, or may have, and the answer does not tell."""
        details = self._details(response.status_code, "", "the answer was " + flaw, request_id(response))
        what = "%s answered HTTP %s with %s" % (self._service(), response.status_code, flaw)
        if not self._operation.resend:
            raise UnknownOutcome(self._sentence(what, "it may have taken effect"), details)
        raise ApiError(self._sentence(what, "check endpoint, and for a proxy that answers in its place"), details)

    def _after_problem(self, response):
        """The service said no. Goes on when waiting, or new credentials, can change that."""
        problem = read_problem(response, self._client._masked)
        if problem.expired_token and not self._renewed and self._client._auth.renew(self._client):
            self._renewed = True
            return
        retry_after = _retry_after(response)
        if problem.throttled and self._operation.resend and self._pause(*_AFTER_THROTTLING, asked=retry_after):
            return
        if problem.status >= 500 and self._operation.resend and self._pause(*_AFTER_FAULT, asked=retry_after):
            return
        details = self._details(problem.status, problem.code, problem.message, problem.request_id)
        said = self._what_was_said(problem)
        if problem.status >= 500 and not self._operation.resend:
            raise UnknownOutcome(self._sentence(said, "it may have taken effect"), details)
        hint = advice(problem, self._operation, self._client.settings, self._client._auth)
        raise ApiError(
            self._sentence(said, hint),
            details,
            throttled=problem.throttled,
            retry_after=retry_after,
            auth=problem.refuses_access,
        )

    def _what_was_said(self, problem):
        code = "" if problem.code == str(problem.status) else problem.code
        answer = " ".join(part for part in (code, problem.message) if part) or "no explanation"
        request = ", request id %s" % problem.request_id if problem.request_id else ""
        return "%s answered HTTP %s (%s%s)" % (self._service(), problem.status, answer.rstrip("."), request)

    def _pause(self, least, factor, asked=None):
        """Wait before the next try; False when there is none, or when the pause would not end within the budget."""
        try:
            self._retry = self._retry.new(backoff_factor=factor).increment(self._operation.method, self._url)
        except MaxRetryError:
            return False
        clock = self._client.clock
        pause = asked if asked is not None else max(least, self._retry.get_backoff_time())
        pause += clock.jitter(pause)
        if clock.monotonic() + pause > self._deadline:
            return False
        clock.sleep(pause)
        return True

    def _service(self):
        return "%s %s" % (service_name(self._operation.service), self._operation.name)

    def _sentence(self, what, hint):
        tries = " after %s tries" % self._tries if self._tries > 1 else ""
        sentence = "Could not %s%s: %s%s." % (self._operation.doing, tries, what, "; " + hint if hint else "")
        return self._client._masked(sentence)

    def _details(self, status, code, message, request):
        return {
            "service": self._operation.service,
            "operation": self._operation.name,
            "http_status": status,
            "code": self._client._masked(code),
            "message": self._client._masked(message),
            "request_id": self._client._masked(request),
            "tries": self._tries,
        }


def _path_segment(name, value):
    """Quote a value for the path. A dot segment, which requests takes out, would make it another operation's path."""
    if str(value) in ("", ".", ".."):
        raise InputError("%s is %r, which cannot be part of an address" % (name, value))
    return quote(str(value), safe="~")


def _new_session():
    session = requests.Session()
    adapter = HTTPAdapter(max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _date(text):
    """An HTTP date as seconds since the epoch, or None."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _retry_after(response):
    """The pause in seconds that the answer asks for; a date is compared with the answer's own, not with our clock."""
    text = (response.headers.get("Retry-After") or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    until, now = _date(text), _date(response.headers.get("Date"))
    return max(0, until - now) if until is not None and now is not None else None


def _describe(fault, client):
    """Return what a transport failure is in words, whether the request may have arrived, and whether it is final."""
    reason = _root(fault)
    if isinstance(fault, requests.exceptions.SSLError):
        if _cut_off(reason):
            return "the connection was lost (TLS ended without its closing message)", True, False
        return "TLS failed (%s)" % reason, False, True
    if isinstance(fault, ValueError):  # requests refuses an address, a header or a proxy before it sends anything
        return "the request cannot be made (%s)" % type(fault).__name__, False, True
    if isinstance(fault, requests.exceptions.ProxyError):
        return "the proxy cannot be used (%s)" % _last_words(getattr(reason, "original_error", reason)), False, False
    if isinstance(reason, NewConnectionError):  # which is a ConnectTimeoutError as well
        return "no connection (%s)" % _last_words(reason), False, False
    if isinstance(fault, requests.exceptions.ConnectTimeout) or isinstance(reason, ConnectTimeoutError):
        return "no connection within %s seconds" % client.settings.timeout, False, False
    if isinstance(fault, requests.exceptions.Timeout) or isinstance(reason, ReadTimeoutError):
        return "no answer within %s seconds" % client.settings.timeout, True, False
    return "the connection was lost (%s)" % _last_words(reason), True, False


def _root(fault):
    """The urllib3 error behind what requests raises, without its wrapping."""
    reason = fault.args[0] if fault.args else fault
    return getattr(reason, "reason", None) or reason


def _cut_off(reason):
    """Whether a TLS error is an end in the midst of a request, which may have arrived, and no refusal to begin."""
    causes = (reason, *getattr(reason, "args", ()))
    return any(isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)) for cause in causes)


def _last_words(reason):
    """The end of urllib3's message, without object addresses and wrapping."""
    if isinstance(reason, ProtocolError) and len(reason.args) > 1:
        reason = reason.args[1]
    return str(reason).rsplit(": ", 1)[-1]


def _network_advice(fault):
    if isinstance(fault, requests.exceptions.SSLError):
        return "give the CA that signed the service's certificate as ca_path, and check endpoint"
    return "check region, endpoint, proxy variables and the network between here and there"
