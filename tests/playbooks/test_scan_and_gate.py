# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook scan_and_gate against the simulator."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

BY_NAME = "huaweicloud.tasks.scan_and_gate"
BY_PATH = Path(__file__).resolve().parents[2] / "playbooks" / "scan_and_gate.yml"
TASK = "00000001-5ca0-4000-8000-0123456789ab"
QUICK = {"ready_seconds": 0, "scan_seconds": 1, "estimate": "missing"}
HOSTILE = "<script>alert(\"'&x'\")</script>{{ 1 + 1 }}"


@pytest.fixture
def play(simulator_process, play_here):
    """Load a cloud unless it is None, and run the playbook with these variables."""

    def run(hss, *arguments, playbook=BY_NAME, faults=(), **variables):
        if hss is not None:
            simulator_process.load({"hss": {**QUICK, **hss}})
        simulator_process.set_faults(list(faults))
        return play_here(playbook, *arguments, "-e", json.dumps(variables), variables=simulator_process.environment())

    return run


def statistic(played):
    return played.statistic("huaweicloud_scan_gate")


def says(played):
    """The gate's last word."""
    told = played.of("ansible.builtin.debug") + played.of("ansible.builtin.fail")
    return [each.result["msg"] for each in told if each.status != "skipped"][-1]


def clusters(*failing, **others):
    """A cluster that works, and those that fail, each with its name and how."""
    fields = {"cluster_id": "works", "cluster_name": "works", **others}
    return {"clusters": [fields, *({"cluster_id": name, "cluster_name": name, **how} for name, how in failing)]}


@pytest.mark.parametrize(
    "playbook", [BY_NAME, pytest.param(BY_PATH, marks=pytest.mark.slow)], ids=["by name", "by path"]
)
def test_an_open_gate_says_scanned_not_secure(play, simulator_process, playbook):
    played = play(clusters(), playbook=playbook)
    assert played.returncode == 0, played.output
    assert says(played) == (
        "The gate is open. It says scanned, not secure: HSS has scanned every cluster (1), and what it found was not"
        " judged."
    )
    assert statistic(played) == {
        "verdict": "passed",
        "task_id": TASK,
        "outcome": "succeeded",
        "clusters": 1,
        "failed_clusters": [],
        "retries": 0,
        "failure_kind": None,
    }
    assert simulator_process.writes() == ["CreateTask"]


def test_what_failed_is_retried_until_it_is_scanned(play, simulator_process):
    flaky = ("flaky", {"fails": True, "fail_attempts": 2})
    played = play(clusters(flaky), max_retries="3")
    assert played.returncode == 0, played.output
    assert statistic(played)["verdict"] == "passed"
    assert statistic(played)["retries"] == 2
    assert simulator_process.writes() == ["CreateTask", "RetryTask", "RetryTask"]


def test_a_closed_gate_shows_the_table_and_sets_the_statistic_first(play, simulator_process):
    played = play(clusters(("broken", {"fails": {"benchmark": "Agent 不在线"}})), max_retries=1)
    assert played.returncode == 2
    assert played.of("ansible.builtin.debug")[0].result["msg"][:2] == [
        "CLUSTER  SCAN TYPE        RESULT   REASON",
        "broken   benchmark        failed   Agent 不在线",
    ]
    order = [str(result.action).rpartition(".")[2] for result in played.results]
    assert order.index("debug") < order.index("set_stats") < order.index("fail")
    assert says(played).startswith(f"The gate is closed. Scan task {TASK} finished, and 1 of 2 clusters failed: broken")
    assert statistic(played)["verdict"] == "failed"
    assert statistic(played)["failed_clusters"] == ["broken"]
    assert statistic(played)["retries"] == 1
    assert statistic(played)["failure_kind"] == "resources_failed"
    assert simulator_process.writes() == ["CreateTask", "RetryTask"]


@pytest.mark.parametrize(
    "case",
    [
        ({**clusters(("broken", {"fails": True})), "scan_seconds": 1}, {"max_retries": 0}, (), "resources_failed"),
        ({**clusters(), "scan_seconds": 600}, {"scan_timeout": 3}, (), "wait_timeout"),
        ({"clusters": {"count": 0}}, {}, (), "resources_failed"),
        (
            clusters(("broken", {"fails": True})),
            {},
            [{"operation": "CreateTask", "kind": "status", "status": 400, "code": "HSS.0001", "message": "no"}],
            "api",
        ),
    ],
    ids=["no retries", "out of time", "nothing scanned", "refused"],
)
def test_nothing_is_retried(play, simulator_process, case):
    hss, variables, faults, kind = case
    played = play(hss, faults=faults, **variables)
    assert played.returncode == 2
    assert simulator_process.writes() == ["CreateTask"]
    assert statistic(played)["failure_kind"] == kind
    assert statistic(played)["verdict"] == "failed"
    assert statistic(played)["retries"] == 0


def test_retries_end_when_something_else_goes_wrong(play, simulator_process):
    refused = {"operation": "RetryTask", "kind": "status", "status": 403, "code": "APIGW.0302", "message": "no"}
    played = play(clusters(("broken", {"fails": True})), max_retries=3, faults=[refused])
    assert played.returncode == 2
    assert simulator_process.writes() == ["CreateTask", "RetryTask"]
    assert statistic(played)["failure_kind"] == "auth"


@pytest.mark.parametrize(
    "counters, variables, verdict, words",
    [
        ({"emg_vul_num": 2, "risk_assess_num": 9}, {"max_emergency_vulnerabilities": 2}, "passed", "within the limits"),
        ({"emg_vul_num": 3}, {"max_emergency_vulnerabilities": "2"}, "failed", "emergency vulnerabilities: 3, where"),
        ({"risk_assess_num": 1}, {"max_risks": 0}, "failed", "risks: 1, where max_risks allows 0 (works 1)"),
        ({"risk_assess_num": 1}, {"max_risks": "", "max_emergency_vulnerabilities": ""}, "passed", "was not judged"),
        ({"risk_assess_num": None}, {"max_risks": 5}, "failed", "no number of risks for 1 of 1 clusters"),
    ],
    ids=["within", "vulnerabilities", "risks", "unset", "unknown"],
)
def test_limits(play, counters, variables, verdict, words):
    played = play({**clusters(fields=counters), "tasks": [{}]}, **variables)
    assert statistic(played)["verdict"] == verdict, played.output
    assert played.returncode == (0 if verdict == "passed" else 2)
    assert words in says(played)


@pytest.mark.parametrize("limit, types", [("max_risks", "benchmark"), ("max_emergency_vulnerabilities", ["benchmark"])])
def test_a_limit_needs_its_scan_type(play, simulator_process, limit, types):
    played = play({}, scan_types=types, **{limit: 1})
    assert played.returncode == 2
    assert "scan_types must have" in says(played)
    assert simulator_process.journal() == []


def test_a_relative_path_of_the_report_begins_where_the_user_is(play):
    played = play({"tasks": [{}]}, report_path="report.html")
    assert played.returncode == 0, played.output
    (written,) = played.of("ansible.builtin.template")
    assert written.result["dest"].endswith("/report.html")
    assert "/playbooks/" not in written.result["dest"]
    assert not (BY_PATH.parent / "report.html").exists()


def test_counters_that_cannot_be_read_close_the_gate(play):
    refused = {"operation": "ListKubernetesClusterDetails", "kind": "status", "status": 400, "call": 2, "times": -1}
    played = play({**clusters(), "tasks": [{}]}, max_risks=5, faults=[refused])
    assert statistic(played)["verdict"] == "failed", played.output
    assert "no number of risks for 1 of 1 clusters" in says(played)


def test_results_that_cannot_be_read_close_the_gate(play):
    refused = {"operation": "ListTaskResources", "kind": "status", "status": 400, "times": -1}
    played = play(clusters(), faults=[refused])
    assert played.returncode == 2
    assert "The results could not be read" in says(played)


def test_check_mode_writes_nothing(play, simulator_process, tmp_path):
    report = tmp_path / "report.html"
    empty = play(clusters(("broken", {"fails": True})), "--check", report_path=str(report), max_risks=1)
    assert empty.returncode == 0, empty.output
    assert statistic(empty)["verdict"] == "not_judged"
    running = play({"tasks": [{"status": "running"}], "scan_seconds": 600}, "--check", report_path=str(report))
    assert running.returncode == 0, running.output
    assert statistic(running)["verdict"] == "not_judged"
    assert statistic(running)["task_id"] == TASK
    assert simulator_process.writes() == []
    assert not report.exists()


class Page(HTMLParser):
    """What a page says and loads."""

    def __init__(self, text):
        super().__init__()
        self.text = ""
        self.tags = []
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "action", "srcset", "style", "onload")]

    def handle_data(self, data):
        self.text += data + " "


def test_the_report_says_it_all_and_loads_nothing(play, tmp_path):
    report = tmp_path / "report.html"
    failing = (HOSTILE, {"cluster_id": "c-1", "fails": {"cluster_vul": "too slow " + HOSTILE}})
    flaky = ("flaky", {"fails": True, "fail_attempts": 1})
    played = play(clusters(failing, flaky), max_retries=1, max_risks=7, report_path=str(report))
    assert played.returncode == 2
    text = report.read_text(encoding="utf-8")
    page = Page(text)
    assert "script" not in page.tags and page.links == []
    assert "url(" not in text and "@import" not in text
    words = " ".join(page.text.split())
    for expected in (
        "✗ Gate closed",
        "says scanned, not secure",
        f"{HOSTILE} c-1",
        f"✗ failed too slow {HOSTILE}",
        "✓ scanned",
        "↻ Retries made 1",
        "Risks max_risks 7 0 ✓ within",
        f"{HOSTILE}, flaky",
        "partially failed",
        TASK,
        "UTC",
    ):
        assert expected in words, expected


@pytest.mark.slow
def test_a_report_stays_as_it_is_while_nothing_changes(play, tmp_path):
    report = tmp_path / "report.html"
    first = play(clusters(), report_path=str(report))
    assert first.returncode == 0, first.output
    again = play(None, report_path=str(report))
    assert "changed=0 " in again.output
