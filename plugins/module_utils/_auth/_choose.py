# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials are used: options before the environment, and one source only.

Each way to sign in is imported only when it is chosen, because start-up is most of the time of a short module.
"""

from __future__ import annotations

import os

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError

METHOD_VARIABLE = "HUAWEICLOUD_AUTH_METHOD"
FILE_VARIABLE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
DEFAULT_FILE = "~/.huaweicloud/credentials"

METHODS = ("aksk", "token", "password", "profile", "metadata")

# In the order in which they are looked for.
_OPTIONS = {
    "token": ("auth_token",),
    "aksk": ("access_key", "secret_key", "security_token"),
    "password": ("username", "password", "domain_name"),
    "profile": ("credentials_file",),
}

# In the order in which they are looked for. Each row is a source of its own: a key of one row never meets the
# security token of another. For access keys there are the official SDK's names, then Terraform's.
_VARIABLES = (
    ("token", {"auth_token": "HW_AUTH_TOKEN"}),
    (
        "aksk",
        {
            "access_key": "HUAWEICLOUD_SDK_AK",
            "secret_key": "HUAWEICLOUD_SDK_SK",
            "security_token": "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        },
    ),
    ("aksk", {"access_key": "HW_ACCESS_KEY", "secret_key": "HW_SECRET_KEY", "security_token": "HW_SECURITY_TOKEN"}),
    ("password", {"username": "HW_USER_NAME", "password": "HW_USER_PASSWORD", "domain_name": "HW_DOMAIN_NAME"}),
)

# Terraform's users set it beside an access key; alone it does not ask for a password login.
_NO_BEGINNING = "HW_DOMAIN_NAME"


def choose(params, environ):
    """Return the validated ``Method`` that signs this module's requests. No call is made.

    :arg params: the module's options. :arg environ: the environment of the process.
    :raises InputError: ``auth_method`` is unknown, or a credential option is an empty string.
    :raises AuthError: no credentials of the wanted method, half a set, or a credentials file that cannot be used.
    """
    given = _given_options(params)
    wanted = _wanted_method(params, given, environ)
    if wanted == "metadata":
        method = _from_server(environ)
    elif wanted == "profile":
        method = _from_file(_file_name(given, environ) or DEFAULT_FILE)
    elif given:
        method = _from_options(given, wanted)
    else:
        method = _from_environment(environ, wanted) or _last_resorts(environ, wanted)
    method.validate()
    return method


def _given_options(params):
    """The credential options that are given. Empty ones are mistakes, such as a variable that expands to nothing."""
    names = [name for options in _OPTIONS.values() for name in options]
    given = {name: params[name] for name in names if params.get(name) is not None}
    for name, value in given.items():
        if not value:
            raise InputError("%s is an empty string; give a value, or leave the option out" % name)
    return given


def _wanted_method(params, given, environ):
    """The method that is asked for, or None for any. Beside a credential option no variable counts."""
    wanted = params.get("auth_method") or (None if given else environ.get(METHOD_VARIABLE)) or "auto"
    if wanted != "auto" and wanted not in METHODS:
        raise InputError("%s is %r, but must be auto, %s" % (METHOD_VARIABLE, wanted, ", ".join(METHODS)))
    return None if wanted == "auto" else wanted


def _from_options(given, wanted):
    for name in [wanted] if wanted else _OPTIONS:
        values = {option: given[option] for option in _OPTIONS[name] if option in given}
        if values:
            return _from_file(values["credentials_file"]) if name == "profile" else _load(name)(values, "the options")
    raise AuthError(
        "No credentials for auth_method=%s: none of the options %s is given."
        " The environment is not looked at, because %s given" % (wanted, ", ".join(_OPTIONS[wanted]), _are(given))
    )


def _from_environment(environ, wanted):
    for name, variables in _VARIABLES:
        if wanted and name != wanted:
            continue
        values = {option: environ[variable] for option, variable in variables.items() if environ.get(variable)}
        if values and (wanted or [variables[option] for option in values] != [_NO_BEGINNING]):
            return _load(name)(values, "the environment", variables)
    return None


def _last_resorts(environ, wanted):
    """A credentials file, then the metadata service; nothing of both when another method is asked for."""
    if wanted:
        rows = " or ".join(", ".join(variables.values()) for name, variables in _VARIABLES if name == wanted)
        raise AuthError(
            "No credentials for auth_method=%s: neither the options (%s) nor the variables (%s) are set"
            % (wanted, ", ".join(_OPTIONS[wanted]), rows)
        )
    named = environ.get(FILE_VARIABLE)
    if named:
        return _from_file(named)
    missing = "there is no file %s" % DEFAULT_FILE
    if os.path.exists(os.path.expanduser(DEFAULT_FILE)):
        section = _read_section(DEFAULT_FILE)
        if section is not None:
            return _load("profile")(DEFAULT_FILE, section)
        missing = "the file %s has no section [basic]" % DEFAULT_FILE
    options = ", ".join(option for options in _OPTIONS.values() for option in options)
    variables = ", ".join(variable for _name, row in _VARIABLES for variable in row.values())
    return _from_server(
        environ,
        "No credentials: none of the options %s and none of the variables %s, %s is set, %s"
        % (options, variables, FILE_VARIABLE, missing),
    )


def _file_name(given, environ):
    """An option beats the variable; beside other credential options the variable does not count."""
    return given.get("credentials_file") or (None if given else environ.get(FILE_VARIABLE))


def _from_file(path):
    """The credentials of a file that is asked for, so that it must hold some."""
    section = _read_section(path)
    if section is None:
        raise AuthError("The credentials file %s has no section [basic]" % path)
    return _load("profile")(path, section)


def _read_section(path):
    from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._profile import read_section

    return read_section(path)


def _from_server(environ, looked_at=""):
    from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._metadata import (
        DEFAULT_ENDPOINT,
        ENDPOINT_VARIABLE,
    )

    return _load("metadata")(environ.get(ENDPOINT_VARIABLE) or DEFAULT_ENDPOINT, looked_at)


def _load(name):
    """Import a method's class."""
    if name == "aksk":
        from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._aksk import AccessKey as method
    elif name == "token":
        from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._token import Token as method
    elif name == "password":
        from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._password import Password as method
    elif name == "profile":
        from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._profile import Profile as method
    else:
        from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._metadata import Metadata as method
    return method


def _are(names):
    names = list(names)
    return "%s %s" % (", ".join(names), "is" if len(names) == 1 else "are")
