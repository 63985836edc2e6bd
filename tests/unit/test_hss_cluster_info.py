# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hss_cluster_info against the simulator."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import Account


def cluster(number):
    return "%08x-0000-4000-8000-0123456789ab" % number


def account(count=250, **clusters):
    return Account({"hss": {"clusters": {"count": count, **clusters}}})


def names(result):
    return [one["cluster_name"] for one in result["clusters"]]


def test_every_page_is_read():
    cloud = account(450)
    result = cloud.run("hss_cluster_info")
    assert len(result["clusters"]) == 450
    assert len(cloud.operations()) == 3
    assert not result["truncated"] and not result["changed"]


def test_counters_and_fields_of_the_api_are_kept():
    cloud = account(1, fields={"emg_vul_num": 4, "a_new_field": "x"})
    (found,) = cloud.run("hss_cluster_info")["clusters"]
    assert (found["emg_vul_num"], found["a_new_field"]) == (4, "x")
    assert ["scene", "cluster_risk"] in [list(pair) for pair in cloud.simulator.journal.requests[0]["query"]]


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"cluster_names": ["cluster-0002", "nowhere"]}, ["cluster-0002"]),
        ({"cluster_names": ["cluster-000"]}, []),
        ({"cluster_ids": [cluster(3), cluster(1)]}, ["cluster-0001", "cluster-0003"]),
        ({"cluster_ids": [cluster(3)], "cluster_names": ["cluster-0001"]}, []),
        ({"status": "Unavailable"}, ["cluster-0249", "cluster-0250"]),
        ({"cluster_names": []}, []),
        ({"cluster_ids": []}, []),
    ],
    ids=str,
)
def test_filters(options, expected):
    result = account(unavailable=2).run("hss_cluster_info", **options)
    assert names(result) == expected
    assert not result["truncated"]


def test_reading_ends_when_all_ids_were_found():
    cloud = account()
    cloud.run("hss_cluster_info", cluster_ids=[cluster(3), cluster(1)])
    assert len(cloud.operations()) == 1


@pytest.mark.parametrize("limit, truncated", [(3, True), (250, False), (251, False)])
def test_a_limit_cuts_off_and_says_so(limit, truncated):
    result = account().run("hss_cluster_info", limit=limit)
    assert len(result["clusters"]) == min(limit, 250)
    assert result["truncated"] is truncated


def test_a_limit_below_1_fails_before_any_request():
    cloud = account()
    assert cloud.run("hss_cluster_info", limit=0)["failure_kind"] == "input"
    assert cloud.operations() == []
