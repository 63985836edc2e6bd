# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many random examples are tried, and which: the same ones in every run unless the environment says otherwise.

``FAULTS_EXAMPLES`` multiplies their number, ``FAULTS_SEED`` chooses others.
"""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parents[2] / ".work" / "hypothesis")

SEED = int(os.environ.get("FAULTS_SEED", "1"))
TIMES = float(os.environ.get("FAULTS_EXAMPLES", "1"))


def examples(count):
    """Try a property with this many examples, as often as was asked for. No example is timed."""

    def mark(test):
        limited = settings(
            max_examples=max(1, round(count * TIMES)),
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        return seed(SEED)(limited(test))

    return mark
