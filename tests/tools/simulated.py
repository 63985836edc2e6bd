# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a program of its own, for whoever runs playbooks against it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from .workplace import ROOT

REGION = "cn-north-4"
ACCESS_KEY = "AKSIMULATOR"
SECRET_KEY = "SKSIMULATOR"
SERVICES = ("HSS", "IOTDA", "KPS")
START_SECONDS = 30

# Proxies of the machine are not for the loopback address.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SimulatedCloud:
    """A running simulator; a context manager that stops it.

    python: the interpreter to run it with, which has the packages of simulator.txt.
    scenario: what it begins with, a dict as the simulator's control URL takes it.
    """

    def __init__(self, python: Path, scenario: dict | None = None):
        self.python = python
        self.scenario = scenario or {}
        self.url = ""

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="simulator-")
        base = Path(self._directory.name)
        (base / "scenario.json").write_text(json.dumps(self.scenario), encoding="utf-8")
        command = [
            self.python,
            "-m",
            "tests.simulator",
            "--scenario",
            base / "scenario.json",
            "--url-file",
            base / "url",
        ]
        self._log = (base / "log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        try:
            self.url = self._wait_for_url(base / "url")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._directory.cleanup()

    def _wait_for_url(self, url_file: Path) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            url = url_file.read_text(encoding="utf-8") if url_file.exists() else ""
            if url.endswith("\n"):
                return url.strip()
            time.sleep(0.05)
        self._log.seek(0)
        raise RuntimeError(f"the simulator did not start: {self._log.read()}")

    def environment(self) -> dict:
        """Return the variables with which the modules find and use this cloud."""
        endpoints = {f"HUAWEICLOUD_SDK_REGION_{service}_CN_NORTH_4": self.url for service in SERVICES}
        return {
            "HUAWEICLOUD_REGION": REGION,
            "HUAWEICLOUD_SDK_AK": ACCESS_KEY,
            "HUAWEICLOUD_SDK_SK": SECRET_KEY,
            "HUAWEICLOUD_SDK_IAM_ENDPOINT": self.url,
            **endpoints,
        }

    def load(self, scenario: dict) -> None:
        """Replace all state, the journal and the faults."""
        self._control("POST", "scenario", scenario)

    def set_faults(self, faults: list) -> None:
        """Inject faults, each a dict with operation, call, times, kind."""
        self._control("POST", "faults", {"faults": faults})

    def advance(self, seconds: float) -> None:
        """Move the simulator's clock forward."""
        self._control("POST", "clock", {"advance": seconds})

    def journal(self) -> list:
        """Return the requests so far."""
        return self._control("GET", "journal")["requests"]

    def writes(self) -> list:
        """Return the names of the operations so far that write."""
        return [request["operation"] for request in self.journal() if request["write"]]

    def state(self) -> dict:
        """Return the simulator's whole state."""
        return self._control("GET", "state")

    def _control(self, method: str, path: str, body: dict | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/_control/{path}", data=data, method=method, headers={"Content-Type": "application/json"}
        )
        with _OPENER.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")
