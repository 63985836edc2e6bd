# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulator knows when the scenario says nothing."""

from __future__ import annotations

REGION = 'cn-north-4'
PROJECT = {'id': '0123456789abcdef0123456789abcdef', 'name': REGION}
DOMAIN_ID = 'd0000000000000000000000000000000'
DOMAIN_NAME = 'SimDomain'
KEYS = {'AKSIMULATOR': {'sk': 'SKSIMULATOR'}}
USER = {'domain_name': DOMAIN_NAME, 'name': 'SimUser', 'password': 'SimPassword'}
