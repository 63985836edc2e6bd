# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which test shows that an option changes a request or a result.

A row for each option of a doc fragment (for all the modules that share it) and of a module: ``path::function``, or
``path::name of the task`` in an integration target. A gate fails when a row or the test is missing, or when the test
does not name the option.
"""

from __future__ import annotations

CLUSTERS = "tests/integration/targets/hss_cluster_info/tasks/tests.yml::"
TASKS = "tests/integration/targets/hss_task_info/tasks/tests.yml::"
SCAN = "tests/integration/targets/hss_task/tasks/tests.yml::"

OPTION_TESTS = {
    "hss_cluster_info": {
        "cluster_ids": CLUSTERS + "List none",
        "status": CLUSTERS + "List the ones that can be scanned",
    },
    "hss_task": {
        "task_type": SCAN + "Scan every cluster",
        "cluster_scan.cluster_ids": SCAN + "Scan one of the clusters that are being scanned",
        "cluster_scan.scan_types": SCAN + "Scan every cluster for something else as well",
    },
    "hss_task_info": {
        "limit": TASKS + "List the oldest with its clusters",
        "order": TASKS + "List the oldest with its clusters",
        "resources": TASKS + "List the oldest with its clusters",
    },
}
