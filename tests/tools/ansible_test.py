# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-test without a container engine and without the network beyond the package index."""

from __future__ import annotations

import re
import subprocess
import threading
from pathlib import Path

from .workplace import environment, isolated_home, run

# Which pip each ansible-core makes its own environments with. It would download a script for that from the project's
# own site; a script of this name in the cache is taken instead.
PIP_OF_CORE = {
    "2.16": "23.1.2", "2.17": "23.1.2", "2.18": "24.2", "2.19": "24.2", "2.20": "25.2", "2.21": "25.2",
}  # fmt: skip

GET_PIP = """\
import os
import sys

wheel = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-{version}-py3-none-any.whl")
sys.path.insert(0, wheel)
from pip._internal.cli.main import main

wanted = [wheel if argument == "pip=={version}" else argument for argument in sys.argv[1:]]
wanted = [argument for argument in wanted if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall"] + wanted))
"""

# Sanity and integration may run side by side.
_ONE_DOWNLOAD = threading.Lock()

# A test that could not run is said only in a warning.
NOT_RUN = re.compile(r'^WARNING: Required program "(.*)" not found\.', re.MULTILINE)

# What pip says while the environments of the sanity tests are made; its errors begin otherwise.
PIP_TALK = re.compile(
    r"\s*$|(Looking in|Processing|Collecting|Requirement already|Installing collected|Successfully installed) "
    r"|\s+(Downloading|Using cached|Preparing|Getting|Installing|\S*━)|(WARNING: )?Location 'file:"
)


def core_version(bin_dir: Path) -> str:
    """Return the version of the ansible-core in a virtual environment, for example ``2.21.5``."""
    code = "from ansible.release import __version__ as version; print(version)"
    return subprocess.run([bin_dir / "python", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def sanity(bin_dir: Path, stage: Path, tell) -> bool:
    """Run every sanity test; one that was skipped because a program is missing is a failure.

    tell: is called with each line that ansible-test prints.
    """
    passed, output = _ansible_test(bin_dir, stage, tell, "sanity")
    missing = NOT_RUN.findall(output)
    for program in missing:
        tell(f"== sanity: a test did not run, because {program} is missing")
    return passed and not missing


def integration(bin_dir: Path, stage: Path, tell, module_python: Path | None = None) -> bool:
    """Run the integration targets.

    tell: is called with each line that ansible-test prints.
    module_python: an interpreter for the modules, when it is to be another one than the controller's.
    """
    split = []
    if module_python:
        version = ".".join(python_version(bin_dir))
        split = ["--controller", f"origin:python={version}@{bin_dir / 'python'}"]
        split += ["--target", f"controller:python={'.'.join(python_version(module_python.parent))}@{module_python}"]
    passed, _output = _ansible_test(bin_dir, stage, tell, "integration", *split)
    return passed


def python_version(bin_dir: Path) -> tuple:
    """Return the version of the Python in a virtual environment, for example ``("3", "13")``."""
    code = "import sys; print(*sys.version_info[:2])"
    return tuple(
        subprocess.run([bin_dir / "python", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )


def _ansible_test(bin_dir: Path, stage: Path, tell, *arguments: str):
    """Run ansible-test in the staged copy, tell what it says as it says it; return whether it passed, and the text."""
    with _ONE_DOWNLOAD:
        _provide_pip(bin_dir)
    command = [bin_dir / "ansible-test", *arguments, "--color", "no"]
    lines = []
    with subprocess.Popen(
        [str(part) for part in command], cwd=stage, env=environment(bin_dir), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        for line in process.stdout:
            lines.append(line)
            if not PIP_TALK.match(line):
                tell(line.rstrip("\n"))
    return process.returncode == 0, "".join(lines)


def _provide_pip(bin_dir: Path) -> None:
    version = PIP_OF_CORE[".".join(core_version(bin_dir).split(".")[:2])]
    cache = isolated_home() / ".ansible" / "test" / "cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if not script.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [bin_dir / "python", "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        if not run([*command, "--only-binary", ":all:", "--dest", cache, f"pip=={version}"]):
            raise SystemExit(f"pip {version}, which ansible-test needs, could not be downloaded")
        script.write_text(GET_PIP.format(version=version), encoding="utf-8")
