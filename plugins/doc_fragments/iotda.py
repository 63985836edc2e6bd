# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Options of every IoTDA module.
    DOCUMENTATION = r"""
options:
  instance_id:
    description:
      - ID of the IoTDA instance, 1 to 36 hexadecimal digits (in lower case) and hyphens, sent as the header
        C(Instance-Id).
      - The console shows it under Overview. It is needed where several instances share one address, and mandatory for
        the professional edition by the API's own documentation.
    type: str
  signing:
    description:
      - Which signature the instance wants.
      - V(standard) is for the basic edition, which answers at the region's own address. V(derived)
        (C(V11-HMAC-SHA256)) is for standard and enterprise instances, which answer at the C(HTTPS application access)
        address that the console shows; give it as O(endpoint).
      - V(auto) takes V(derived) when the host name in O(endpoint) contains C(.iotda-app.), and V(standard) otherwise.
      - A derived signature names the region in which the instance is, so O(region) (or its variable) is needed as well.
      - It matters for access keys only. IAM is always asked with a standard signature.
    type: str
    choices: [auto, standard, derived]
    default: auto
"""
