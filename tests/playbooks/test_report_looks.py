# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the report of scan_and_gate looks in a browser, on a phone and on a desk, by day and by night.

The pictures stay in tests/output/report for somebody to look at.
"""

from __future__ import annotations

import html
import json
import re

import pytest

from tests.tools.browser import Browser
from tests.tools.workplace import ROOT

PICTURES = ROOT / "tests" / "output" / "report"
WIDTHS = {"phone": 390, "small": 320, "tablet": 800, "desk": 1280}

TIMEOUT = "timeout while contacting https://10.0.0.1:5443/api/v1/namespaces?limit=500&watch=false after 3 tries"
CLUSTERS = [
    {"cluster_name": "shop-prod", "fields": {"emg_vul_num": 3, "risk_assess_num": 7}},
    {"cluster_name": "shop-staging", "fails": {"benchmark": "Agent不在线，无法执行安全合规检查"}},
    {"cluster_name": "<b>shop</b> & \"co\"", "fails": {"cluster_vul": TIMEOUT}},
    {"cluster_name": "warehouse-" + "with-a-name-that-does-not-end-" * 3 + "0001"},
    {"cluster_name": "x" * 120},
    {"cluster_name": "flaky", "fails": True, "fail_attempts": 1},
]
CLOSED = ({"clusters": CLUSTERS}, {"max_retries": 2, "max_risks": 4, "max_emergency_vulnerabilities": 9})
OPEN = ({"clusters": {"count": 4}}, {})
LARGE = ({"clusters": {"count": 250, "failing": 30}}, {"max_retries": 0})

# Measures a page in frames of several widths; the page itself has no script.
PROBE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
{frames}<pre id="found"></pre>
<script>
const measure = frame => {{
  const page = frame.contentDocument;
  const seen = element => {{
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  }};
  const outside = [...page.querySelectorAll("main *")].filter(
    element => seen(element) && element.getBoundingClientRect().right > frame.clientWidth + 0.5);
  const small = [...page.querySelectorAll("main *")].filter(
    element => seen(element) && parseFloat(page.defaultView.getComputedStyle(element).fontSize) < 12);
  return {{
    scrollWidth: page.documentElement.scrollWidth, height: page.documentElement.scrollHeight,
    outside: outside.map(element => element.tagName), small: small.map(element => element.tagName),
  }};
}};
addEventListener("load", () => {{
  const found = Object.fromEntries([...document.querySelectorAll("iframe")].map(frame => [frame.id, measure(frame)]));
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"""
FRAME = '<iframe id="{screen}" style="border:0;width:{width}px;height:100px" srcdoc="{page}"></iframe>'


@pytest.fixture(scope="module")
def browser():
    """A test that cannot look is a failure, and says how to get a browser."""
    return Browser()


@pytest.fixture(scope="module")
def report(simulator_process, play_here, tmp_path_factory):
    """Return a function that has the playbook write a report."""

    def write(name, case):
        hss, variables = case
        simulator_process.load({"hss": {"ready_seconds": 0, "scan_seconds": 1, "estimate": "missing", **hss}})
        path = tmp_path_factory.mktemp(name) / "report.html"
        arguments = json.dumps({**variables, "report_path": str(path)})
        played = play_here(
            "huaweicloud.tasks.scan_and_gate", "-e", arguments, variables=simulator_process.environment()
        )
        assert path.exists(), played.output
        return path

    return write


def measure(browser, page, directory):
    """Return what was found at each width, by the name of the screen."""
    text = html.escape(page.read_text(encoding="utf-8"))
    frames = "".join(FRAME.format(screen=screen, width=width, page=text) for screen, width in WIDTHS.items())
    probe = directory / "probe.html"
    probe.write_text(PROBE.format(frames=frames), encoding="utf-8")
    return json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', browser.dom(probe)).group(1)))


@pytest.mark.parametrize(
    ("name", "case"),
    [("closed", CLOSED), ("open", OPEN), pytest.param("large", LARGE, marks=pytest.mark.slow)],
    ids=["closed", "open", "large"],
)
def test_it_fits_every_width_and_is_photographed(browser, report, tmp_path, name, case):
    page = report(name, case)
    PICTURES.mkdir(parents=True, exist_ok=True)
    measured = measure(browser, page, tmp_path)
    for screen, width in WIDTHS.items():
        found = measured[screen]
        assert found["scrollWidth"] <= width, f"scrolls sideways on a {screen}: {found}"
        assert found["outside"] == [], f"cut off on a {screen}"
        assert found["small"] == [], f"too small to read on a {screen}"
        for scheme in ("light", "dark") if screen in ("phone", "desk") else ():
            picture = PICTURES / f"{name}-{screen}-{scheme}.png"
            picture.unlink(missing_ok=True)
            browser.screenshot(page, picture, width, min(found["height"], 5000), dark=scheme == "dark")
            print(f"picture: {picture.relative_to(ROOT)}")


def luminance(colour):
    digits = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_texts_stand_out_from_their_background():
    """At least 4.5 to 1, as the accessibility guidelines ask for, by day and by night."""
    style = (ROOT / "playbooks" / "templates" / "scan_report.html.j2").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", style)
    palettes = [dict(re.findall(r"--([a-z-]+): #([0-9a-f]+)", block)) for block in blocks]
    assert len(palettes) == 2
    for palette in palettes:
        pairs = [("ink", "page"), ("ink", "card"), ("soft", "page"), ("soft", "card"), ("ink", "bad-back")]
        pairs += [(name, name + "-back") for name in ("good", "bad", "open")]
        pairs += [("good", "card"), ("open", "card"), ("ink", "good-back"), ("ink", "open-back")]
        for text, back in pairs:
            ratio = contrast(palette[text], palette[back])
            assert ratio >= 4.5, f"{text} on {back}: {ratio:.1f}"
