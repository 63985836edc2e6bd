# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: projects
short_description: The projects of a Huawei Cloud account as hosts
version_added: 0.1.0
author:
  - huaweicloud.tasks contributors (@huaweicloud-tasks)
description:
  - Lists the account's projects, so that one playbook runs over every project, with forks on one machine and with job
    slices on many.
  - Each project becomes a host that is named like the project. Its tasks run on the controller.
  - Sub-projects are listed too. Their names begin with that of their region, such as C(cn-north-4_team-a).
  - Left out are projects that are disabled, and projects whose name does not begin with a region's ID (such as C(MOS),
    which belongs to the object storage service).
  - Of projects with the same name each becomes a host with the name, an underscore and the project's ID.
  - Uses the API operation C(KeystoneListProjects), one request as long as IAM answers in one page, which it does. The
    credentials need the permission to list projects.
  - The source file is a YAML file whose name ends with C(huaweicloud_projects.yml) or C(huaweicloud_projects.yaml).
extends_documentation_fragment:
  - huaweicloud.tasks.connection_inventory
  - constructed
  - inventory_cache
options:
  plugin:
    description: Marks the source file as one of this plugin.
    type: str
    required: true
    choices: [huaweicloud.tasks.projects]
  regions:
    description:
      - Only the projects of these regions.
      - An empty list matches none. If not given, the projects of all regions are listed.
    type: list
    elements: str
notes:
  - Every host has the variables C(huaweicloud_project_id), C(huaweicloud_project_name), C(huaweicloud_region) and
    C(huaweicloud_domain_id), and C(ansible_connection) and C(ansible_python_interpreter) so that its tasks run on the
    controller and with its interpreter. Every host is in the group C(huaweicloud_projects), and in one for its region
    that is named C(region_) and the region's ID, with underscores for its hyphens (C(region_cn_north_4)).
  - The cache holds the list as IAM answered it, and no credentials. Accounts are told apart by region, IAM's address
    and the name of the user or key, so that a list is never used for another account's credentials.
"""

EXAMPLES = r"""
# my_huaweicloud_projects.yml: two regions, a group for each team, the list kept for an hour. With the first line alone
# every project becomes a host. Credentials come from the environment.
plugin: huaweicloud.tasks.projects
regions:
  - cn-north-4
  - ap-southeast-1
keyed_groups:
  - key: huaweicloud_project_name | regex_replace('^[^_]*_?', '')
    prefix: team
    default_value: none
groups:
  production: huaweicloud_project_name is search('prod')
compose:
  scan_max_age: "3600 if huaweicloud_region == 'cn-north-4' else 86400"
strict: true
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /tmp/huaweicloud_projects
cache_timeout: 3600
"""

import hashlib
import json
import re
from collections import Counter

from ansible.errors import AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import TasksError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._iam import list_projects
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import REQUESTS_MISSING, Client

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core before 2.19 takes every text for a template

    def trust_as_template(text):
        return text


SUFFIXES = ("huaweicloud_projects.yml", "huaweicloud_projects.yaml")

GROUP = "huaweicloud_projects"

CONNECTION = (
    "region",
    "auth_method",
    "access_key",
    "secret_key",
    "security_token",
    "auth_token",
    "username",
    "password",
    "domain_name",
    "credentials_file",
    "iam_endpoint",
    "cloud",
    "validate_certs",
    "ca_path",
    "request_timeout",
    "request_retries",
)

# What tells one account's list from another's.
_IDENTITY = (
    "region", "auth_method", "access_key", "auth_token", "username", "domain_name", "credentials_file", "iam_endpoint",
    "cloud",
)  # fmt: skip

_REGION = re.compile(r"^[a-z]{2,}(?:-[a-z]+)+-\d+(?=_|$)")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Asks IAM once, and makes a host of each project."""

    NAME = "huaweicloud.tasks.projects"

    def verify_file(self, path):
        return super().verify_file(path) and path.endswith(SUFFIXES)

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        self.inventory.add_group(GROUP)
        for name, region, project in named(self._projects(config, path, cache), self.get_option("regions")):
            self._add(name, region, project)

    def _projects(self, config, path, cache):
        """The account's projects, from the cache where that is on and has them."""
        if not self.get_option("cache"):
            return self._ask(config)
        key = self._cache_key(path)
        if cache and key in self._cache:
            return self._cache[key]
        projects = self._ask(config)
        self._cache[key] = projects
        return projects

    def _cache_key(self, path):
        identity = json.dumps([self._plain(self.get_option(name)) for name in _IDENTITY])
        return "%s_%s" % (self.get_cache_key(path), hashlib.sha256(identity.encode()).hexdigest()[:16])

    def _ask(self, config):
        if REQUESTS_MISSING:
            raise AnsibleParserError(missing_required_lib("requests"))
        # What the file does not hold is left to the client: it reads the variables by the same rules as in a module.
        params = {name: self._plain(self.get_option(name)) for name in CONNECTION if name in config}
        try:
            if "request_retries" in params:  # a text, because its variable may be an empty one
                params["request_retries"] = int(params["request_retries"])
            with Client.from_params("iam", params) as client:
                projects = list_projects(client)
        except ValueError as error:
            raise AnsibleParserError("request_retries must be a whole number") from error
        except TasksError as error:
            raise AnsibleParserError(error.msg) from error
        for text in client.warnings:
            self.display.warning(text)
        return projects

    def _plain(self, value):
        return self.templar.template(value) if isinstance(value, str) else value

    def _add(self, name, region, project):
        self.inventory.add_host(name)
        self.inventory.add_child(GROUP, name)
        group = self.inventory.add_group(self._sanitize_group_name("region_%s" % region.replace("-", "_")))
        self.inventory.add_child(group, name)
        variables = {
            "huaweicloud_project_id": _plain_text(project["id"]),
            "huaweicloud_project_name": _plain_text(project["name"]),
            "huaweicloud_region": _plain_text(region),
            "huaweicloud_domain_id": _plain_text(project.get("domain_id") or ""),
            "ansible_connection": _plain_text("local"),
            "ansible_python_interpreter": trust_as_template("{{ ansible_playbook_python }}"),
        }
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        self._construct(name, {key: value for key, value in variables.items() if key.startswith("huaweicloud_")})

    def _construct(self, name, variables):
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)


def _plain_text(text):
    """A text that is never taken for a template. One that cannot be is not marked, so that lists stay readable."""
    return wrap_var(text) if "{" in text else trust_as_template(text)


def named(projects, regions):
    """Yield (host name, region, project) for every project that can be worked in, in the order of their names.

    :arg projects: as IAM lists them. :arg regions: a list of region ids, or None for all.
    """
    usable = []
    for project in projects:
        region = _REGION.match(project["name"])
        if region and project.get("enabled", True) and (regions is None or region.group() in regions):
            usable.append((region.group(), project))
    count = Counter(project["name"] for _region, project in usable)
    for region, project in sorted(usable, key=lambda each: (each[1]["name"], each[1]["id"])):
        name = project["name"] if count[project["name"]] == 1 else "%s_%s" % (project["name"], project["id"])
        yield name, region, project
