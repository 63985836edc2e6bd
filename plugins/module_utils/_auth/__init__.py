# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials are used: options before the environment, and one source only."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._aksk import AccessKey
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError

METHOD_VARIABLE = "HUAWEICLOUD_AUTH_METHOD"

METHODS = {method.name: method for method in (AccessKey,)}

# The official SDK's names, then Terraform's. Each row is a source of its own: a key of one row never meets the
# security token of another.
_ENVIRONMENT = {
    "aksk": (
        {
            "access_key": "HUAWEICLOUD_SDK_AK",
            "secret_key": "HUAWEICLOUD_SDK_SK",
            "security_token": "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        },
        {"access_key": "HW_ACCESS_KEY", "secret_key": "HW_SECRET_KEY", "security_token": "HW_SECURITY_TOKEN"},
    ),
}


def choose(params, environ):
    """Return the validated ``Method`` that signs this module's requests.

    :arg params: the module's options. :arg environ: the environment of the process.
    :raises InputError: ``auth_method`` is unknown, or a credential option is an empty string.
    :raises AuthError: no credentials, or half a set.
    """
    wanted = _wanted(params, environ)
    for find in (_from_options, _from_environment):
        method = find(wanted, params, environ)
        if method:
            method.validate()
            return method
    raise AuthError(
        "No credentials: neither the options access_key and secret_key nor the variables HUAWEICLOUD_SDK_AK and"
        " HUAWEICLOUD_SDK_SK, or HW_ACCESS_KEY and HW_SECRET_KEY, are set"
    )


def _wanted(params, environ):
    """The methods that may be used, in their order."""
    name = params.get("auth_method") or environ.get(METHOD_VARIABLE) or "auto"
    if name == "auto":
        return list(METHODS.values())
    if name not in METHODS:
        raise InputError("%s is %r, but must be auto, %s" % (METHOD_VARIABLE, name, ", ".join(METHODS)))
    return [METHODS[name]]


def _from_options(wanted, params, environ):
    for method in wanted:
        values = {name: params[name] for name in method.options if params.get(name) is not None}
        empty = [name for name, value in values.items() if not value]
        if empty:
            raise InputError("%s is an empty string; give a value, or leave the option out" % empty[0])
        if values:
            return method(values, "the options")
    return None


def _from_environment(wanted, params, environ):
    for method in wanted:
        for names in _ENVIRONMENT.get(method.name, ()):
            values = {option: environ[name] for option, name in names.items() if environ.get(name)}
            if values:
                return method(values, "the environment (%s)" % ", ".join(sorted(names.values())))
    return None
