# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the official clients need: a simulator over a real socket, and a home directory that they may write to."""

from __future__ import annotations

import importlib
import tempfile

import pytest

# Importing this writes ~/.huaweicloud/application_id, once in a process; it is not to be left in anybody's home.
with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
    patch.setenv("HOME", home)
    importlib.import_module("huaweicloudsdkcore.http.user_agent")


@pytest.fixture
def cloud(simulator_process, monkeypatch):
    """A simulator in its first state: its ``url``, ``load``, ``advance``, ``journal``."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    simulator_process.load({})
    return simulator_process
