# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The browser that the reports are looked at with: find it, and install it where that can be done.

``python -m tests.tools.browser`` says where it is. Without one it installs Debian's, given apt-get and root's rights.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .workplace import run, timed

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The second has the signs of the languages in which HSS gives reasons.
PACKAGES = ("chromium", "fonts-noto-cjk")
HOW_TO_GET_IT = "there is no Chromium to look at reports with; install one (as root on Debian: make browser)"


def find() -> str | None:
    """Return the path of a browser, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def ensure() -> bool:
    """Have a browser; return whether there is one now. Without one, the tests that need it fail and say what to do."""
    if find():
        return True
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with timed(f"installing {' and '.join(PACKAGES)}"):
        quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        run([*quiet, "update"], env=env)
        run([*quiet, "install", "--no-install-recommends", *PACKAGES], env=env)
    return bool(find())


class Browser:
    """Runs a headless browser on local pages; each run has a profile of its own."""

    def __init__(self):
        self.program = find()
        if not self.program:
            raise FileNotFoundError(HOW_TO_GET_IT)

    def screenshot(self, page: Path, target: Path, width: int, height: int, dark: bool = False) -> None:
        """Save what a window of this size shows of a page as PNG."""
        scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        self._run(page, scheme, f"--window-size={width},{height}", f"--screenshot={target}")
        if not target.exists():
            raise RuntimeError(f"{self.program} took no picture of {page}")

    def dom(self, page: Path) -> str:
        """Return a page as HTML after its scripts have run."""
        return self._run(page, "--dump-dom")

    def _run(self, page: Path, *arguments: str) -> str:
        with tempfile.TemporaryDirectory(prefix="browser-") as profile:
            command = [
                self.program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                "--disable-dev-shm-usage", "--disable-background-networking", f"--user-data-dir={profile}",
                "--virtual-time-budget=2000", *arguments, page.as_uri(),
            ]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise RuntimeError(f"{self.program} failed on {page}: {done.stderr[-500:]}")
        return done.stdout


if __name__ == "__main__":
    sys.exit(0 if ensure() else HOW_TO_GET_IT)
