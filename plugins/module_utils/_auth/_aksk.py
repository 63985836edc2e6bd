# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access keys: long-lived ones, and temporary ones with their security token."""

from __future__ import annotations

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._method import Method
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._signer import DerivedSigner, Signer


class AccessKey(Method):
    """Signs each try of a request anew; nothing is asked of any service."""

    name = "aksk"
    needed = ("access_key", "secret_key")
    travel_in_headers = ("access_key", "secret_key", "security_token")

    def secrets(self):
        return list(self.values.values())

    def may_travel_in_clear(self):
        """A long-lived secret key is never sent; a security token is, with every request."""
        return not self.values.get("security_token")

    def advice(self, problem):
        if "reach the limit" in problem.message:
            return "the access key is locked for 5 minutes after more than 5 failures; correct the keys, then wait"
        if problem.expired_token:
            return "the temporary access key has expired; get a new one"
        return (
            "the three usual causes are a secret key that does not belong to the access key (or to this cloud),"
            " spaces around one of the keys, and a clock on this machine that is more than 15 minutes off"
        )

    def signer(self, now, derived=None):
        keys = (self.values["access_key"], self.values["secret_key"], now)
        token = self.values.get("security_token")
        if derived:
            return DerivedSigner(*keys, region=derived.region, service=derived.service, security_token=token)
        return Signer(*keys, security_token=token)
