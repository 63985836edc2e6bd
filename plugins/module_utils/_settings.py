# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options over environment: where requests go and how they are sent. Credentials are chosen in ``_auth``."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, Optional, Union
from urllib.parse import urlsplit

from ansible_collections.huaweicloud.tasks.plugins.module_utils._endpoints import (
    DEFAULT_CLOUD,
    iam_endpoint,
    service_endpoint,
)
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError

REGION_VARIABLES = ("HUAWEICLOUD_REGION", "HW_REGION_NAME")
PROJECT_ID_VARIABLES = ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID")
PROJECT_NAME_VARIABLES = ("HW_PROJECT_NAME",)
IAM_ENDPOINT_VARIABLES = ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL")
ENTERPRISE_PROJECT_VARIABLES = ("HW_ENTERPRISE_PROJECT_ID",)

DEFAULT_RETRIES = 5


class Settings(NamedTuple):
    """Everything about a client but its credentials.

    ``verify`` is what requests takes: False, True, or the path of a CA bundle. ``timeout`` is in seconds and holds
    for the connection and for each pause in the answer. ``retries`` is how often one safe request is sent again.
    ``derived_region`` is the region that derived signatures name, None where standard ones are wanted.
    ``enterprise_project_id`` None leaves the choice to the service.
    """

    service: str
    endpoint: str
    iam_endpoint: str
    region: Optional[str] = None
    project_id: Optional[str] = None
    project_name: Optional[str] = None
    verify: Union[bool, str] = True
    timeout: int = 60
    retries: int = DEFAULT_RETRIES
    derived_region: Optional[str] = None
    enterprise_project_id: Optional[str] = None


def from_environment(variables, environ):
    """Return the first of the variables that is set and not empty, or None: an empty variable is not set."""
    return next((environ[name] for name in variables if environ.get(name)), None)


def read_settings(service, params, environ, profile=None):
    """Settle every connection option.

    :arg service: ``hss``, ``iotda``, ``kps``, or ``iam`` for what needs nothing else.
    :arg params: the module's options; an option that is not in it counts as not given.
    :arg environ: the environment of the process.
    :arg profile: ``project_id`` and ``iam_endpoint`` that a credentials file holds, for what is given nowhere else.
    :raises InputError: an option or variable has a value that cannot be used, or one that is needed is missing.
    """
    given = _GivenOptions(params)
    profile = profile or {}
    region = given.text("region", REGION_VARIABLES, environ, _REGION, "a region id such as cn-north-4")
    cloud = given.text("cloud", ("HW_CLOUD",), environ, _DOMAIN, "a domain such as myhuaweicloud.com") or DEFAULT_CLOUD
    project_id, project_name = _project(given, environ, profile)
    iam = given.text("iam_endpoint", IAM_ENDPOINT_VARIABLES, environ) or profile.get("iam_endpoint")
    endpoint = "" if service == "iam" else _endpoint(service, given, environ, region, cloud)
    return Settings(
        service=service,
        endpoint=endpoint,
        iam_endpoint=_base_url("iam_endpoint", re.sub(r"/v3/?$", "", iam)) if iam else iam_endpoint(region, cloud),
        region=region,
        project_id=project_id,
        project_name=project_name,
        verify=_verify(given, environ),
        timeout=_at_least("request_timeout", given.value("request_timeout", 60), 1),
        retries=_at_least("request_retries", _retries(given, environ), 0),
        derived_region=_derived_region(given, endpoint, region) if service == "iotda" else None,
        enterprise_project_id=_enterprise_project(given, environ) if service == "hss" else None,
    )


_REGION = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_DOMAIN = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
_ENTERPRISE_PROJECT = re.compile(r"^\S{1,256}$")
_PROJECT_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_PROJECT_ID_FORM = "an id of 1 to 64 letters, digits, hyphens and underscores"


class _GivenOptions:
    def __init__(self, params):
        self._params = params

    def value(self, option, default=None):
        value = self._params.get(option)
        return default if value is None else value

    def text(self, option, variables, environ, pattern=None, form=None):
        """The option, else the first variable that is set; None when there is neither."""
        text = self._params.get(option)
        if text == "":
            raise InputError("%s is an empty string; give a value, or leave the option out" % option)
        source = option
        if text is None:
            source = next((name for name in variables if environ.get(name)), None)
            text = environ[source] if source else None
        if text is not None and pattern and not pattern.fullmatch(text):
            raise InputError("%s is %r, but must be %s" % (source, text, form))
        return text


def _project(given, environ, profile):
    """An option beats the variables of both, since a name given to the task is meant more than an id around it."""
    if given.value("project_id") is not None and given.value("project_name") is not None:
        raise InputError("project_id and project_name exclude each other; give one of them")
    if given.value("project_name") is not None:
        return None, given.text("project_name", (), environ)
    project_id = given.text("project_id", PROJECT_ID_VARIABLES, environ, _PROJECT_ID, _PROJECT_ID_FORM)
    project_name = None if project_id else from_environment(PROJECT_NAME_VARIABLES, environ)
    if project_id or project_name or not profile.get("project_id"):
        return project_id, project_name
    if not _PROJECT_ID.fullmatch(profile["project_id"]):
        raise InputError("project_id in the credentials file must be %s" % _PROJECT_ID_FORM)
    return profile["project_id"], None


def _endpoint(service, given, environ, region, cloud):
    variables = ()
    if region:
        variables = ("HUAWEICLOUD_SDK_REGION_%s_%s" % (service.upper(), region.replace("-", "_").upper()),)
    endpoint = given.text("endpoint", variables, environ)
    if endpoint:
        # The official SDK takes a comma-separated list there and tries one after the other.
        return _base_url("endpoint", endpoint.split(",")[0].strip())
    if not region:
        raise InputError(
            "No region: give the option region, or set %s (or give the service's address as endpoint)"
            % " or ".join(REGION_VARIABLES)
        )
    return service_endpoint(service, region, cloud)


def _enterprise_project(given, environ):
    return given.text(
        "enterprise_project_id",
        ENTERPRISE_PROJECT_VARIABLES,
        environ,
        _ENTERPRISE_PROJECT,
        "an id of 1 to 256 characters without spaces",
    )


def _derived_region(given, endpoint, region):
    """The host names of IoTDA's standard and enterprise instances, and only these, hold ``.iotda-app.``."""
    signing = given.value("signing", "auto")
    if signing == "standard" or (signing == "auto" and ".iotda-app." not in (urlsplit(endpoint).hostname or "")):
        return None
    if not region:
        raise InputError(
            "No region: derived signatures name the region in which the instance is; give the option region, or set %s"
            % " or ".join(REGION_VARIABLES)
        )
    return region


def _base_url(option, url):
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        usable = False
    if not usable or parts.query or parts.fragment:
        raise InputError(
            "%s is not the address of a service; it must look like https://hss.cn-north-4.myhuaweicloud.com" % option
        )
    if parts.username is not None or parts.password is not None:
        raise InputError("%s must not hold a user name or password" % option)
    return url.rstrip("/")


def _verify(given, environ):
    if not given.value("validate_certs", True):
        return False
    bundle = given.text("ca_path", ("REQUESTS_CA_BUNDLE",), environ)
    if bundle and not os.path.exists(os.path.expanduser(bundle)):
        raise InputError("ca_path (or REQUESTS_CA_BUNDLE) names %s, which does not exist" % bundle)
    return os.path.expanduser(bundle) if bundle else True


def _retries(given, environ):
    retries = given.value("request_retries")
    if retries is not None:
        return retries
    text = environ.get("HW_MAX_RETRIES") or str(DEFAULT_RETRIES)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise InputError("HW_MAX_RETRIES is %.20r, but must be a whole number" % text)
    return int(text)


def _at_least(option, number, least):
    if number < least:
        raise InputError("%s is %s, but must be at least %s" % (option, number, least))
    return number
