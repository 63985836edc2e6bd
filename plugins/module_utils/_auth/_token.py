# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An IAM token that somebody else obtained."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._method import Method, send_token


class Token(Method):
    """Sends the token with every request. When it has expired, nothing here can get another."""

    name = "token"
    needed = ("auth_token",)
    travel_in_headers = ("auth_token",)

    def secrets(self):
        return list(self.values.values())

    def advice(self, problem):
        if problem.expired_token:
            return "the token has expired; get a new one"
        return "the token was refused; it must be a whole IAM token, issued for this cloud and region"

    def signer(self, now, derived=None):
        return send_token(self.values["auth_token"])
