# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: the projects of an account."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from ansible_collections.huaweicloud.tasks.plugins.module_utils._answer import are_objects, is_text
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._operation import Operation

LIST_PROJECTS = Operation("iam", "KeystoneListProjects", "GET", "/v3/projects", True, "look up the project")
LIST_ALL_PROJECTS = LIST_PROJECTS._replace(doing="list the account's projects")

# Far more than an account may have; it only ends a list whose pages lead back to themselves.
_MOST_PAGES = 100


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


def list_projects(client):
    """Return the projects that the credentials can see, each an object as IAM gives it, with its id and name.

    IAM answers in one page unless it is asked for less; a next page is asked for when the answer names one
    (IAM KeystoneListProjects, one request a page).

    :raises ApiError: among others when the credentials may not list projects.
    """
    found = {}
    query = []
    for _page in range(_MOST_PAGES):
        answer = client.send(LIST_ALL_PROJECTS, query=query, expect={"projects": _are_projects})
        found.update((project["id"], project) for project in answer["projects"])
        query = _next_page(answer)
        if not query:
            break
    return list(found.values())


def _are_projects(value, answer):
    return are_objects(value, answer) and all(
        is_text(project.get("id"), answer) and is_text(project.get("name"), answer) for project in value
    )


def _next_page(answer):
    """The query of the link to the next page, or nothing. Only the query: the address stays the one that was given."""
    links = answer.get("links")
    link = links.get("next") if isinstance(links, dict) else None
    return parse_qsl(urlsplit(link).query) if isinstance(link, str) else []
