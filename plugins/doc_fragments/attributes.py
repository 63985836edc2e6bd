# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What holds for every module.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: none
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
    support: full
"""

    # For modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - This module only reads and runs in check mode as it is.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: N/A
    details:
      - This module only reads.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
    support: full
    details:
      - This module only reads and never reports a change.
"""

    # For the modules of HSS.
    HSS_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/huaweicloud.tasks.hss) or C(group/huaweicloud.tasks.all) in C(module_defaults) to set
      defaults for this module.
    support: full
    membership:
      - huaweicloud.tasks.all
      - huaweicloud.tasks.hss
"""

    # For the modules of KPS.
    KPS_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/huaweicloud.tasks.kps) or C(group/huaweicloud.tasks.all) in C(module_defaults) to set
      defaults for this module.
    support: full
    membership:
      - huaweicloud.tasks.all
      - huaweicloud.tasks.kps
"""

    # For the modules of IoTDA.
    IOTDA_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/huaweicloud.tasks.iotda) or C(group/huaweicloud.tasks.all) in C(module_defaults) to set
      defaults for this module.
    support: full
    membership:
      - huaweicloud.tasks.all
      - huaweicloud.tasks.iotda
"""
