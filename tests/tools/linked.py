# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The working tree at the path that the collection loader wants, through a link, for tests in this process and below.

A link does for the loader, and keeps the repository's paths in reports. The directory goes away with the process.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from .workplace import COLLECTION, ROOT

COLLECTIONS = Path(tempfile.mkdtemp(prefix="huaweicloud-tasks-collections-"))
atexit.register(shutil.rmtree, COLLECTIONS, ignore_errors=True)
(COLLECTIONS / COLLECTION).parent.mkdir(parents=True)
(COLLECTIONS / COLLECTION).symlink_to(ROOT)
