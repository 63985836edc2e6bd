# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small checks for query parameters and bodies: every documented limit, and nothing that is not documented.

A check is a function ``check(value, name) -> value`` that raises Invalid.
"""

from __future__ import annotations

import re


class Invalid(Exception):
    def __init__(self, name, why):
        super().__init__(f'{name} {why}')
        self.name = name
        self.why = why


def text(low=1, high=64, pattern=None):
    """A string of ``low`` to ``high`` characters, which matches ``pattern`` as a whole."""
    def check(value, name):
        if not isinstance(value, str):
            raise Invalid(name, 'must be a string')
        if not low <= len(value) <= high:
            raise Invalid(name, f'must have {low} to {high} characters')
        if pattern is not None and re.fullmatch(pattern, value) is None:
            raise Invalid(name, f'must match {pattern}')
        return value
    return check


def choice(*values):
    def check(value, name):
        if not isinstance(value, str) or value not in values:
            raise Invalid(name, 'must be one of {0}'.format(', '.join(values)))
        return value
    return check


def whole(low, high):
    """A JSON number without a fraction."""
    def check(value, name):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Invalid(name, f'must be a whole number from {low} to {high}')
        return value
    return check


def digits(low, high):
    """A whole number in a query string."""
    def check(value, name):
        if re.fullmatch('[0-9]{1,18}', value) is None or not low <= int(value) <= high:
            raise Invalid(name, f'must be a whole number from {low} to {high}')
        return int(value)
    return check


def flag():
    """A boolean in a query string."""
    def check(value, name):
        return choice('true', 'false')(value, name) == 'true'
    return check


def items(each, low, high):
    """A list of ``low`` to ``high`` values that pass ``each``."""
    def check(value, name):
        if not isinstance(value, list):
            raise Invalid(name, 'must be a list')
        if not low <= len(value) <= high:
            raise Invalid(name, f'must have {low} to {high} items')
        return [each(item, f'{name}[{index}]') for index, item in enumerate(value)]
    return check


def record(required=None, optional=None):
    """An object with exactly these fields; what comes back holds only the given ones."""
    required = required or {}
    known = dict(required, **(optional or {}))

    def check(value, name=''):
        if not isinstance(value, dict):
            raise Invalid(name or 'body', 'must be an object')
        prefix = name + '.' if name else ''
        for field in value:
            if field not in known:
                raise Invalid(prefix + field, 'is unknown')
        for field in required:
            if field not in value:
                raise Invalid(prefix + field, 'is required')
        return {field: known[field](item, prefix + field) for field, item in value.items()}
    return check
