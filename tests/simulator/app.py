# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator: services behind one gateway, with a clock, a journal and faults."""

from __future__ import annotations

import importlib
import json
import pkgutil
import threading
import uuid
from base64 import b64encode
from collections import deque
from urllib.parse import quote

from flask import Flask, Response, request

from . import defaults, services
from .auth import Auth, SignedRequest, split_query
from .clock import Clock
from .control import control_blueprint
from .faults import Faults
from .journal import Journal, readable_body
from .service import Call, Caller, GatewayRejected, Rejected, Service

# Headers that a secret travels in.
AUTHENTICATING = ('x-auth-token', 'x-security-token', 'x-metadata-token', 'authorization')

# Keys of the scenario that belong to no service.
COMMON = {
    'clock': {},
    'keys': {},
    'tokens': {},
    'regions': [defaults.REGION],
    'projects': [defaults.PROJECT],
    'not_published': [],
    'rate_limit': None,
    'faults': [],
}


def service_classes():
    """Every subclass of Service in services/: a new file there is a new service."""
    found = []
    for module in pkgutil.iter_modules(services.__path__):
        members = vars(importlib.import_module(f'{services.__name__}.{module.name}')).values()
        found += [item for item in members if isinstance(item, type) and issubclass(item, Service) and item.name]
    return found


class Simulator:
    """Everything that a test needs: ``app`` (WSGI), ``clock``, ``journal``, ``faults``, ``auth``, ``state``."""

    def __init__(self, scenario=None, clock=None):
        """
        :arg scenario: as for ``load``
        :arg clock: a Clock; a manual one makes tests exact. None: real time
        """
        self.lock = threading.RLock()
        self.clock = clock or Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.auth = Auth(self.clock)
        self.services = {item.name: item(self) for item in service_classes()}
        self.app = Flask(__name__, static_folder=None)
        # A mistake in the simulator is to be seen in the test, not to look like an answer of the service.
        self.app.config['PROPAGATE_EXCEPTIONS'] = True
        self.app.register_blueprint(control_blueprint(self))
        for service in self.services.values():
            self.app.register_blueprint(service.blueprint(self._answer))
        self.app.register_error_handler(404, self._answer_unknown)
        self.app.register_error_handler(405, self._answer_unknown)
        self.load(scenario or {})

    def load(self, scenario):
        """Replace all state, faults, journal and the clock's offset. Missing keys have their defaults."""
        self._refuse_unknown(scenario)
        with self.lock:
            self.common = dict(COMMON, **{key: scenario[key] for key in COMMON if key in scenario})
            self.clock.reset(**self.common['clock'])
            self.journal.clear()
            self.faults.set(self.common['faults'])
            self.auth.load(self.common['keys'], self.common['tokens'], self.common['regions'])
            self._use_common()
            for name, service in self.services.items():
                service.load(scenario.get(name, {}))

    def merge(self, scenario):
        """Change the given keys and keep state, journal and faults.

        Keys and tokens are added to those that are there, and so are faults; the clock has its own control.
        """
        self._refuse_unknown(scenario)
        with self.lock:
            for access_key, fields in scenario.get('keys', {}).items():
                self.auth.add_key(access_key, **fields)
            for token, fields in scenario.get('tokens', {}).items():
                self.auth.add_token(token, **fields)
            self.faults.add(scenario.get('faults', []))
            for key in ('projects', 'not_published', 'rate_limit'):
                if key in scenario:
                    self.common[key] = scenario[key]
            self._use_common()
            for name, service in self.services.items():
                if name in scenario:
                    service.merge(scenario[name])

    def _refuse_unknown(self, scenario):
        unknown = set(scenario) - set(COMMON) - set(self.services)
        if unknown:
            raise ValueError('unknown keys in the scenario: {0}'.format(', '.join(sorted(unknown))))

    def _use_common(self):
        self.projects = _projects(self.common['projects'])
        self._recent = deque()

    @property
    def state(self):
        """The whole state as JSON data."""
        with self.lock:
            return {
                'now': self.clock.time(),
                'projects': self.projects,
                'faults': self.faults.describe(),
                **{name: service.dump() for name, service in self.services.items()},
            }

    # The gateway

    def _answer(self, service, operation, path):
        """Answer one request: fault, credentials, limits, the service; and write it down."""
        raw = request.get_data()
        with self.lock:
            fault = self.faults.take(service.name, operation.name)
            entry = self._journal_entry(service.name, operation, path, raw, fault)
            if fault is None or fault.takes_effect:
                response = self._serve(service, operation, path, raw, entry)
            else:
                response = None
            if fault is not None:
                response = self._disturb(fault, service, entry, response)
            response.headers['Date'] = self.clock.http_date()
            response.headers[service.request_id_header] = entry['request_id']
            entry['status'] = None if fault is not None and fault.wire in ('refused', 'close', 'silence') \
                else response.status_code
            return response

    def _answer_unknown(self, _error):
        """No service has this path and method."""
        with self.lock:
            entry = self._journal_entry(None, None, {}, request.get_data(), None)
            entry.update(status=404, error_code='APIGW.0101')
            body = {'error_msg': 'The API does not exist or has not been published in the environment',
                    'error_code': 'APIGW.0101', 'request_id': entry['request_id']}
            return _response(404, body, {'Date': self.clock.http_date(), 'X-Request-Id': entry['request_id']})

    def _journal_entry(self, service, operation, path, raw, fault):
        headers = request.headers
        return self.journal.add(
            time=self.clock.time(),
            service=service,
            operation=operation.name if operation else None,
            method=request.method,
            path=request.path,
            path_parameters=path,
            query=split_query(request.query_string.decode('latin-1')),
            body=readable_body(raw),
            headers=sorted(name for name, _value in headers),
            write=bool(operation and operation.write),
            effect=False,
            fault=fault.kind if fault else None,
            status=None,
            error_code=None,
            request_id=uuid.uuid4().hex,
            auth=None,
            sdk_date=headers.get('X-Sdk-Date'),
            connection=request.environ.get('REMOTE_PORT'),
        )

    def _serve(self, service, operation, path, raw, entry):
        """Let the request through to its service. Errors of gateway and service become answers."""
        try:
            call = self._admit(service, operation, path, raw, entry)
            result = service.handle(call)
            status, body, headers = result if isinstance(result, tuple) else (200, result, {})
            entry['effect'] = operation.write and call.effect
            return _response(status, body, headers)
        except Rejected as rejected:
            entry['error_code'] = rejected.code
            return _response(rejected.status, self._error_body(service, rejected, entry), rejected.headers)

    @staticmethod
    def _error_body(service, rejected, entry):
        if rejected.body is not None:
            return rejected.body
        if isinstance(rejected, GatewayRejected):
            return service.gateway_error(rejected.status, rejected.code, rejected.message, entry['request_id'])
        return service.error(rejected.status, rejected.code, rejected.message)

    def _admit(self, service, operation, path, raw, entry):
        """Credentials, publication, rate, project, and the form of query and body; a Call when all is well."""
        caller = Caller('none')
        if operation.signed:
            headers = {name.lower(): _text(value) for name, value in request.headers}
            target = request.environ.get('RAW_URI') or request.full_path
            signed = SignedRequest(request.method, target, headers, raw)
            caller = self.auth.check(signed, service.derived_name)
            entry['auth'] = caller.method
        if service.name in self.common['not_published'] or operation.name in self.common['not_published']:
            raise GatewayRejected(404, 'APIGW.0101',
                                  'The API does not exist or has not been published in the environment')
        if service.rate_limited:
            self._count_rate()
        self._check_project(path, caller)
        return Call(operation, path, _single(service, entry['query']), _json_object(service, raw),
                    request.headers, caller, entry)

    def _count_rate(self):
        """The whole account shares one moving window."""
        limit = self.common['rate_limit']
        if not limit:
            return
        now = self.clock.time()
        while self._recent and self._recent[0] <= now - limit['seconds']:
            self._recent.popleft()
        if len(self._recent) >= limit['limit']:
            headers = {'Retry-After': str(limit['retry_after'])} if 'retry_after' in limit else {}
            raise _throttled(limit['limit'], limit['seconds'], headers)
        self._recent.append(now)

    def _check_project(self, path, caller):
        project_id = path.get('project_id')
        if project_id is None:
            return
        if all(project['id'] != project_id for project in self.projects):
            raise GatewayRejected(403, 'APIGW.0310', 'The project is unavailable')
        if caller.method == 'token' and caller.project_id != project_id:
            raise GatewayRejected(403, 'APIGW.0302', 'The token is not scoped to the project in the path')

    # Faults

    def _disturb(self, fault, service, entry, response):
        """The answer under a fault; what happens on the connection instead is left to the transport."""
        if fault.wire is not None:
            request.environ['simulator.wire'] = (fault.wire, fault.seconds)
            return response if response is not None else Response(status=204)
        if fault.kind == 'truncated':
            whole = response.get_data()
            response.set_data(whole[:max(1, len(whole) // 2)] or b'{"')
            return response
        try:
            return self._disturbed_answer(fault, service, entry)
        except Rejected as rejected:
            entry['error_code'] = rejected.code
            return _response(rejected.status, self._error_body(service, rejected, entry), rejected.headers)

    def _disturbed_answer(self, fault, service, entry):
        if fault.kind == 'shape':
            return _response(200, fault.body_text(), fault.headers)
        if fault.kind == 'redirect':
            return _response(302, '', {'Location': fault.location})
        if fault.kind == 'throttle':
            raise _throttled(200, 300, {} if fault.retry_after is None else {'Retry-After': str(fault.retry_after)})
        if fault.kind == 'iotda_throttle':
            raise Rejected(403, 'IOTDA.021101', 'Request reached the maximum rate limit',
                           body={'error_code': 'IOTDA.021101', 'error_msg': 'Request reached the maximum rate limit'})
        if fault.kind == 'echo':
            return _response(fault.status, _echo(request, fault.body), {})
        if fault.kind == 'token_expired':
            self.auth.expire({name.lower(): value for name, value in request.headers})
            raise GatewayRejected(401, 'APIGW.0307', 'The token must be updated')
        return self._status_answer(fault)

    @staticmethod
    def _status_answer(fault):
        if fault.body_text() is not None:
            response = _response(fault.status, fault.body_text(), fault.headers)
            if fault.body == 'html':
                response.headers['Content-Type'] = 'text/html'
            return response
        code = fault.code or 'APIGW.0201'
        kind = GatewayRejected if code.startswith('APIG') else Rejected
        raise kind(fault.status, code, fault.message or 'Backend unavailable', fault.headers)


def _echo(received, form):
    """A page that repeats the request, as some proxies' pages do; what authenticates it comes first."""
    headers = sorted(received.headers, key=lambda header: header[0].lower() not in AUTHENTICATING)
    values = [(name + ': ', value) for name, value in headers] + [('', received.get_data(as_text=True))]
    encode = {'url': lambda text: quote(text, safe=''),
              'base64': lambda text: b64encode(text.encode('utf-8')).decode('ascii')}.get(form, str)
    # Encoded with the name and without, since base64 depends on what stands before.
    return '<pre>{0}</pre>'.format('\n'.join(encode(name + value) + '\n' + encode(value) for name, value in values))


def _projects(given):
    """The projects of the scenario: a list, or {'count': n, 'prefix': 'cn-north-4_'} besides the default one."""
    if isinstance(given, dict):
        prefix = given.get('prefix', defaults.REGION + '_')
        made = [{'id': f'{0xa0000000000000000000000000000000 + number:032x}',
                 'name': f'{prefix}{number:03d}'} for number in range(1, given['count'] + 1)]
        given = [defaults.PROJECT] + made
    fill = {'domain_id': defaults.DOMAIN_ID, 'domain_name': defaults.DOMAIN_NAME, 'enabled': True}
    return [dict(fill, **project) for project in given]


def _throttled(limit, seconds, headers):
    period = f'{seconds // 60} minute' if seconds % 60 == 0 else f'{seconds} second'
    return GatewayRejected(429, 'APIGW.0308', 'The throttling threshold has been reached: '
                           f'policy user over ratelimit,limit:{limit},time:{period}', headers)


def _response(status, body, headers):
    return Response(_body_text(body).encode('utf-8'), status=status, headers=headers, content_type='application/json')


def _body_text(body):
    """Nothing for None, text as it is, anything else as JSON; Chinese stays Chinese on the wire."""
    if body is None:
        return ''
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _text(header):
    """WSGI hands header bytes over as Latin-1; on the wire they are UTF-8."""
    return header.encode('latin-1').decode('utf-8', 'replace')


def _single(service, pairs):
    query = dict(pairs)
    if len(query) != len(pairs):
        raise Rejected(400, service.error_code_invalid, 'a query parameter is given twice')
    return query


def _json_object(service, raw):
    if not raw:
        return None
    try:
        body = json.loads(raw.decode('utf-8'))
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Rejected(400, service.error_code_invalid, 'the body must be a JSON object')
    return body
