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
      - How to sign in. R(The guide,ansible_collections.huaweicloud.tasks.docsite.guide_authentication) has a table of
        which source wins.
      - V(aksk) signs requests with O(access_key) and O(secret_key).
      - V(token) sends the IAM token O(auth_token).
      - V(password) gets a token from IAM with O(username), O(password) and O(domain_name), which costs one request for
        each run of a module.
      - V(profile) signs requests with the access key in O(credentials_file).
      - V(metadata) signs requests with the temporary keys of the agency of the cloud server (ECS) on which the module
        runs. They are read from C(http://169.254.169.254), and read anew before they expire.
      - V(auto) takes the first way for which credentials are given. If any credential option is given, only options are
        looked at, otherwise only the environment; within each the order is V(token), V(aksk), V(password). Then comes
        V(profile), then V(metadata). Half a set is an error, and sources are never mixed.
      - If neither this nor a credential option is given, E(HUAWEICLOUD_AUTH_METHOD) is used. Without both it is
        V(auto).
    type: str
    choices: [auto, aksk, token, password, profile, metadata]
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
  auth_token:
    description:
      - An IAM token that is valid for the project. When it expires while the module runs, the module fails.
      - If no credential option is given, E(HW_AUTH_TOKEN) is used.
    type: str
  username:
    description:
      - Name of an IAM user, to sign in by password. A HUAWEI ID cannot sign in this way.
      - If no credential option is given, E(HW_USER_NAME) is used together with E(HW_USER_PASSWORD) and
        E(HW_DOMAIN_NAME).
    type: str
  password:
    description:
      - The password of O(username). When the token that it gave expires, the module signs in again once.
      - If no credential option is given, E(HW_USER_PASSWORD) is used together with E(HW_USER_NAME) and
        E(HW_DOMAIN_NAME).
    type: str
  domain_name:
    description:
      - Name of the account that O(username) belongs to.
      - If no credential option is given, E(HW_DOMAIN_NAME) is used together with E(HW_USER_NAME) and
        E(HW_USER_PASSWORD); alone that variable does not ask for a sign-in by password.
    type: str
  credentials_file:
    description:
      - Path of an INI file, on the host on which the module runs, with the keys C(ak), C(sk) and optionally
        C(security_token), C(project_id) and C(iam_endpoint) in its section C([basic]), as the official SDK reads it.
        The last two count where neither an option nor a variable says otherwise.
      - If no credential option is given, E(HUAWEICLOUD_SDK_CREDENTIALS_FILE) is used. A file that is named must be
        there.
      - Without both, C(~/.huaweicloud/credentials) is read when it is there, or when O(auth_method=profile).
    type: path
  project_id:
    description:
      - ID of the project.
      - If neither this nor O(project_name) is given, E(HUAWEICLOUD_SDK_PROJECT_ID) is used, then E(HW_PROJECT_ID), and
        after E(HW_PROJECT_NAME) what a credentials file says. A sign-in by password tells the ID of its project.
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
      - When the answer to a request that creates or retries something is lost, it is never sent again before the state
        was read again. One that was refused for too many calls was not carried out, and is sent again after a pause.
      - If not given, E(HW_MAX_RETRIES) is used. Without both it is V(5).
    type: int
requirements:
  - python >= 3.9
  - requests
notes:
  - The module runs where its task runs, and reads environment and files there. Use C(connection=local) or
    C(delegate_to=localhost) unless the managed host itself shall call the API.
  - Proxies are taken from the usual E(https_proxy), E(http_proxy) and E(no_proxy) variables.
  - A token, a password or a temporary key is never sent over plain HTTP to another machine, and requests that are
    signed with a long-lived key warn there.
  - Redirects are never followed. A 401 is never sent again, because more than 5 in a row lock the access key for 5
    minutes; only when a token has expired that O(password) gave is a new one obtained, once.
"""
