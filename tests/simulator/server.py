# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator over real sockets: HTTP/1.1 with keep-alive, and the faults that happen on a connection."""

from __future__ import annotations

import select
import socket
import struct
import time

from werkzeug.serving import WSGIRequestHandler, make_server

# How long a silent connection is held when the client does not go away.
LONGEST_SILENCE = 600


class Handler(WSGIRequestHandler):
    """werkzeug's handler closes every connection; this one keeps it, as the answers' lengths are always known."""

    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def run_wsgi(self):
        environ = self.make_environ()
        started = []

        def start_response(status, headers, _exc_info=None):
            started[:] = [status, headers]

        parts = self.server.app(environ, start_response)
        body = b''.join(parts)
        kind, seconds = environ.get('simulator.wire', (None, None))
        if kind in ('refused', 'close'):
            self._drop()
        elif kind == 'silence':
            self._wait_for_client(LONGEST_SILENCE if seconds is None else seconds)
            self._drop()
        else:
            if kind == 'slow':
                time.sleep(seconds)
            self._send(started[0], started[1], body)

    def _send(self, status, headers, body):
        """One write for head and body: two would wait for each other's acknowledgement."""
        lines = ['HTTP/1.1 ' + status] + [f'{name}: {value}' for name, value in headers] + ['', '']
        self.wfile.write('\r\n'.join(lines).encode('latin-1') + (b'' if self.command == 'HEAD' else body))

    def _drop(self):
        """Reset the connection: nothing more is sent on it."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR)

    def _wait_for_client(self, seconds):
        """Say nothing until the client hangs up or the time is over."""
        readable, _writable, _failed = select.select([self.connection], [], [], seconds)
        if readable:
            self.connection.recv(1, socket.MSG_PEEK)

    def log(self, type, message, *args):
        """Requests are in the journal; standard error stays quiet."""


class Server:
    """A simulator on a free or given port of 127.0.0.1."""

    def __init__(self, simulator, port=0):
        self._server = make_server('127.0.0.1', port, simulator.app, threaded=True, request_handler=Handler)
        self.url = f'http://127.0.0.1:{self._server.server_port}'

    def serve(self):
        """Serve until ``stop`` is called from another thread, or a KeyboardInterrupt."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
