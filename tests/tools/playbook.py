# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ansible-playbook, and read what each task returned."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from .workplace import environment

CALLBACKS = Path(__file__).parent / "callbacks"


class TaskResult(NamedTuple):
    """What one task, or one item of its loop, returned."""

    task: str
    action: str
    status: str
    result: dict


class Played(NamedTuple):
    """One run of ansible-playbook: exit code, everything it printed, and the results of its tasks in order."""

    returncode: int
    output: str
    results: list

    def of(self, action: str) -> list:
        """Return the results of one module, named in full."""
        return [each for each in self.results if each.action == action]

    def statistic(self, name: str):
        """Return what the playbook handed on under this name, which it does once and for the whole run."""
        (handed_on,) = self.of("ansible.builtin.set_stats")
        given = handed_on.result["ansible_stats"]
        assert not given["aggregate"] and not given["per_host"]
        return given["data"][name]


def play(bin_dir: Path, collections_path: Path, playbook, *arguments: str, variables: dict | None = None) -> Played:
    """Run a playbook on localhost.

    bin_dir: the environment that has ansible-playbook.
    collections_path: the directory that holds ansible_collections.
    playbook: a path, or the full name of a playbook of the collection.
    arguments: further arguments of ansible-playbook.
    variables: environment variables to add.
    """
    with tempfile.TemporaryDirectory(prefix="play-") as base:
        results = Path(base) / "results.jsonl"
        results.touch()
        env = environment(
            bin_dir,
            ANSIBLE_COLLECTIONS_PATH=str(collections_path),
            ANSIBLE_CALLBACK_PLUGINS=str(CALLBACKS),
            ANSIBLE_CALLBACKS_ENABLED="task_results",
            TASK_RESULTS_FILE=str(results),
            **(variables or {}),
        )
        command = [bin_dir / "ansible-playbook", "-i", "localhost,", playbook, *arguments]
        run = subprocess.run(
            [str(part) for part in command], env=env, cwd=base, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        lines = results.read_text(encoding="utf-8").splitlines()
    return Played(run.returncode, run.stdout, [TaskResult(**json.loads(line)) for line in lines])
