# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each fault must come to: the table that the matrix is checked against, and that a person can read.

A cell says how the run ends, ``ok`` or the kind of failure (``unknown`` and ``timeout`` for short), and how often the
request that was struck is sent in all (``*``: as often as it takes). Everything else follows from that, see
``test_matrix.py``. ``-`` is for what cannot be.

read        a request that only reads, in a module that only reads
before      a read that comes before the first write
afterwards  a read after the last write, that looks for its effect
look        the same, in a module that forgives whatever becomes of it
waiting     a read that waits for an end
create      CreateTask
retry       RetryTask
batch       RetryBatchTask
delete      DeleteFailedTask, DeleteAllFailedTask
"""

from __future__ import annotations

_SHORT = {"unknown": "unknown_outcome", "timeout": "wait_timeout"}

TABLE = """
fault                      read       before     afterwards  waiting    look  create     retry      batch      delete
refused                    ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
closed before              ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
closed after               ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
silence before             ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       unknown 1  ok 2
silence after              ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
slow                       ok 1       ok 1       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 1
too slow                   ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
429                        ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
403 throttling             ok 2       ok 2       -           -          ok *  -          -          ok 2       -
5xx before                 ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
5xx after                  ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
400                        api 1      api 1      api *       api *      ok *  api 1      api 1      api 1      api 1
401                        auth 1     auth 1     auth *      auth *     ok *  auth 1     auth 1     auth 1     auth 1
403                        auth 1     auth 1     auth *      auth *     ok *  auth 1     auth 1     auth 1     auth 1
404                        api 1      api 1      api *       api *      ok *  api 1      api 1      api 1      api 1
truncated                  ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
200 HTML before            ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
200 HTML after             ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 2
200 []                     api 1      api 1      ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 1
200 {}                     api 1      api 1      ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 1
200 empty                  ok 2       ok 2       ok *        ok *       ok *  ok 1       ok 1       ok 1       ok 1
redirect                   api 1      api 1      api *       api *      ok *  api 1      api 1      api 1      api 1
token expires              auth 1     auth 1     auth *      auth *     ok *  auth 1     auth 1     auth 1     auth 1
own token expires          ok 2       ok 2       ok *        ok *       ok *  ok 2       ok 2       ok 2       ok 2
refused always             network 6  network 6  ok *        timeout *  ok *  network 6  network 6  network 6  network 6
closed before always       network 6  network 6  ok *        timeout *  ok *  unknown 2  unknown 2  unknown 2  network 6
closed after always        network 6  network 6  ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 6
silence before always      network 6  network 6  ok *        timeout *  ok *  unknown 2  unknown 2  unknown 1  network 6
silence after always       network 6  network 6  ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 6
too slow always            network 6  network 6  ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 6
429 always                 api 6      api 6      ok *        timeout *  ok *  api 6      api 6      api 6      api 6
403 throttling always      api 6      api 6      -           -          ok *  -          -          api 6      -
5xx before always          api 6      api 6      ok *        timeout *  ok *  unknown 2  unknown 2  unknown 2  api 6
5xx after always           api 6      api 6      ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 6
truncated always           api 6      api 6      ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok *
200 HTML before always     api 6      api 6      ok *        timeout *  ok *  unknown 2  unknown 2  unknown 2  api 6
200 HTML after always      api 6      api 6      ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 6
200 {} always              api 1      api 1      ok *        timeout *  ok *  ok 1       ok 1       ok 1       ok 1
own token expires always   auth 2     auth 2     auth *      auth *     ok *  auth 2     auth 2     auth 2     auth 2
closed before, shown late  -          -          -           -          -     ok 2       ok 2       ok 2       ok 2
closed after, shown late   -          -          -           -          -     ok 1       ok 1       ok 1       ok 2
5xx before, shown late     -          -          -           -          -     ok 2       ok 2       ok 2       ok 2
5xx after, shown late      -          -          -           -          -     ok 1       ok 1       ok 1       ok 2
truncated, shown late      -          -          -           -          -     ok 1       ok 1       ok 1       ok 2
clock is off               ok *       ok *       ok *        ok *       ok *  ok *       ok *       ok *       ok *
shown late                 -          -          -           -          -     ok *       ok *       ok *       ok *
"""


def _read(table):
    """{(row, column): (outcome, how often sent or None)}; columns are at least two spaces apart."""
    head, *lines = table.strip().splitlines()
    columns = head.split()[1:]
    found = {}
    for line in lines:
        row, *cells = [part for part in line.split("  ") if part.strip()]
        for column, cell in zip(columns, cells):
            if cell.strip() != "-":
                outcome, sent = cell.split()
                found[row.strip(), column] = (_SHORT.get(outcome, outcome), None if sent == "*" else int(sent))
    return found


EXPECTED = _read(TABLE)
