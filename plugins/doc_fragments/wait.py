# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Options of modules that can wait for the end of a task.
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the task has ended.
      - A task that ended with failures, or without anything that was asked for, then fails the module with
        RV(ignore:failure_kind=resources_failed).
      - Check mode never waits.
    type: bool
    default: false
  wait_timeout:
    description:
      - How long to wait, in seconds, at least 0.
      - When the time runs out the module fails with RV(ignore:failure_kind=wait_timeout) and returns the task. The task
        itself goes on.
    type: int
    default: 3600
  wait_interval:
    description:
      - The longest pause between two looks, in seconds, at least 1.
      - If not given, the module looks after 2 seconds, then less and less often up to every 60 seconds. Where the
        service estimates how long the task still takes, a pause lasts up to half of that, but never more than 5
        minutes. API calls are limited for the whole account (200 in 5 minutes is common), so leave this out unless
        you need to know the end sooner.
    type: int
"""
