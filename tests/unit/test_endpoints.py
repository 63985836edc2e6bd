# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the services answer, against the official SDK's own lists (tests/data)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._endpoints import iam_endpoint, service_endpoint
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import InputError
from ansible_collections.huaweicloud.tasks.plugins.module_utils._settings import read_settings

DATA = Path(__file__).parents[1] / "data"
SERVICES = json.loads((DATA / "endpoints.json").read_text(encoding="utf-8"))
IAM = json.loads((DATA / "endpoints_iam_sts.json").read_text(encoding="utf-8"))
REGIONS = sorted({region for regions in SERVICES.values() for region in regions})


@pytest.mark.parametrize("service", sorted(SERVICES))
@pytest.mark.parametrize("region", REGIONS)
def test_every_region_of_every_service(service, region):
    if region in SERVICES[service]:
        assert [service_endpoint(service, region)] == SERVICES[service][region]
        return
    with pytest.raises(InputError) as failure:
        service_endpoint(service, region)
    offered = ", ".join(sorted(SERVICES[service]))
    assert "is not offered in region %s; it is in %s. Choose one of these" % (region, offered) in failure.value.msg


@pytest.mark.parametrize("region", sorted({*REGIONS, *IAM["iam"]}))
def test_iam_of_every_region(region):
    # The SDK has no entry for this region and documents its address, which is of another domain.
    known = {**IAM["iam"], "eu-west-101": "https://iam.eu-west-101.myhuaweicloud.eu"}
    assert iam_endpoint(region) == known.get(region, IAM["iam_default"])


def test_iam_without_a_region():
    assert iam_endpoint(None) == IAM["iam_default"]


def test_a_new_region_follows_the_pattern():
    assert service_endpoint("kps", "xx-new-9") == "https://kms.xx-new-9.myhuaweicloud.com"
    assert iam_endpoint("xx-new-9") == IAM["iam_default"]


def test_another_cloud_follows_the_pattern():
    assert service_endpoint("hss", "eu-west-0", "prod.example.com") == "https://hss.eu-west-0.prod.example.com"
    assert iam_endpoint("eu-west-0", "prod.example.com") == "https://iam.eu-west-0.prod.example.com"


REGION = {"HUAWEICLOUD_REGION": "cn-north-4"}


@pytest.mark.parametrize(
    "params, environ, expected",
    [
        ({}, {}, "https://hss.cn-north-4.myhuaweicloud.com"),
        ({"region": "la-south-2"}, {}, "https://hss.la-south-2.myhuaweicloud.com"),
        ({}, {"HW_REGION_NAME": "la-south-2"}, "https://hss.cn-north-4.myhuaweicloud.com"),
        ({}, {"HUAWEICLOUD_REGION": "", "HW_REGION_NAME": "la-south-2"}, "https://hss.la-south-2.myhuaweicloud.com"),
        ({}, {"HW_CLOUD": "example.com"}, "https://hss.cn-north-4.example.com"),
        ({"cloud": "example.org"}, {"HW_CLOUD": "example.com"}, "https://hss.cn-north-4.example.org"),
        ({"endpoint": "https://a.example/"}, {}, "https://a.example"),
        (
            {"endpoint": "https://a.example"},
            {"HUAWEICLOUD_SDK_REGION_HSS_CN_NORTH_4": "https://b"},
            "https://a.example",
        ),
        ({}, {"HUAWEICLOUD_SDK_REGION_HSS_CN_NORTH_4": "https://b, https://c"}, "https://b"),
        ({"region": "la-south-2"}, {"HUAWEICLOUD_SDK_REGION_HSS_LA_SOUTH_2": "https://b"}, "https://b"),
        ({}, {"HUAWEICLOUD_SDK_REGION_KPS_CN_NORTH_4": "https://b"}, "https://hss.cn-north-4.myhuaweicloud.com"),
    ],
)
def test_which_address_wins(params, environ, expected):
    assert read_settings("hss", params, {**REGION, **environ}).endpoint == expected


@pytest.mark.parametrize(
    "params, environ, expected",
    [
        ({}, {}, "https://iam.cn-north-4.myhuaweicloud.com"),
        ({"iam_endpoint": "https://a"}, {"HUAWEICLOUD_SDK_IAM_ENDPOINT": "https://b"}, "https://a"),
        ({}, {"HUAWEICLOUD_SDK_IAM_ENDPOINT": "https://b", "HW_AUTH_URL": "https://c"}, "https://b"),
        ({}, {"HUAWEICLOUD_SDK_IAM_ENDPOINT": "", "HW_AUTH_URL": "https://c/v3"}, "https://c"),
        ({}, {"HW_AUTH_URL": "https://c/v3/"}, "https://c"),
    ],
)
def test_which_address_of_iam_wins(params, environ, expected):
    assert read_settings("hss", params, {**REGION, **environ}).iam_endpoint == expected


@pytest.mark.parametrize(
    "url",
    [
        "hss.example.com",
        "ftp://hss.example.com",
        "https://",
        "https://a:port",
        "https://[::1",
        "https://a?b=c",
        "https://a#b",
    ],
)
def test_an_address_that_is_none_is_said(url):
    with pytest.raises(InputError, match="^endpoint is not the address of a service"):
        read_settings("hss", {"endpoint": url}, REGION)


def test_an_address_with_a_password_is_refused_and_not_shown():
    with pytest.raises(InputError, match="^endpoint must not hold a user name or password") as failure:
        read_settings("hss", {"endpoint": "https://user:hunter2@hss.example.com"}, REGION)
    assert "hunter2" not in failure.value.msg


def test_no_region_is_said():
    with pytest.raises(
        InputError, match="^No region: give the option region, or set HUAWEICLOUD_REGION or HW_REGION_NAME"
    ):
        read_settings("hss", {}, {"HUAWEICLOUD_REGION": ""})


@pytest.mark.parametrize("region", ["cn north 4", "CN-NORTH-4", "cn-north-4.evil.example", "cn-north-4/", "-", "a@b"])
def test_a_region_that_would_change_the_address_is_refused(region):
    with pytest.raises(InputError, match="must be a region id"):
        read_settings("hss", {"region": region}, {})
