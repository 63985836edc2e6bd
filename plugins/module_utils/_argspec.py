# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that modules share, with the rules that belong to them."""

from __future__ import annotations

from typing import NamedTuple


class Spec(NamedTuple):
    """What a module hands to ``run()``: its service, and what ``AnsibleModule`` takes."""

    service: str
    argument_spec: dict
    rules: dict


def spec(service, options, wait=False, **rules):
    """Compose a module's options with the shared ones.

    :arg service: ``hss``, ``iotda`` or ``kps``. :arg options: the module's own argument spec.
    :arg wait: whether the module has the wait options.
    :arg rules: ``required_if``, ``mutually_exclusive`` and the like.
    """
    argument_spec = {**CONNECTION, **_SERVICE_OPTIONS[service], **(WAIT if wait else {}), **options}
    return Spec(service, argument_spec, rules)


# Environment variables are not fallbacks here: an empty variable counts as not set, and an option of a group of
# related ones switches off the variables of the whole group. The client resolves both.
CONNECTION = {
    "region": {"type": "str"},
    "auth_method": {"type": "str", "choices": ["auto", "aksk", "token", "password", "profile", "metadata"]},
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "auth_token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "domain_name": {"type": "str"},
    "credentials_file": {"type": "path"},
    "project_id": {"type": "str"},
    "project_name": {"type": "str"},
    "endpoint": {"type": "str"},
    "iam_endpoint": {"type": "str"},
    "cloud": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "request_timeout": {"type": "int", "default": 60},
    "request_retries": {"type": "int"},
}

WAIT = {
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 3600},
    "wait_interval": {"type": "int"},
}

_SERVICE_OPTIONS = {
    "hss": {"enterprise_project_id": {"type": "str"}},
    "iotda": {
        "instance_id": {"type": "str"},
        "signing": {"type": "str", "choices": ["auto", "standard", "derived"], "default": "auto"},
    },
    "kps": {},
}
