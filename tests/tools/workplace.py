# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the commands work, what they say, and the environment in which they start programs."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import pythons

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".work"
COLLECTION = Path("ansible_collections", "huaweicloud", "tasks")

# A developer's own credentials and settings must not reach a test.
OWN_PREFIXES = ("ANSIBLE_", "HUAWEICLOUD_", "HW_", "PYTEST_", "PYTHON")


def say(text: str) -> None:
    """Print one line of our own, at once, so that it stands before the output of the program that it announces."""
    show(f"== {text}")


def show(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


@contextlib.contextmanager
def timed(text: str):
    """Say what is being done, and when it is over how long it took."""
    say(f"{text} ...")
    start = time.monotonic()
    try:
        yield
    finally:
        say(f"{text}: {time.monotonic() - start:.1f} s")


def stop_cleanly() -> None:
    """Stopped from outside, leave like at an error: what was started is stopped and temporary files are removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def run(command, cwd: Path | None = None, env: dict | None = None) -> bool:
    """Run a program without standard input; its output goes where ours goes. Returns whether it succeeded."""
    command = [str(part) for part in command]
    return subprocess.run(command, cwd=cwd or ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0


def user_home() -> Path:
    """Return the home directory of the user's configuration, also where HOME is not set."""
    return Path(os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)


def isolated_home() -> Path:
    """Return a home directory for programs under test, with the user's pip configuration and nothing else of theirs."""
    home = WORK / "home"
    (home / ".config").mkdir(parents=True, exist_ok=True)
    for name in (".config/pip", ".pip"):
        theirs, ours = user_home() / name, home / name
        if theirs.exists() and not ours.is_symlink():
            with contextlib.suppress(FileExistsError):
                ours.symlink_to(theirs)
    # An empty configuration, so that /etc/ansible/ansible.cfg has no say either.
    (home / "ansible.cfg").touch()
    return home


def environment(bin_dir: Path | None = None, **extra: str) -> dict:
    """Return the environment for a program under test.

    bin_dir: the ``bin`` directory of a virtual environment, which comes first on PATH.
    extra: variables to add.

    Every Python that was found and works follows on PATH; shims are left out, because ansible-test takes a shim of a
    Python that is not there for the Python.
    """
    path = [str(bin_dir)] if bin_dir else []
    path += [str(python.path.parent) for python in pythons.find()]
    path += [
        entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if "shims" not in Path(entry).parts
    ]
    home = isolated_home()
    env = {name: value for name, value in os.environ.items() if not name.startswith(OWN_PREFIXES)}
    env.pop("VIRTUAL_ENV", None)
    env.update(
        PATH=os.pathsep.join(dict.fromkeys(path)),
        HOME=str(home),
        ANSIBLE_CONFIG=str(home / "ansible.cfg"),
        LC_ALL="C.UTF-8",
        PYTHONUNBUFFERED="1",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        ANSIBLE_NOCOLOR="true",
    )
    for name in ("no_proxy", "NO_PROXY"):
        env[name] = ",".join(filter(None, [env.get(name), "127.0.0.1,localhost"]))
    if bin_dir:
        # No look for another one, and no warning about what the look may find in future.
        env["ANSIBLE_PYTHON_INTERPRETER"] = str(bin_dir / "python")
    env.update(extra)
    return env
