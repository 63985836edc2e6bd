# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real servers on the loopback: a service over HTTP or TLS, a proxy, and a certificate authority for them."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ANSWER = b'{"total_num": 0, "data_list": [], "task_id": "1"}'

_NO_USE = dict.fromkeys(
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement crl_sign encipher_only"
    " decipher_only".split(),
    False,
)
_OF_AN_AUTHORITY = [
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (x509.KeyUsage(key_cert_sign=True, **_NO_USE), True),
]


class Authority:
    """A certificate authority whose certificate is at ``path``, in PEM."""

    def __init__(self, directory, name="authority"):
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._sign(self._name, self._key, _OF_AN_AUTHORITY)
        self.path = directory / (name + ".pem")
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, *hosts):
        """A server's TLS context with a certificate for these hosts."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "service")])
        certificate = self._sign(subject, key, [(x509.SubjectAlternativeName([_alternative(h) for h in hosts]), False)])
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._directory / "service.pem"
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, subject, key, extensions):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256())


def _alternative(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class _Service(BaseHTTPRequestHandler):
    """Answers everything, and keeps what was asked."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.server.seen.append((self.command, self.path, dict(self.headers), self.client_address[1]))
        if self.server.hangs_up:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_arguments):
        """Tests look at ``seen``."""


class _Proxy(_Service):
    """Refuses, or connects every tunnel to the one server behind it."""

    def do_CONNECT(self):
        self.server.seen.append(("CONNECT", self.path, dict(self.headers), self.client_address[1]))
        self.close_connection = True
        if self.server.behind is None:
            self.send_response(407)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.server.behind)) as other:
            back = threading.Thread(target=_copy, args=(other, self.connection), daemon=True)
            back.start()
            _copy(self.connection, other)
            back.join(5)


def _copy(source, target):
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(65536)
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)


@contextlib.contextmanager
def _running(handler, context=None, **attributes):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.seen = []
    server.__dict__.update(attributes)
    server.handle_error = lambda *_arguments: None
    if context:
        # The handshake belongs to the thread of its connection: a client that says nothing must not hold up the others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def service(context=None, hangs_up=False):
    """A service; with ``hangs_up`` it ends the connection when a request has arrived."""
    return _running(_Service, context, hangs_up=hangs_up)


def proxy(behind=None):
    """An HTTP proxy whose tunnels all lead to the port ``behind``; without one it answers 407."""
    return _running(_Proxy, hangs_up=False, behind=behind)
