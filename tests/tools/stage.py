# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the working tree at the path that ansible-test and the collection loader want."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from .workplace import COLLECTION, ROOT


@contextlib.contextmanager
def staged():
    """Copy the files that git knows or would add, uncommitted changes included; yield the copy's root, then remove it.

    The copy lies outside the repository: below it ansible-test would ask the repository's git, to which it is ignored.
    """
    with tempfile.TemporaryDirectory(prefix="huaweicloud-tasks-") as base:
        target = Path(base) / COLLECTION
        for name in _files():
            source, copy = ROOT / name, target / name
            if source.is_symlink() or source.is_file():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy, follow_symlinks=False)
        yield target


def _files() -> list:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return sorted(set(filter(None, listing.stdout.decode().split("\0"))))
