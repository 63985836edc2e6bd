# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Options of every module: where the service is, and how to sign in.
    DOCUMENTATION = r"""
options:
  region:
    description:
      - ID of the region, such as V(cn-north-4).
      - If not given, E(HUAWEICLOUD_REGION) is used, then E(HW_REGION_NAME).
      - Needed unless O(endpoint) and O(project_id) are known from elsewhere.
    type: str
  auth_method:
    description:
      - How to sign in.
      - V(aksk) signs requests with O(access_key) and O(secret_key).
      - V(auto) takes the first way for which credentials are given. If any credential option is given, only options are
        looked at, otherwise only the environment. Half a set is an error, and sources are never mixed.
      - If not given, E(HUAWEICLOUD_AUTH_METHOD) is used. Without both it is V(auto).
    type: str
    choices: [auto, aksk]
  access_key:
    description:
      - The access key (AK).
      - If no credential option is given, E(HUAWEICLOUD_SDK_AK) is used, then E(HW_ACCESS_KEY).
    type: str
  secret_key:
    description:
      - The secret key (SK) that belongs to O(access_key). It signs requests and is never sent.
      - If no credential option is given, E(HUAWEICLOUD_SDK_SK) is used together with E(HUAWEICLOUD_SDK_AK), or
        E(HW_SECRET_KEY) together with E(HW_ACCESS_KEY).
    type: str
  security_token:
    description:
      - The security token that belongs to a temporary O(access_key).
      - If no credential option is given, E(HUAWEICLOUD_SDK_SECURITY_TOKEN) is used together with E(HUAWEICLOUD_SDK_AK),
        or E(HW_SECURITY_TOKEN) together with E(HW_ACCESS_KEY).
    type: str
  project_id:
    description:
      - ID of the project.
      - If neither this nor O(project_name) is given, E(HUAWEICLOUD_SDK_PROJECT_ID) is used, then E(HW_PROJECT_ID).
      - Without any of them the project is looked up in IAM by its name, which costs one request for each run of a
        module and needs the permission to list projects.
    type: str
  project_name:
    description:
      - Name of the project to look up, for a project that is not named like its region.
      - If neither this nor a project ID is given, E(HW_PROJECT_NAME) is used, then the region's ID.
      - Mutually exclusive with O(project_id).
    type: str
  endpoint:
    description:
      - Base URL of the module's service, such as V(https://hss.cn-north-4.myhuaweicloud.com).
      - If not given, the variable that the official SDK reads for the service and region is used, such as
        E(HUAWEICLOUD_SDK_REGION_HSS_CN_NORTH_4). Without both the address follows from O(region) and O(cloud).
    type: str
  iam_endpoint:
    description:
      - Base URL of IAM.
      - If not given, E(HUAWEICLOUD_SDK_IAM_ENDPOINT) is used, then E(HW_AUTH_URL). Without both the address follows
        from O(region) and O(cloud).
    type: str
  cloud:
    description:
      - Domain of the endpoints.
      - If not given, E(HW_CLOUD) is used. Without both it is V(myhuaweicloud.com).
    type: str
  validate_certs:
    description:
      - Whether to verify TLS certificates. V(false) holds even when E(REQUESTS_CA_BUNDLE) is set.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory with the CA certificates to trust, on the host on which the module runs.
      - If not given, E(REQUESTS_CA_BUNDLE) is used. Without both the bundle that comes with requests is trusted.
    type: path
  request_timeout:
    description:
      - How long to wait for a connection, and for each part of an answer, in seconds, at least 1.
    type: int
    default: 60
  request_retries:
    description:
      - How often one request that is safe to send again is sent again after a connection failure, a server error or
        throttling. A pause that the service asks for (C(Retry-After)) is kept.
      - A request that creates or retries something is never sent again before the state was read again.
      - If not given, E(HW_MAX_RETRIES) is used. Without both it is V(5).
    type: int
requirements:
  - python >= 3.9
  - requests
notes:
  - The module runs where its task runs, and reads environment and files there. Use C(connection=local) or
    C(delegate_to=localhost) unless the managed host itself shall call the API.
  - Proxies are taken from the usual E(https_proxy), E(http_proxy) and E(no_proxy) variables.
  - Redirects are never followed. A 401 is never sent again, because more than 5 in a row lock the access key for 5 minutes.
"""
