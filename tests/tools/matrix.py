# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run sanity, units and integration on the oldest and on the newest ansible-core, each with a Python that is here.

With ``--after-test``, what ``make test`` has just run with the same ansible-core and Python is not run again.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import NamedTuple

from . import pythons
from .ansible_test import core_version
from .check import MODULE_PYTHON, Checks, report, run_steps, test_python
from .stage import staged
from .venvs import venv
from .workplace import say, stop_cleanly

STEPS = ("sanity", "units", "integration", "integration_oldest")
AFTER_TEST_STEPS = ("integration_oldest",)


class Core(NamedTuple):
    """One ansible-core: the requirements file that pins it, and the Pythons for its controller, the preferred first."""

    title: str
    requirements: str
    pythons: tuple


# The ends of what is supported: the oldest ansible-core on the oldest Python, the newest on the newest.
CORES = (
    Core("oldest", "core-oldest.txt", ("3.10", "3.11", "3.12")),
    Core("newest", "core-newest.txt", ("3.14", "3.13", "3.12")),
)


def main() -> int:
    stop_cleanly()
    parser = argparse.ArgumentParser(prog="make test-matrix")
    parser.add_argument("--after-test", action="store_true", help="leave out what `make test` has just run")
    after_test = parser.parse_args().after_test
    start, rows, notes = time.monotonic(), [], []
    with staged() as stage:
        for core in CORES:
            python = next(filter(None, map(pythons.newest, core.pythons)), None)
            for name in core.pythons[: core.pythons.index(python.name) if python else None]:
                notes.append(f"the {core.title} ansible-core on Python {name}: not run, no Python {name} here")
            if not python:
                continue
            just_run = after_test and core.requirements == "core-newest.txt" and python == test_python()
            steps = AFTER_TEST_STEPS if just_run else STEPS
            bin_dir = venv(f".venv-matrix/{core.title}", python, core.requirements, "matrix.txt")
            combination = f"ansible-core {core_version(bin_dir)} on Python {python.name}"
            say(combination)
            rows += run_steps(Checks(bin_dir, stage), steps, f"{combination}: ")
            run_by = " (most of it by `make test` just before)" if just_run else ""
            notes.append(f"{combination}: run{run_by}{_module_python()}")
    for note in notes:
        say(note)
    return report(rows, start) if rows else 1


def _module_python() -> str:
    if pythons.newest(MODULE_PYTHON):
        return f", with the modules also on Python {MODULE_PYTHON}"
    return f"; the modules not on Python {MODULE_PYTHON}, which is not here"


if __name__ == "__main__":
    sys.exit(main())
