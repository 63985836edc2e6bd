# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the matrix of faults at the end of the run, also when the cells were tested in several processes."""

from __future__ import annotations

import pytest

from tests.faults.fault_kinds import FAULTS

LEGEND = (
    "how a run ends: how often the request that was struck is sent, and how many writes take effect in the run;\n"
    "first, middle and last call where these differ; ! for a cell that is not as expected"
)


@pytest.fixture
def tried(record_property, request):
    """Call it for each random example; how many there were is printed as what the module's COUNTED says."""
    examples = []
    yield lambda: examples.append(None)
    record_property("count", [request.module.COUNTED, len(examples)])


def pytest_collection_modifyitems(items):
    """The longest tests first: both of two processes are then busy to the end."""
    items.sort(key=lambda item: "tried" not in getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter):
    cells, counts = [], {}
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        # Counts are known at the end of a test, when its outcome was reported already.
        for name, value in getattr(report, "user_properties", ()):
            if name == "cell" and report.when == "call":
                cells.append([*value, report.passed])
            elif name == "count" and report.when == "teardown":
                counts[value[0]] = counts.get(value[0], 0) + value[1]
    if cells:
        terminalreporter.section("matrix of faults")
        for line in lines(cells):
            terminalreporter.write_line(line)
        counts["cells of the matrix"] = len(cells)
    if counts:
        terminalreporter.section("counts")
        for what, count in counts.items():
            terminalreporter.write_line("%6d %s" % (count, what))


def lines(cells):
    """Tables of four scenes each, with the faults as rows; faults of one sort that come to the same share a row."""
    scenes = sorted({cell[0] for cell in cells})
    faults = [fault for fault in FAULTS if any(cell[1] == fault for cell in cells)]
    texts = {(a, b): _text([cell for cell in cells if cell[:2] == [a, b]]) for a in scenes for b in faults}
    yield from LEGEND.splitlines()
    for first in range(0, len(scenes), 4):
        group = scenes[first : first + 4]
        yield ""
        yield from _table(group, {fault: tuple(texts[scene, fault] for scene in group) for fault in faults})


def _table(head, rows):
    widths = [max(len(text) for text in column) for column in zip(head, *rows.values())]
    yield _row("", head, widths)
    sorts = {}
    for fault, entries in rows.items():
        sorts.setdefault((FAULTS[fault].row, entries), []).append(fault)
    for (sort, entries), faults in sorts.items():
        yield _row(faults[0] if len(faults) == 1 else "%s (%s)" % (sort, len(faults)), entries, widths)


def _row(head, entries, widths):
    return ("%-30s" % head + "  ".join(entry.ljust(width) for entry, width in zip(entries, widths))).rstrip()


def _text(cells):
    order = ("run", "only", "first", "middle", "last")
    told = [
        "%s: %s, %s%s" % (outcome, "*" if sent is None else "%g" % sent, effects, "" if passed else " !")
        for _scene, _fault, _position, outcome, sent, effects, passed in sorted(cells, key=lambda c: order.index(c[2]))
    ]
    return " | ".join(dict.fromkeys(told))
