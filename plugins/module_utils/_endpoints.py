# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a service answers, by region."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError

DEFAULT_CLOUD = "myhuaweicloud.com"

_HOSTS = {"hss": "hss", "iotda": "iotda", "kps": "kms", "iam": "iam"}
_NAMES = {"hss": "HSS", "iotda": "IoTDA", "kps": "KPS", "iam": "IAM"}

# The one region of the default cloud whose host names end differently.
_OTHER_CLOUD = {"eu-west-101": "myhuaweicloud.eu"}

_REGIONS = frozenset(
    "ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5"
    " cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-11 cn-north-12 cn-north-2 cn-north-4 cn-north-9"
    " cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 cn-southwest-3 eu-west-0 eu-west-101 la-north-2 la-south-2"
    " me-east-1 my-kualalumpur-1 na-mexico-1 ru-moscow-1 sa-brazil-1 tr-west-1".split()
)
_ABSENT = {
    "hss": frozenset(["eu-west-0"]),
    "kps": frozenset(["ae-ad-1", "eu-west-0", "eu-west-101"]),
    "iotda": _REGIONS
    - frozenset(
        "af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 cn-east-3 cn-north-4 cn-south-1 cn-south-4"
        " la-north-2 la-south-2 me-east-1 ru-moscow-1 sa-brazil-1".split()
    ),
}
_WITHOUT_OWN_IAM = frozenset("af-north-1 ap-southeast-5 cn-north-11 cn-south-4 cn-southwest-3".split())


def service_name(service):
    """The service's name as people write it."""
    return _NAMES[service]


def service_endpoint(service, region, cloud=DEFAULT_CLOUD):
    """Return the base URL of a service in a region.

    A region that this version does not know follows the pattern, so that a new region needs no new release.

    :arg service: ``hss``, ``iotda`` or ``kps``.
    :arg cloud: the domain of the endpoints.
    :raises InputError: when the service is known not to be in the region.
    """
    if cloud == DEFAULT_CLOUD and region in _ABSENT[service]:
        raise InputError(
            "%s is not offered in region %s; it is in %s. Choose one of these,"
            " or give the service's address as endpoint"
            % (_NAMES[service], region, ", ".join(sorted(_REGIONS - _ABSENT[service])))
        )
    return "https://%s.%s.%s" % (_HOSTS[service], region, _domain(region, cloud))


def iam_endpoint(region, cloud=DEFAULT_CLOUD):
    """Return the base URL of IAM for a region: its own where there is one, else the global one.

    :arg region: None asks for the global one.
    """
    if region is None or (cloud == DEFAULT_CLOUD and region not in _REGIONS - _WITHOUT_OWN_IAM):
        return "https://iam.%s" % cloud
    return "https://iam.%s.%s" % (region, _domain(region, cloud))


def _domain(region, cloud):
    return _OTHER_CLOUD.get(region, cloud) if cloud == DEFAULT_CLOUD else cloud
