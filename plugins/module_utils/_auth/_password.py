# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An IAM user's name and password, exchanged for a token."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import is_object
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._method import Method, send_token
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation

# Another token harms nobody, so the request may be sent again when its answer was lost.
CREATE_TOKEN = Operation(
    "iam", "KeystoneCreateUserTokenByPassword", "POST", "/v3/auth/tokens", True, "sign in by password"
)


class Password(Method):
    """Signs in once for each run of a module, for one project; and once more when the token expires meanwhile."""

    name = "password"
    needed = ("username", "password", "domain_name")

    def __init__(self, values, source, spelling=None):
        super().__init__(values, source, spelling)
        self._token = None
        self._project_id = None

    def secrets(self):
        return [self.values.get("password"), self._token]

    def authenticate(self, client):
        """Get a token (IAM KeystoneCreateUserTokenByPassword, one request).

        :raises InputError: neither a project nor a region is known. :raises ApiError: IAM refused.
        """
        self._token = None
        answer, headers = client.exchange(
            CREATE_TOKEN,
            query=[("nocatalog", "true")],
            body={"auth": {"identity": self._identity(), "scope": {"project": _project(client.settings)}}},
            expect={"token": is_object},
            expect_header="X-Subject-Token",
        )
        client.register_secrets([headers["X-Subject-Token"]])
        self._token = headers["X-Subject-Token"]
        project = answer["token"].get("project")
        self._project_id = project.get("id") if isinstance(project, dict) else None

    def _identity(self):
        user = {
            "name": self.values["username"],
            "password": self.values["password"],
            "domain": {"name": self.values["domain_name"]},
        }
        return {"methods": ["password"], "password": {"user": user}}

    def renew(self, client):
        """A token lives 24 hours, which a long wait outlasts."""
        if not self._token:  # what was refused is the password itself
            return False
        self.authenticate(client)
        return True

    def advice(self, problem):
        if self._token:
            return "the token that IAM gave was refused; check that iam_endpoint and endpoint are of the same cloud"
        return "check username, password and domain_name; the user must be an IAM user, and repeated failures lock it"

    def project_id(self):
        return self._project_id

    def signer(self, now, derived=None):
        return send_token(self._token)


def _project(settings):
    """What the token is to be valid for."""
    if settings.project_id:
        return {"id": settings.project_id}
    name = settings.project_name or settings.region
    if not name:
        raise InputError("No project to sign in to: give project_id, project_name or region")
    return {"name": name}
