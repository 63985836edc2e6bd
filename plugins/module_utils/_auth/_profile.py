# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials file that the official SDK reads."""

from __future__ import annotations

import configparser
import os

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._aksk import AccessKey
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError

SECTION = "basic"
_KEYS = {"access_key": "ak", "secret_key": "sk", "security_token": "security_token"}
_SETTINGS = ("project_id", "iam_endpoint")


class Profile(AccessKey):
    """Access keys from the section ``[basic]`` of a file."""

    name = "profile"

    def __init__(self, path, section):
        """
        :arg path: the file's path, for messages. :arg section: what ``read_section`` returned.
        """
        values = {option: section.get(key) for option, key in _KEYS.items()}
        super().__init__(values, "the file %s, section [%s]," % (path, SECTION), _KEYS)
        self._settings = {name: section[name] for name in _SETTINGS if section.get(name)}

    def settings(self):
        return self._settings


def read_section(path):
    """Return the keys and values of the file's section ``[basic]``, or None when it has none.

    :raises AuthError: the file cannot be read or is not an INI file. The message never shows a line of it.
    """
    # Without interpolation: a secret may hold a percent sign.
    parser = configparser.ConfigParser(interpolation=None)
    reason = None
    try:
        with open(os.path.expanduser(path), encoding="utf-8-sig") as lines:
            parser.read_file(lines)
    except OSError as error:
        reason = "cannot be read (%s)" % error.strerror
    except configparser.DuplicateOptionError as error:
        reason = "has the key %s twice (line %s)" % (error.option, error.lineno)
    except (configparser.Error, UnicodeDecodeError):
        reason = "is not a proper INI file"
    if reason:  # outside of the except blocks, so that what the parser says of a line is not chained to it
        raise AuthError("The credentials file %s %s" % (path, reason))
    return dict(parser[SECTION]) if parser.has_section(SECTION) else None
