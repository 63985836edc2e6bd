# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual environments with pinned packages, made once and again only when the pins change."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import pythons
from .workplace import ROOT, WORK, run, timed

REQUIREMENTS = ROOT / "tests" / "requirements"
UV = "uv==0.13.9"
INCLUDE = re.compile(r"^-[rc] +(\S+)", re.MULTILINE)


def venv(name: str, python: pythons.Python, *requirements: str) -> Path:
    """Return the ``bin`` directory of a virtual environment that holds the given requirements.

    name: its directory below the repository.
    python: the interpreter to make it with.
    requirements: names of files in tests/requirements.
    """
    target = ROOT / name
    stamp = target / "stamp"
    wanted = _fingerprint(python, requirements)
    WORK.mkdir(exist_ok=True)
    with open(WORK / "venv.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            with timed(f"setting up {name} with Python {python.name} and {', '.join(requirements)}"):
                shutil.rmtree(target, ignore_errors=True)
                _make(target, python, requirements)
            stamp.write_text(wanted, encoding="utf-8")
    return target / "bin"


def _make(target: Path, python: pythons.Python, requirements) -> None:
    if not run([python.path, "-m", "venv", target]):
        raise SystemExit(
            f"Python {python.name} cannot make a virtual environment (on Debian: apt-get install python3-venv)"
        )
    pip = [target / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    arguments = [part for name in requirements for part in ("-r", REQUIREMENTS / name)]
    if _uv_sees_the_same_index(pip) and run([*pip, UV]):
        uv = [target / "bin" / "uv", "pip", "install", "--quiet", "--python", target / "bin" / "python"]
        if run([*uv, *arguments]):
            return
    if not run([*pip, *arguments]):
        raise SystemExit(f"the packages of {', '.join(requirements)} could not be installed")


def _uv_sees_the_same_index(pip) -> bool:
    """uv is ten times faster, but does not read pip's configuration: where that names an index, pip is used."""
    configuration = subprocess.run(
        [str(part) for part in [*pip[:3], "config", "list"]], capture_output=True, text=True, check=False
    )
    return "index-url" not in configuration.stdout.replace("extra-index-url", "") and "PIP_INDEX_URL" not in os.environ


def _fingerprint(python: pythons.Python, requirements) -> str:
    """Return a digest of the interpreter and of the requirement files with those that they include."""
    digest = hashlib.sha256(str(python).encode())
    queue = list(requirements)
    for name in queue:
        text = (REQUIREMENTS / name).read_text(encoding="utf-8")
        digest.update(text.encode())
        queue += [include for include in INCLUDE.findall(text) if include not in queue]
    return digest.hexdigest()
