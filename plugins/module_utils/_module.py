# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge: the only place that knows Ansible."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import TasksError
from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import REQUESTS_MISSING, Client


def run(spec, execute):
    """Run ``execute(params, check_mode, client)`` as a module and exit with what it returns or raises."""
    module = _ansible_module(spec)
    if REQUESTS_MISSING:
        module.fail_json(msg=missing_required_lib("requests"), failure_kind="input")
    client = failure = None
    try:
        with Client.from_params(spec.service, module.params, on_secret=module.no_log_values.add) as client:
            result = execute(module.params, module.check_mode, client)
    except TasksError as error:
        failure = error
    _pass_warnings(module, client)
    # Outside of the except block: Ansible adds the traceback of an exception that is being handled, and with it
    # what the libraries below said.
    if failure:
        module.fail_json(msg=failure.msg, **failure.to_result())
    module.exit_json(**result)


def _ansible_module(spec):
    try:
        return AnsibleModule(argument_spec=spec.argument_spec, supports_check_mode=True, **spec.rules)
    except TypeError as error:
        wrong = error
    # ansible-core looks for the options within a number before it tells that it is no dict; without them it tells.
    outer = {
        name: {key: value for key, value in option.items() if key != "options"}
        for name, option in spec.argument_spec.items()
    }
    AnsibleModule(argument_spec=outer, supports_check_mode=True, **spec.rules)
    raise wrong


def _pass_warnings(module, client):
    for text in client.warnings if client else ():
        module.warn(text)
