# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the result of every task as one line of JSON to the file that TASK_RESULTS_FILE names."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_results
type: aggregate
short_description: Write the results of tasks to a file
description:
  - For the tests of the collection.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_skipped(self, result):
        self._write("skipped", result)

    def _write(self, status, result):
        task, data = result._task, result._result
        with open(os.environ["TASK_RESULTS_FILE"], "a", encoding="utf-8") as lines:
            for each in data.get("results", [data]) if task.loop else [data]:
                kept = {key: value for key, value in each.items() if not key.startswith("_ansible")}
                line = {"task": task.get_name(), "action": task.resolved_action, "status": status, "result": kept}
                lines.write(json.dumps(line, default=str) + "\n")
