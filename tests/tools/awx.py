# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection awx.awx, which the playbook awx_setup needs and this collection does not depend on."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import zipfile
from pathlib import Path

from .workplace import WORK, run, timed

# The last release of the package that has awx.awx (24.6.1) in it.
PACKAGE = "ansible==13.8.0"
PREFIX = "ansible_collections/awx/"


def awx_collections(bin_dir: Path) -> Path:
    """Return the directory that holds ``ansible_collections/awx``; it is downloaded once.

    bin_dir: an environment that has pip.
    """
    target = WORK / "awx" / PACKAGE.replace("==", "-")
    WORK.mkdir(exist_ok=True)
    with open(WORK / "awx.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            with timed(f"taking awx.awx out of {PACKAGE}"), tempfile.TemporaryDirectory(dir=WORK) as base:
                _download(bin_dir, Path(base))
                target.parent.mkdir(exist_ok=True)
                shutil.move(Path(base) / "collections", target)
    return target


def _download(bin_dir: Path, base: Path) -> None:
    pip = [bin_dir / "python", "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    if not run([*pip, "--only-binary", ":all:", "--dest", base, PACKAGE]):
        raise SystemExit(f"{PACKAGE}, which has the collection awx.awx, could not be downloaded")
    (wheel,) = base.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(base / "collections", [name for name in archive.namelist() if name.startswith(PREFIX)])
