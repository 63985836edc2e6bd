# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine that work."""

from __future__ import annotations

import functools
import os
import pwd
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

NAME = re.compile(r"python3\.\d+")
# The oldest Python that a module supports: older ones are of no use here.
OLDEST = (3, 9)


class Python(NamedTuple):
    """One interpreter: its version as (major, minor), and where it is."""

    version: tuple
    path: Path

    @property
    def name(self) -> str:
        """The version as text, for example ``3.12``."""
        return ".".join(str(number) for number in self.version)


@functools.cache
def find() -> tuple:
    """Return one Python for each version that is on PATH or among pyenv's, newest first."""
    found: dict = {}
    for directory in _directories():
        for path in sorted(directory.glob("python3.*")):
            if NAME.fullmatch(path.name):
                version = _version(path)
                if version and version >= OLDEST:
                    found.setdefault(version, Python(version, path))
    return tuple(found[version] for version in sorted(found, reverse=True))


def newest(*wanted: str) -> Python | None:
    """Return the newest Python found, or the newest of the wanted ones (for example ``3.12``)."""
    return next((python for python in find() if not wanted or python.name in wanted), None)


def _directories():
    homes = [os.environ.get("HOME"), pwd.getpwuid(os.getuid()).pw_dir]
    roots = [os.environ.get("PYENV_ROOT")] + [os.path.join(home, ".pyenv") for home in homes if home]
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        # A virtual environment that happens to be active is not a Python of the machine.
        if entry and "shims" not in Path(entry).parts and not Path(entry, "..", "pyvenv.cfg").exists():
            yield Path(entry)
    for root in dict.fromkeys(filter(None, roots)):
        yield from sorted(Path(root, "versions").glob("3.*/bin"), reverse=True)


def _version(path: Path) -> tuple | None:
    """Run it: a file of the right name may be a shim of a Python that is not there, or lack what ``venv`` needs."""
    code = "import ensurepip, ssl, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(path), "-c", code], capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode:
        return None
    major, minor = answer.stdout.split()
    return int(major), int(minor)


if __name__ == "__main__":
    for each in find():
        print(each.name, each.path)
