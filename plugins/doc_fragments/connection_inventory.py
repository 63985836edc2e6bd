# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options of the connection that inventory plugins have. The variables stand here as entries of their own.
    DOCUMENTATION = r"""
options:
  region:
    description:
      - ID of a region, such as V(cn-north-4). IAM is asked there, or at its global address where it has none there.
      - IAM answers for all regions of the account.
    type: str
    env:
      - name: HUAWEICLOUD_REGION
      - name: HW_REGION_NAME
  auth_method:
    description:
      - How to sign in, as in the modules; V(auto), V(aksk), V(token), V(password), V(profile) or V(metadata).
      - Without it, and with V(auto), the first way for which credentials are given is taken.
    type: str
    env:
      - name: HUAWEICLOUD_AUTH_METHOD
  access_key:
    description:
      - The access key (AK).
      - If any credential option is given in the source file, no variable is looked at for another one.
    type: str
    env:
      - name: HUAWEICLOUD_SDK_AK
      - name: HW_ACCESS_KEY
  secret_key:
    description: The secret key (SK) that belongs to O(access_key). It signs requests and is never sent.
    type: str
    env:
      - name: HUAWEICLOUD_SDK_SK
      - name: HW_SECRET_KEY
  security_token:
    description: The security token that belongs to a temporary O(access_key).
    type: str
    env:
      - name: HUAWEICLOUD_SDK_SECURITY_TOKEN
      - name: HW_SECURITY_TOKEN
  auth_token:
    description: An IAM token.
    type: str
    env:
      - name: HW_AUTH_TOKEN
  username:
    description: Name of an IAM user, to sign in by password.
    type: str
    env:
      - name: HW_USER_NAME
  password:
    description: The password of O(username).
    type: str
    env:
      - name: HW_USER_PASSWORD
  domain_name:
    description: Name of the account that O(username) belongs to.
    type: str
    env:
      - name: HW_DOMAIN_NAME
  credentials_file:
    description:
      - Path of a file with credentials in its section C([basic]).
      - Without it and its variable, C(~/.huaweicloud/credentials) is read when no other credentials are given.
    type: path
    env:
      - name: HUAWEICLOUD_SDK_CREDENTIALS_FILE
  iam_endpoint:
    description: Base URL of IAM. Without it the address follows from O(region) and O(cloud).
    type: str
    env:
      - name: HUAWEICLOUD_SDK_IAM_ENDPOINT
      - name: HW_AUTH_URL
  cloud:
    description: Domain of the endpoints. Without it and its variable it is V(myhuaweicloud.com).
    type: str
    env:
      - name: HW_CLOUD
  validate_certs:
    description: Whether to verify TLS certificates.
    type: bool
    default: true
  ca_path:
    description: Path of a file or directory with the CA certificates to trust.
    type: path
    env:
      - name: REQUESTS_CA_BUNDLE
  request_timeout:
    description: How long to wait for a connection, and for each part of an answer, in seconds, at least 1.
    type: int
    default: 60
  request_retries:
    description:
      - How often a request is sent again after a connection failure, a server error or throttling.
      - A whole number. Without it and its variable it is V(5).
    type: str
    env:
      - name: HW_MAX_RETRIES
requirements:
  - python >= 3.9
  - requests
notes:
  - Options in the source file win over variables. An empty variable counts as not set. Of two variables for one option,
    the first one listed wins, and credentials of the two rows of names (C(HUAWEICLOUD_SDK_...) and C(HW_...)) are never
    mixed.
  - Options of the source file may be templates, such as a lookup that reads a secret from where it is kept.
"""
