# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A transport for requests that calls the simulator in-process, and fails as a real connection would."""

from __future__ import annotations

import io
from http.client import RemoteDisconnected
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError


class SimulatorAdapter(HTTPAdapter):
    """Mount it for ``https://`` and ``http://``; whatever the host is, the simulator answers.

    Nothing really waits: a silent or slow answer moves the simulator's clock, which wants to be a manual one.
    """

    def __init__(self, simulator):
        super().__init__()
        self._simulator = simulator

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        environ = _environ(request)
        started = []

        def start_response(status, headers, _exc_info=None):
            started[:] = [status, headers]

        body = b''.join(self._simulator.app(environ, start_response))
        kind, seconds = environ.get('simulator.wire', (None, None))
        if kind is not None:
            self._interfere(kind, seconds, request, _read_timeout(timeout))
        status, headers = started
        return self.build_response(request, HTTPResponse(
            body=io.BytesIO(body), headers=headers, status=int(status.split()[0]), reason=status.partition(' ')[2],
            preload_content=False))

    def _interfere(self, kind, seconds, request, timeout):
        """Raise what requests raises when this happens to a real connection; a slow answer may still come."""
        pool = _pool(request.url)
        if kind == 'refused':
            reason = NewConnectionError(pool, 'Failed to establish a new connection: [Errno 111] Connection refused')
            raise requests.exceptions.ConnectionError(MaxRetryError(pool, request.path_url, reason), request=request)
        if kind == 'close':
            reason = RemoteDisconnected('Remote end closed connection without response')
            raise requests.exceptions.ConnectionError(ProtocolError('Connection aborted.', reason), request=request)
        if kind == 'slow' and (timeout is None or seconds <= timeout):
            self._simulator.clock.advance(seconds)
            return
        if timeout is None:
            raise AssertionError('a request without a time-out would wait for ever')
        self._simulator.clock.advance(timeout)
        text = f'Read timed out. (read timeout={timeout})'
        raise requests.exceptions.ReadTimeout(ReadTimeoutError(pool, request.path_url, text), request=request)


def _read_timeout(timeout):
    return timeout[1] if isinstance(timeout, tuple) else timeout


def _pool(url):
    parts = urlsplit(url)
    kind = HTTPSConnectionPool if parts.scheme == 'https' else HTTPConnectionPool
    return kind(parts.hostname, parts.port)


def _environ(request):
    """The WSGI environment that a server makes of this request."""
    parts = urlsplit(request.url)
    path, _sep, query = request.path_url.partition('?')
    body = request.body or b''
    if isinstance(body, str):
        body = body.encode('utf-8')
    environ = {
        'REQUEST_METHOD': request.method,
        'SCRIPT_NAME': '',
        'PATH_INFO': unquote(path, 'latin-1'),
        'QUERY_STRING': query,
        'RAW_URI': request.path_url,
        'SERVER_NAME': parts.hostname,
        'SERVER_PORT': str(parts.port or 443),
        'SERVER_PROTOCOL': 'HTTP/1.1',
        'HTTP_HOST': parts.netloc,
        'wsgi.version': (1, 0),
        'wsgi.url_scheme': parts.scheme,
        'wsgi.input': io.BytesIO(body),
        'wsgi.errors': io.StringIO(),
        'wsgi.multithread': True,
        'wsgi.multiprocess': False,
        'wsgi.run_once': False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace('-', '_')
        environ[key if key in ('CONTENT_TYPE', 'CONTENT_LENGTH') else 'HTTP_' + key] = \
            value if isinstance(value, str) else value.decode('latin-1')
    environ['CONTENT_LENGTH'] = str(len(body))
    return environ
