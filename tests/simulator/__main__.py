# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the simulator: ``python -m tests.simulator [--port 0] [--scenario file.json] [--url-file path]``."""

from __future__ import annotations

import argparse
import json
import signal
from pathlib import Path

from .app import Simulator
from .server import Server


def stop(_signal, _frame):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(prog='python -m tests.simulator',
                                     description='Simulates the Huawei Cloud services that the collection calls.')
    parser.add_argument('--port', type=int, default=0, help='port on 127.0.0.1; 0 (default) takes a free one')
    parser.add_argument('--scenario', type=Path, help='JSON file with the scenario to begin with')
    parser.add_argument('--url-file', type=Path, help='file that the URL is written to, once it can be called')
    options = parser.parse_args()
    scenario = json.loads(options.scenario.read_text(encoding='utf-8')) if options.scenario else {}
    server = Server(Simulator(scenario), options.port)
    signal.signal(signal.SIGTERM, stop)
    print(server.url, flush=True)
    if options.url_file:
        options.url_file.write_text(server.url + '\n', encoding='utf-8')
    server.serve()


if __name__ == '__main__':
    main()
