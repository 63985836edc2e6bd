# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the collection as a user would, against a simulated cloud: build, install, scan, and scan again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .check import test_python
from .simulated import SimulatedCloud
from .venvs import venv
from .workplace import ROOT, environment, run, say, stop_cleanly, timed

PLAYBOOK = "huaweicloud.tasks.scan_clusters"
# Every cluster of this cloud can be scanned, and a scan lasts a few seconds.
SCENARIO = ROOT / "tests" / "data" / "demo.json"
RECAP = re.compile(r"^localhost\s*:\s.*\bchanged=(\d+)\s+unreachable=0\s+failed=0\b", re.MULTILINE)


def main() -> int:
    stop_cleanly()
    bin_dir = venv(".venv-demo", test_python(), "demo.txt")
    cloud = SimulatedCloud(bin_dir / "python", json.loads(SCENARIO.read_text(encoding="utf-8")))
    with timed("demo"), tempfile.TemporaryDirectory(prefix="huaweicloud-tasks-demo-") as base:
        collections = Path(base)
        _install(bin_dir, collections)
        say("starting the simulated cloud on a free port of this machine")
        with cloud:
            say(f"it listens at {cloud.url}; variables tell the modules, as they would name a real account:")
            for name, value in cloud.environment().items():
                print(f"   {name}={value}")
            first = _play(bin_dir, collections, cloud, "first run: no scan is there, so one is created and awaited")
            _expect(first == 1, f"the first run was to make one change, and made {first}")
            second = _play(bin_dir, collections, cloud, "second run: the scan is recent enough, so nothing changes")
            _expect(second == 0, f"the second run was to change nothing, and made {second} changes")
            requests = cloud.journal()
            writes = sum(1 for request in requests if request["write"])
            say(f"the cloud saw {len(requests)} requests, {writes} of which wrote something")
        say("the simulated cloud is stopped, and nothing is left running")
    return 0


def _install(bin_dir: Path, collections: Path) -> None:
    galaxy = [bin_dir / "ansible-galaxy", "collection"]
    env = environment(bin_dir, ANSIBLE_COLLECTIONS_PATH=str(collections))
    with timed("building the collection's artifact"):
        _expect(run([*galaxy, "build", "--output-path", collections], env=env), "the artifact could not be built")
    (artifact,) = collections.glob("*.tar.gz")
    with timed(f"installing {artifact.name} into a directory of its own"):
        command = [*galaxy, "install", artifact, "--offline", "--collections-path", collections]
        _expect(run(command, env=env), "the artifact could not be installed")


def _play(bin_dir: Path, collections: Path, cloud: SimulatedCloud, what: str) -> int:
    """Run the playbook, and return how many changes its recap reports."""
    env = environment(bin_dir, ANSIBLE_COLLECTIONS_PATH=str(collections), **cloud.environment())
    with timed(what):
        print(f"   ansible-playbook {PLAYBOOK}", flush=True)
        with subprocess.Popen(
            [bin_dir / "ansible-playbook", PLAYBOOK],
            cwd=collections, env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        ) as process:  # fmt: skip
            lines = []
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
    recap = RECAP.search("".join(lines))
    _expect(process.returncode == 0 and recap, "the playbook failed")
    return int(recap[1])


def _expect(condition, otherwise: str) -> None:
    if not condition:
        raise SystemExit(f"demo: {otherwise}")


if __name__ == "__main__":
    sys.exit(main())
