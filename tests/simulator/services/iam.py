# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: the list of projects, and tokens by password."""

from __future__ import annotations

from http import HTTPStatus

from .. import checks, defaults
from ..service import Rejected, Service, operation

NAME = checks.text(1, 256)
REFERENCE = checks.record(optional={'id': NAME, 'name': NAME})
PROJECT_REFERENCE = checks.record(optional={'id': NAME, 'name': NAME, 'domain': REFERENCE})
TOKEN_BODY = checks.record(required={'auth': checks.record(
    required={'identity': checks.record(
        required={
            'methods': checks.items(checks.choice('password'), 1, 1),
            'password': checks.record(required={'user': checks.record(
                required={'name': NAME, 'password': NAME, 'domain': REFERENCE})}),
        })},
    optional={'scope': checks.record(optional={'project': PROJECT_REFERENCE, 'domain': REFERENCE})})})
TOKEN_QUERY = checks.record(optional={'nocatalog': checks.text(1, 64)})
PROJECTS_QUERY = checks.record(optional={
    'name': checks.text(0, 256),
    'domain_id': NAME,
    'parent_id': NAME,
    'enabled': checks.flag(),
    'is_domain': checks.flag(),
    'page': checks.digits(1, 1000000),
    'per_page': checks.digits(1, 5000),
})


class Iam(Service):
    """Scenario: ``users`` [{domain_name, name, password, enterprise_project_ids}], ``token_seconds``,
    ``list_projects`` (ok, forbidden), ``gateway_errors`` (iam, apigw: the shape of errors of the gateway).
    """

    name = 'iam'
    DEFAULTS = {'users': [defaults.USER], 'token_seconds': 86400, 'list_projects': 'ok', 'gateway_errors': 'iam'}
    request_id_header = 'X-IAM-Trace-Id'
    rate_limited = False
    error_code_invalid = 400

    def error(self, status, code, message):
        return {'error': {'code': status, 'message': message, 'title': HTTPStatus(status).phrase}}

    def gateway_error(self, status, code, message, request_id):
        if self.options['gateway_errors'] == 'apigw':
            return super().gateway_error(status, code, message, request_id)
        return self.error(status, code, message)

    @operation('KeystoneListProjects', 'GET', '/v3/projects')
    def list_projects(self, call):
        query = PROJECTS_QUERY(call.query)
        if self.options['list_projects'] == 'forbidden':
            raise Rejected(403, 403, 'You are not authorized to perform the requested action: '
                           'identity:list_projects.')
        found = [project for project in self.simulator.projects if _matches(project, query)]
        if 'page' in query and 'per_page' in query:
            first = (query['page'] - 1) * query['per_page']
            found = found[first:first + query['per_page']]
        return {'projects': [_project(project) for project in found],
                'links': {'next': None, 'previous': None, 'self': 'https://iam.myhuaweicloud.com/v3/projects'}}

    @operation('KeystoneCreateUserTokenByPassword', 'POST', '/v3/auth/tokens', signed=False)
    def create_token(self, call):
        TOKEN_QUERY(call.query)
        auth = TOKEN_BODY(call.body)['auth']
        user = self._user(auth['identity']['password']['user'])
        project = self._scope(auth.get('scope', {}))
        seconds = self.options['token_seconds']
        token = self.simulator.auth.new_token()
        self.simulator.auth.add_token(token, project_id=project and project['id'], expires_in=seconds,
                                      enterprise_project_ids=user.get('enterprise_project_ids'))
        domain = {'id': defaults.DOMAIN_ID, 'name': user['domain_name']}
        body = {
            'methods': ['password'],
            'issued_at': self.clock.iso(),
            'expires_at': self.clock.iso(self.clock.time() + seconds),
            'catalog': [],
            'roles': [],
            'user': {'id': 'u' * 32, 'name': user['name'], 'domain': domain, 'password_expires_at': ''},
        }
        if project is not None:
            body['project'] = {'id': project['id'], 'name': project['name'], 'domain': domain}
        return 201, {'token': body}, {'X-Subject-Token': token}

    def _user(self, given):
        for user in self.options['users']:
            if (user['name'], user['password']) == (given['name'], given['password']) \
                    and given['domain'].get('name', user['domain_name']) == user['domain_name']:
                return user
        raise Rejected(401, 401, 'The username or password is wrong.')

    def _scope(self, scope):
        """The project that a token is for, or None for a token of the domain."""
        wanted = scope.get('project')
        if wanted is None:
            return None
        for project in self.simulator.projects:
            if wanted.get('id', project['id']) == project['id'] \
                    and wanted.get('name', project['name']) == project['name']:
                return project
        raise Rejected(404, 404, 'Could not find project: {0}.'.format(wanted.get('name') or wanted.get('id')))


def _matches(project, query):
    return (query.get('name', project['name']) == project['name']
            and query.get('domain_id', project['domain_id']) == project['domain_id']
            and query.get('parent_id', project['domain_id']) == project['domain_id']
            and query.get('enabled', project['enabled']) == project['enabled'])


def _project(project):
    return {
        'id': project['id'],
        'name': project['name'],
        'domain_id': project['domain_id'],
        'parent_id': project['domain_id'],
        'is_domain': False,
        'enabled': project['enabled'],
        'description': '',
        'links': {'self': 'https://iam.myhuaweicloud.com/v3/projects/' + project['id']},
    }
