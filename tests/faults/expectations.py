# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each fault must come to: the table that the matrix is checked against, and that a person can read.

A cell says how the run ends, ``ok`` or the kind of failure, and how often the request that was struck is sent in all
(``*``: as often as it takes). Everything else follows from that, see ``test_matrix.py``.

read        a request that only reads; also before a write
afterwards  a read after a write, that looks for its effect or waits for the end
create      CreateTask
"""

from __future__ import annotations

TABLE = """
fault                   read       before     afterwards  waiting         create
refused                 ok 2       ok 2       ok *        ok *            ok 2
closed before           ok 2       ok 2       ok *        ok *            ok 2
closed after            ok 2       ok 2       ok *        ok *            ok 1
silence before          ok 2       ok 2       ok *        ok *            ok 2
silence after           ok 2       ok 2       ok *        ok *            ok 1
slow                    ok 1       ok 1       ok *        ok *            ok 1
too slow                ok 2       ok 2       ok *        ok *            ok 1
429                     ok 2       ok 2       ok *        ok *            ok 2
5xx before              ok 2       ok 2       ok *        ok *            ok 2
5xx after               ok 2       ok 2       ok *        ok *            ok 1
400                     api 1      api 1      api *       api *           api 1
401                     auth 1     auth 1     auth *      auth *          auth 1
403                     auth 1     auth 1     auth *      auth *          auth 1
404                     api 1      api 1      api *       api *           api 1
truncated               ok 2       ok 2       ok *        ok *            ok 1
200 HTML before         ok 2       ok 2       ok *        ok *            ok 2
200 HTML after          ok 2       ok 2       ok *        ok *            ok 1
200 []                  api 1      api 1      ok *        ok *            ok 1
200 {}                  api 1      api 1      ok *        ok *            ok 1
200 empty               ok 2       ok 2       ok *        ok *            ok 1
redirect                api 1      api 1      api *       api *           api 1
refused always          network 6  network 6  ok *        wait_timeout *  network 6
closed before always    network 6  network 6  ok *        wait_timeout *  unknown_outcome 2
closed after always     network 6  network 6  ok *        wait_timeout *  ok 1
silence before always   network 6  network 6  ok *        wait_timeout *  unknown_outcome 2
silence after always    network 6  network 6  ok *        wait_timeout *  ok 1
too slow always         network 6  network 6  ok *        wait_timeout *  ok 1
429 always              api 6      api 6      ok *        wait_timeout *  api 6
5xx before always       api 6      api 6      ok *        wait_timeout *  unknown_outcome 2
5xx after always        api 6      api 6      ok *        wait_timeout *  ok 1
truncated always        api 6      api 6      ok *        wait_timeout *  ok 1
200 HTML before always  api 6      api 6      ok *        wait_timeout *  unknown_outcome 2
200 HTML after always   api 6      api 6      ok *        wait_timeout *  ok 1
200 {} always           api 1      api 1      ok *        wait_timeout *  ok 1
"""


def _read(table):
    """{(row, column): (outcome, how often sent or None)}; columns are at least two spaces apart."""
    head, *lines = table.strip().splitlines()
    columns = head.split()[1:]
    found = {}
    for line in lines:
        row, *cells = [part for part in line.split("  ") if part.strip()]
        for column, cell in zip(columns, cells):
            outcome, sent = cell.split()
            found[row.strip(), column] = (outcome, None if sent == "*" else int(sent))
    return found


EXPECTED = _read(TABLE)
