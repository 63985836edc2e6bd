# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: the projects of an account."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import are_objects
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation

LIST_PROJECTS = Operation("iam", "KeystoneListProjects", "GET", "/v3/projects", True, "look up the project")


def find_project(client, name):
    """Return the id of the project with this name (IAM KeystoneListProjects, one request).

    :raises InputError: there is no such project, or more than one; both name what to give instead.
    :raises ApiError: among others when the credentials may not list projects.
    """
    projects = client.send(LIST_PROJECTS, query=[("name", name)], expect={"projects": are_objects})["projects"]
    ids = [project["id"] for project in projects if isinstance(project.get("id"), str)]
    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise InputError(
            "The account has no project named %s that these credentials can see;"
            " check region, or give project_name or project_id" % name
        )
    raise InputError(
        "The account has %s projects named %s (%s); give the id of the right one as project_id"
        % (len(ids), name, ", ".join(ids))
    )
