# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the steps of ``make test`` that are named on the command line, and say what came of each.

Every named step is run, also after one that failed. The exit code is 1 when any failed.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import ansible_test, browser, pythons
from .awx import awx_collections
from .stage import staged
from .venvs import venv
from .workplace import ROOT, environment, run, say, show, stop_cleanly

# The oldest Python that all the tools of test.txt have a release for, and the newest that ansible-core supports.
PYTHONS = ("3.14", "3.13", "3.12", "3.11")
MODULE_PYTHON = "3.9"

# For the 2 cores that the tests are to run on.
WORKERS = 2


class NothingYet(Exception):
    """A step has nothing to run: no test of its kind exists."""


class Checks:
    """The steps, each a method: it returns whether it passed.

    tell: is given what is said of the steps, and each line that ansible-test prints.
    """

    def __init__(self, bin_dir: Path, stage: Path, tell=show):
        self.bin_dir = bin_dir
        self.stage = stage
        self.tell = tell

    def ruff(self) -> bool:
        return self._in_stage("ruff", "check", "--quiet", "--output-format", "concise", ".")

    def yamllint(self) -> bool:
        return self._in_stage("yamllint", "--strict", ".")

    def ansible_lint(self) -> bool:
        # awx_setup.yml calls awx.awx, on which the collection does not depend.
        paths = f"{self.stage.parents[2]}:{awx_collections(self.bin_dir)}"
        return self._in_stage("ansible-lint", "--strict", "--nocolor", "-q", ANSIBLE_COLLECTIONS_PATH=paths)

    def changelog(self) -> bool:
        return self._in_stage("antsibull-changelog", "lint")

    def docs(self) -> bool:
        return self._in_stage(
            "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", "."
        )

    def sanity(self) -> bool:
        return ansible_test.sanity(self.bin_dir, self.stage, self.tell)

    def units(self) -> bool:
        return self._pytest("tests/unit")

    def conformance(self) -> bool:
        return self._pytest("tests/conformance")

    def gates(self) -> bool:
        return self._pytest("tests/gates")

    def playbooks(self) -> bool:
        browser.ensure()
        return self._pytest("tests/playbooks", workers=WORKERS + 1)  # they wait a quarter of their time

    def faults(self) -> bool:
        return self._pytest("tests/faults")

    def soak(self) -> bool:
        """Other random faults each time, and many of them; the environment can say which and how many."""
        seed = os.environ.get("FAULTS_SEED") or str(random.randrange(10**9))
        times = os.environ.get("FAULTS_EXAMPLES") or "20"
        say(f"with FAULTS_SEED={seed} FAULTS_EXAMPLES={times}")
        return self._pytest("tests/faults", FAULTS_SEED=seed, FAULTS_EXAMPLES=times)

    def slow(self) -> bool:
        """The long scenarios of every directory, which would not fit into the time of the other steps."""
        browser.ensure()
        return self._pytest("tests", marked="slow")

    def other_tests(self) -> bool:
        """The directories with tests that no other step names, so that none is forgotten."""
        named = {"unit", "conformance", "gates", "faults", "playbooks", "integration"}
        others = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")} - named
        if not others:
            raise NothingYet("no other directory under tests has a test_*.py")
        say(f"found {', '.join(sorted(others))}")
        return self._pytest(*(f"tests/{name}" for name in sorted(others)))

    def integration(self) -> bool:
        self._need_targets()
        return ansible_test.integration(self.bin_dir, self.stage, self.tell)

    def integration_oldest(self) -> bool:
        """The modules on the oldest Python and with the oldest libraries that they support."""
        self._need_targets()
        python = pythons.newest(MODULE_PYTHON)
        if not python:
            raise NothingYet(f"no Python {MODULE_PYTHON} on this machine")
        module_bin = venv(".venv-modules", python, "module-oldest.txt")
        return ansible_test.integration(self.bin_dir, self.stage, self.tell, module_bin / "python")

    def _in_stage(self, program: str, *arguments: str, **variables: str) -> bool:
        return run([self.bin_dir / program, *arguments], cwd=self.stage, env=environment(self.bin_dir, **variables))

    def _pytest(self, *directories: str, marked: str = "not slow", workers: int = WORKERS, **variables: str) -> bool:
        if not any(list((ROOT / directory).rglob("test_*.py")) for directory in directories):
            raise NothingYet(f"{', '.join(directories)} has no test_*.py")
        options = ["-q", "-n", str(workers), "--dist", "loadgroup", "--tb", "short", "--maxfail", "25", "-m", marked]
        command = [self.bin_dir / "python", "-m", "pytest", *options, *directories]
        return run(command, env=environment(self.bin_dir, **variables))

    def _need_targets(self) -> None:
        targets = self.stage / "tests" / "integration" / "targets"
        if not any(not target.name.startswith("setup_") for target in targets.glob("*")):
            raise NothingYet("tests/integration/targets has no target")


STEPS = {
    "lint": ["ruff", "yamllint", "ansible_lint", "changelog", "docs"],
    "sanity": ["sanity"],
    "units": ["units"],
    "conformance": ["conformance"],
    "gates": ["gates"],
    "faults": ["faults"],
    "playbooks": ["playbooks"],
    "others": ["other_tests"],
    "integration": ["integration"],
    "slow": ["slow"],
    "soak": ["soak"],
}


# These keep one core busy, so that the integration targets, which keep one busy too, are run beside them.
BESIDE_INTEGRATION = {"ruff", "yamllint", "ansible_lint", "changelog", "docs", "sanity"}


def run_steps(checks: Checks, names: list, label: str = "") -> list:
    """Run the named steps; return a row for each: name, ``passed``, ``failed`` or ``skipped``, seconds, a remark."""
    steps = [step for each in names for step in STEPS.get(each, [each])]
    beside = [step for step in steps if step in BESIDE_INTEGRATION] if "integration" in steps else []
    if not beside:
        return [_run_step(checks, step, label) for step in steps]
    with ThreadPoolExecutor(1) as other_core, staged() as stage:
        say(f"{label}integration runs beside the next steps; what it says follows on them")
        said = []
        integration = other_core.submit(_run_step, Checks(checks.bin_dir, stage, said.append), "integration", label)
        rows = [_run_step(checks, step, label) for step in beside]
        rows.append(integration.result())
    show("\n".join(said))
    return rows + [_run_step(checks, step, label) for step in steps if step not in (*beside, "integration")]


def _run_step(checks: Checks, name: str, label: str) -> tuple:
    title = f"{label}{name.replace('_', ' ')}"
    checks.tell(f"== {title} ...")
    start = time.monotonic()
    remark = ""
    try:
        result = "passed" if getattr(checks, name)() else "failed"
    except NothingYet as reason:
        result, remark = "skipped", str(reason)
    seconds = time.monotonic() - start
    checks.tell(f"== {title}: {result}, {seconds:.1f} s{' (' + remark + ')' if remark else ''}")
    return title, result, seconds, remark


def report(rows: list, start: float) -> int:
    """Print the table of what ran since ``start``, and the closing line; return the exit code."""
    width = max(len(row[0]) for row in rows)
    say("summary")
    for name, result, seconds, remark in rows:
        print(f"{name:<{width}}  {result:<7} {seconds:7.1f} s  {remark}".rstrip())
    count = {result: sum(1 for row in rows if row[1] == result) for result in ("passed", "failed", "skipped")}
    print(f"{'total':<{width}}  {'':<7} {time.monotonic() - start:7.1f} s by the clock")
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped", flush=True)
    return 1 if count["failed"] else 0


def test_python() -> pythons.Python:
    """Return the Python that ``make test`` runs with: the newest one that its tools support."""
    python = pythons.newest(*PYTHONS)
    if not python:
        raise SystemExit(f"no working Python of {', '.join(PYTHONS)} was found on PATH or in ~/.pyenv/versions")
    return python


def main(names: list) -> int:
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        raise SystemExit(f"usage: check.py STEP...; steps are {', '.join(STEPS)}")
    stop_cleanly()
    start = time.monotonic()
    bin_dir = venv(".venv", test_python(), "test.txt")
    rows = [("set-up", "passed", time.monotonic() - start, "")]
    say(f"ansible-core {ansible_test.core_version(bin_dir)}, Python {'.'.join(ansible_test.python_version(bin_dir))}")
    with staged() as stage:
        rows += run_steps(Checks(bin_dir, stage), names)
    return report(rows, start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
