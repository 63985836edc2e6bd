# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A caller of the simulator that signs with the official SDK's signer."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from urllib.parse import urlsplit

from tests.simulator.auth import DATE_FORMAT, KeyPair, SignedRequest, expected_authorization

START = 1767322985  # 2026-01-02T03:03:05Z
PROJECT = "0123456789abcdef0123456789abcdef"


class Caller:
    """Calls a simulator, in-process or at a URL."""

    def __init__(self, clock, base, session):
        self.clock = clock
        self.base = base
        self.session = session
        self.pair = KeyPair("AKSIMULATOR", "SKSIMULATOR")
        self.security_token = None

    def signed(self, method, url, body, derived=None, skew=0):
        """Headers of a signed request; ``derived``: (region, service) for V11."""
        parts = urlsplit(url)
        signed_at = datetime.fromtimestamp(self.clock.time() + skew, timezone.utc)
        headers = {"host": parts.netloc, "x-sdk-date": signed_at.strftime(DATE_FORMAT),
                   "content-type": "application/json"}
        if self.security_token:
            headers["x-security-token"] = self.security_token
        target = parts.path + ("?" + parts.query if parts.query else "")
        request = SignedRequest(method, target, headers, body)
        if derived:
            headers["authorization"] = expected_authorization(
                request, self.pair, sorted(headers), "V11-HMAC-SHA256", *derived)
        else:
            headers["authorization"] = expected_authorization(request, self.pair, sorted(headers))
        headers.pop("host")
        return headers

    def call(self, method, path, body=None, timeout=60, **signing):
        url = self.base + path
        data = b"" if body is None else json.dumps(body).encode()
        return self.session.request(method, url, data=data, headers=self.signed(method, url, data, **signing),
                                    timeout=timeout, allow_redirects=False)

    def hss(self, method, path, body=None, **options):
        return self.call(method, f"/v5/{PROJECT}/{path}", body, **options)

    def create(self, **info):
        scan = {"scan_type_list": ["cluster_vul"], "range_type": "all_cluster", **info}
        return self.hss("POST", "common/task", {"task_type": "cluster_scan", "cluster_scan_info": scan})

    def tasks(self, limit=200, offset=0, task_type="cluster_scan", **filters):
        return self.hss("POST", f"common/tasks/batch-query?limit={limit}&offset={offset}",
                        {"task_type": task_type, **filters}).json()

    def resources(self, task_id, task_type="cluster_scan", **info):
        body = {"task_type": task_type}
        if info:
            body["cluster_scan_info"] = info
        return self.hss("POST", f"common/tasks/{task_id}/resources/batch-query?limit=200", body).json()

    def retry(self, task_id, clusters=None):
        info = {"range_type": "all_failed_cluster"}
        if clusters is not None:
            info = {"range_type": "specific_cluster", "cluster_info_list": clusters}
        return self.hss("PUT", f"common/tasks/{task_id}/retry",
                        {"task_type": "cluster_scan", "cluster_scan_info": info})
