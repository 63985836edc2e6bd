# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is in anything that a run produces, for success and for every kind of failure.

Each way to sign in is one run of ansible-playbook with every verbosity. Its tasks meet one failure after the other,
among them a gateway that echoes the whole request. What is searched: everything printed, the results, the log file,
the journal, the directories for temporary files after the run, and the command lines of all processes during it.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import urllib.request
from base64 import b64encode, urlsafe_b64encode
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.simulator.app import Simulator
from tests.simulator.server import Server

pytestmark = pytest.mark.slow

PROJECT = "0123456789abcdef0123456789abcdef"
SECRETS = {
    "LEAK_AK": "AKLEAKOFTHETEST",
    "LEAK_SK": "SKleak/of+the=test&more",
    "LEAK_SECURITY_TOKEN": "STleak/" + "of+the/test=" * 60,
    "LEAK_TOKEN": "MIIleak/" + "token+of/the=test" * 60,
    "LEAK_PASSWORD": 'Password<b>leak</b>"of" the&test/+=%41',
    "LEAK_PROXY_PASSWORD": "proxyleak-of-the-test",
}
CREDENTIALS_FILE = "[basic]\nak = %(LEAK_AK)s\nsk = %(LEAK_SK)s\nsecurity_token = %(LEAK_SECURITY_TOKEN)s\n"
READ = "huaweicloud.tasks.hss_task_info"
WRITE = "huaweicloud.tasks.hss_task"

# What a call of ListTasks meets; None is success.
ECHOES = [
    None,
    {"kind": "echo", "status": 400},
    {"kind": "echo", "status": 401, "body": "url"},
    {"kind": "echo", "status": 403, "body": "base64"},
    {"kind": "echo", "status": 500},
]
OTHER_FAULTS = [
    {"kind": "redirect", "location": "https://example.com/?" + quote(SECRETS["LEAK_SK"])},
    {"kind": "truncated"},
    {"kind": "close_after"},
    {"kind": "silence_before", "seconds": 3},
    {"kind": "throttle"},
    {"kind": "shape", "body": "<p>%s</p>" % SECRETS["LEAK_SK"]},
]


def secret_of(name):
    return "{{ lookup('ansible.builtin.env', '%s') }}" % name


KEY = {"access_key": secret_of("LEAK_AK"), "secret_key": secret_of("LEAK_SK")}
TEMPORARY = {**KEY, "security_token": secret_of("LEAK_SECURITY_TOKEN")}
USER = {"username": "SimUser", "password": secret_of("LEAK_PASSWORD"), "domain_name": "SimDomain"}

# ``variables`` names the secrets that stand in them, ``plain`` what is no secret; ``sign_in`` is the operation that a
# way begins with. Every way meets the echoing gateway; what all have in common is done with one.
WAYS = {
    "key as options": {"options": TEMPORARY, "everything": True},
    "key in variables": {
        "variables": {
            "HUAWEICLOUD_SDK_AK": "LEAK_AK",
            "HUAWEICLOUD_SDK_SK": "LEAK_SK",
            "HUAWEICLOUD_SDK_SECURITY_TOKEN": "LEAK_SECURITY_TOKEN",
        }
    },
    "token as option": {"options": {"auth_token": secret_of("LEAK_TOKEN")}},
    "token in variable": {"variables": {"HW_AUTH_TOKEN": "LEAK_TOKEN"}},
    "password as options": {"options": USER, "sign_in": "KeystoneCreateUserTokenByPassword"},
    "password in variables": {
        "variables": {"HW_USER_PASSWORD": "LEAK_PASSWORD"},
        "plain": {"HW_USER_NAME": "SimUser", "HW_DOMAIN_NAME": "SimDomain"},
        "sign_in": "KeystoneCreateUserTokenByPassword",
    },
    "file": {"options": {"credentials_file": "~/leak-credentials"}},
    "agency": {"options": {"auth_method": "metadata"}, "sign_in": "ShowSecurityKey"},
}


@pytest.fixture
def cloud():
    """The simulator in this process, so that the secrets that it gives out are known."""
    simulator = Simulator()
    server = Server(simulator)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield simulator, server.url
    server.stop()
    thread.join()


def faults_of(way):
    return ECHOES + (OTHER_FAULTS if way.get("everything") else [])


def scenario(way):
    key = {"sk": SECRETS["LEAK_SK"], "security_token": SECRETS["LEAK_SECURITY_TOKEN"]}
    user = {"domain_name": "SimDomain", "name": "SimUser", "password": SECRETS["LEAK_PASSWORD"]}
    faults = [{"operation": "ListTasks", "call": n, **fault} for n, fault in enumerate(faults_of(way), 1) if fault]
    # The task after those for the faults signs in once more, and its password or metadata token comes back.
    echo = {"kind": "echo", "status": 401, "call": len(faults_of(way)) + 1}
    return {
        "keys": {SECRETS["LEAK_AK"]: key},
        "tokens": {SECRETS["LEAK_TOKEN"]: {}},
        "iam": {"users": [user]},
        "faults": faults + ([{"operation": way["sign_in"], **echo}] if "sign_in" in way else []),
    }


def tasks(way, url):
    """The tasks that meet the faults, one that signs in, and what fails before or beside the service."""
    common = {
        **way.get("options", {}),
        "region": "cn-north-4",
        "project_id": PROJECT,
        "endpoint": url,
        "iam_endpoint": url,
        "request_retries": 0,
        "request_timeout": 1,
    }
    scan = {"task_type": "cluster_scan", "cluster_scan": {"scan_types": ["benchmark"]}}
    calls = [(READ, {})] * len(faults_of(way)) + [(READ, {}), (WRITE, scan)]
    if way.get("everything"):
        calls += [
            (READ, {"endpoint": "https://127.0.0.1:1"}),
            (READ, {"endpoint": url.replace("http:", "https:")}),
            (READ, {"endpoint": "https://hss.example.com"}),
            (READ, {"endpoint": "http://hss.example.com"}),
            (READ, {"region": "No Region"}),
            (READ, {"project_id": "f" * 32}),
            (READ, {"ca_path": "/none"}),
            (READ, {"access_key": ""}),
            (READ, {"secret_key": secret_of("LEAK_SK") + " "}),
            (READ, {"limit": "many"}),
        ]
    return [{module: {**common, "task_type": "cluster_scan", **more}, "ignore_errors": True} for module, more in calls]


@contextmanager
def watched_processes():
    """Collect the command lines of all processes while the block runs."""
    if not os.path.isdir("/proc/self"):
        pytest.fail("command lines are read from /proc, which this system does not have")
    seen, over = set(), threading.Event()

    def watch():
        while not over.wait(0.02):
            for entry in Path("/proc").iterdir():
                if entry.name.isdigit():
                    try:
                        seen.add((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                    except OSError:
                        continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def forms(secret):
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield b64encode(secret.encode()).decode()
    yield urlsafe_b64encode(secret.encode()).decode()
    # Within other text the ends differ; most of it shows all the same.
    for before in range(3):
        yield b64encode(b" " * before + secret.encode()).decode().rstrip("=")[4:-1]
    # A part of a long one is a leak as well.
    yield secret[:40]


def given_out(simulator):
    """The secrets that the simulator made during the run."""
    keys = {value for key in simulator.auth._keys.values() for value in (key["sk"], key.get("security_token")) if value}
    return keys | set(simulator.auth._tokens) | set(simulator.services["metadata"]._tokens)


def find(secrets, produced):
    """Where which secret was found, without showing it."""
    return [
        (place, number)
        for place, text in produced.items()
        for number, secret in enumerate(sorted(secrets))
        if any(form in text for form in forms(secret))
    ]


def journal(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url + "/_control/journal") as answer:
        return answer.read().decode()


@pytest.fixture
def system():
    """The run's directory for temporary files; the newest ansible-core has a socket in it, whose path must be short."""
    with tempfile.TemporaryDirectory(prefix="leak-") as path:
        yield Path(path)


@pytest.mark.parametrize("name", WAYS)
def test_no_secret_is_found_anywhere(name, cloud, play_here, tmp_path, system):
    simulator, url = cloud
    way = WAYS[name]
    simulator.load(scenario(way))
    home, local, remote = (tmp_path / each for each in ("home", "local", "remote"))
    for directory in (home, local, remote):
        directory.mkdir()
    (home / "leak-credentials").write_text(CREDENTIALS_FILE % SECRETS, encoding="utf-8")
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks(way, url)}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    log = tmp_path / "ansible.log"
    variables = {
        **SECRETS,
        **{variable: SECRETS[secret] for variable, secret in way.get("variables", {}).items()},
        **way.get("plain", {}),
        "HOME": str(home),
        "TMPDIR": str(system),
        "ANSIBLE_LOG_PATH": str(log),
        "ANSIBLE_LOCAL_TEMP": str(local),
        "ANSIBLE_REMOTE_TEMP": str(remote),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "HUAWEICLOUD_METADATA_ENDPOINT": url,
        "https_proxy": "http://user:%s@127.0.0.1:1" % SECRETS["LEAK_PROXY_PASSWORD"],
    }
    with watched_processes() as commands:
        run = play_here(playbook, "-vvvvv", variables=variables)

    statuses = [each.status for each in run.results]
    after = len(faults_of(way))
    signed_in = "ignored" if "sign_in" in way else "ok"
    rest = ["ignored"] * (len(play["tasks"]) - after - 2)
    assert statuses == ["ok"] + ["ignored"] * (after - 1) + [signed_in, "ok"] + rest, run.output
    assert any(str(playbook) in command for command in commands)
    left = [path for directory in (local, remote, system) for path in directory.rglob("*") if path.is_file()]
    produced = {
        "output": run.output,
        "results": json.dumps([each.result for each in run.results], ensure_ascii=False),
        "log": log.read_text(encoding="utf-8"),
        "journal": journal(url),
        "command lines": "\n".join(commands),
        **{str(path): path.read_bytes().decode(errors="replace") for path in left},
    }
    assert "********" in produced["output"]
    assert find({*SECRETS.values(), *given_out(simulator)}, produced) == []
    assert left == []
