# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a simulated service is made of. A service is one file in services/ with one subclass of Service."""

from __future__ import annotations

import copy
from typing import NamedTuple, Optional

from flask import Blueprint

from . import checks


class Operation(NamedTuple):
    """One API operation: its name in the API, and how it is called."""

    name: str
    method: str
    path: str
    write: bool
    signed: bool
    handler: str


class Caller(NamedTuple):
    """Who sent a request. ``enterprise_project_ids`` None: no restriction. ``project_id``: the scope of a token."""

    method: str
    access_key: Optional[str] = None
    enterprise_project_ids: Optional[tuple] = None
    project_id: Optional[str] = None


class Rejected(Exception):
    """An answer that is an error. ``body`` replaces the service's own shape of error."""

    def __init__(self, status, code, message, headers=None, body=None):
        super().__init__(f'{status} {code} {message}')
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.body = body


class GatewayRejected(Rejected):
    """An error of the API gateway, in front of the service."""


class Call:
    """One request as a handler sees it, after the gateway has let it through.

    ``path``: the parameters of the path; ``query``: {name: str}; ``body``: the parsed JSON object or None;
    ``headers``: case-insensitive; ``project_id``: from the path or None; ``caller``: Caller.
    A handler of a write sets ``effect`` to False when it answers 2xx without having changed anything.
    ``note`` puts something harmless into the journal.
    """

    def __init__(self, operation, path, query, body, headers, caller, entry):
        self.operation = operation
        self.path = path
        self.query = query
        self.body = body
        self.headers = headers
        self.caller = caller
        self.effect = operation.write
        self._entry = entry

    @property
    def project_id(self):
        return self.path.get('project_id')

    def note(self, name, value):
        self._entry[name] = value


def operation(name, method, path, write=False, signed=True):
    """Mark a method of a Service as the handler of an API operation.

    :arg name: the operation's name in the API, as journal and faults call it
    :arg path: a Flask rule; a part ``<project_id>`` is checked against the known projects
    :arg write: it changes something
    :arg signed: it wants credentials

    The handler gets a Call and returns a dict (200), None (200 without a body) or ``(status, body, headers)``.
    """
    def mark(function):
        function.operation = Operation(name, method, path, write, signed, function.__name__)
        return function
    return mark


class Service:
    """Base of every service. ``name`` is also the key of its part of the scenario, ``DEFAULTS`` that part's keys."""

    name = ''
    DEFAULTS = {}
    request_id_header = 'X-Request-Id'
    # The service name in the scope of a derived (V11-HMAC-SHA256) signature; None: such signatures are refused.
    derived_name = None
    # The code of an answer to a value that breaks a documented limit.
    error_code_invalid = 'HTTP.400'
    # Counted against the scenario's rate_limit.
    rate_limited = True

    def __init__(self, simulator):
        self.simulator = simulator
        self.clock = simulator.clock
        self.options = copy.deepcopy(self.DEFAULTS)

    @classmethod
    def operations(cls):
        handlers = [getattr(cls, name) for name in dir(cls)]
        return [handler.operation for handler in handlers if hasattr(handler, 'operation')]

    def blueprint(self, answer):
        """The service's routes; ``answer(service, operation, path)`` is the gateway."""
        blueprint = Blueprint(self.name, __name__)
        for item in self.operations():
            blueprint.add_url_rule(item.path, endpoint=item.name, methods=[item.method],
                                   view_func=self._view(answer, item), provide_automatic_options=False)
        return blueprint

    def _view(self, answer, item):
        def view(**path):
            return answer(self, item, path)
        return view

    def load(self, part):
        """Begin anew with this part of the scenario. Subclasses call it first, then build their state."""
        self._refuse_unknown(part)
        self.options = dict(copy.deepcopy(self.DEFAULTS), **part)

    def merge(self, part):
        """Change options and keep the state. Subclasses add what they can do to state."""
        self._refuse_unknown(part)
        self.options.update(part)

    def _refuse_unknown(self, part):
        unknown = set(part) - set(self.DEFAULTS)
        if unknown:
            raise ValueError('unknown keys for {0} in the scenario: {1}'.format(self.name, ', '.join(sorted(unknown))))

    def dump(self):
        """The state for GET /_control/state, as JSON data."""
        return {}

    def error(self, status, code, message):
        """The body of an error of this service."""
        return {'error_code': code, 'error_msg': message}

    def gateway_error(self, status, code, message, request_id):
        """The body of an error of the gateway in front of this service."""
        return {'error_msg': message, 'error_code': code, 'request_id': request_id}

    def handle(self, call):
        """Run the handler of a call. A value that breaks a limit (checks.Invalid) is a 400."""
        try:
            return getattr(self, call.operation.handler)(call)
        except checks.Invalid as problem:
            raise Rejected(400, self.error_code_invalid, str(problem)) from problem
