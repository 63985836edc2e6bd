# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Options of every HSS module.
    DOCUMENTATION = r"""
options:
  enterprise_project_id:
    description:
      - ID of the enterprise project to work in, 1 to 256 characters.
      - V(0) is the default enterprise project; V(all_granted_eps) stands for all that the user may see, which lists
        accept but not every other call.
      - If not given, E(HW_ENTERPRISE_PROJECT_ID) is used. Without both the service takes the default enterprise
        project.
    type: str
"""
