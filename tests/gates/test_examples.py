# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example runs as it stands, writes nothing in check mode, and returns what RETURN says and nothing else."""

from __future__ import annotations

import functools
import importlib
import textwrap

import pytest

from tests.gates.collection import MODULES, NAMESPACE, documented
from tests.gates.scenarios import EXAMPLE_CLOUDS, FURTHER_RUNS

# What Ansible adds to a result, or what every module returns without saying so.
ANSIBLES_OWN = {
    "ansible_facts", "attempts", "changed", "deprecations", "diff", "exception", "failed", "invocation", "msg",
    "warnings",
}  # fmt: skip
TYPES = {"str": str, "int": int, "bool": bool, "float": (int, float), "list": list, "dict": dict}
MODELS = {
    "hss": "huaweicloudsdkhss.v5.model",
    "iotda": "huaweicloudsdkiotda.v5.model",
    "kps": "huaweicloudsdkkps.v3.model",
}
PLAY = """\
- name: Examples
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
"""


@pytest.fixture(scope="session")
def run_tasks(simulator_process, play_here, tmp_path_factory):
    """Run tasks in a cloud, and return what was played."""

    def run(tasks, cloud, *arguments, faults=()):
        simulator_process.load(cloud)
        simulator_process.set_faults(list(faults))
        playbook = tmp_path_factory.mktemp("examples") / "playbook.yml"
        playbook.write_text(PLAY + textwrap.indent(tasks, "    "), encoding="utf-8")
        return play_here(playbook, *arguments, variables=simulator_process.environment())

    return run


@pytest.fixture(scope="session")
def run_examples(run_tasks):
    """Run the examples of a module as they stand; only once, as two tests look at what came of it."""

    @functools.cache
    def run(name):
        return run_tasks(documented()[name]["examples"], cloud_of(name))

    return run


def cloud_of(name):
    return EXAMPLE_CLOUDS.get(name) or EXAMPLE_CLOUDS[name.split("_")[0]]


# The tests of one module run in the same process, where what came of its examples is kept.
EACH_MODULE = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in MODULES]
)


@EACH_MODULE
def test_examples_run_and_write_nothing_in_check_mode(name, run_tasks, run_examples, simulator_process):
    predicted = run_tasks(documented()[name]["examples"], cloud_of(name), "--check")
    assert predicted.returncode == 0, predicted.output
    assert simulator_process.writes() == []
    made = run_examples(name)
    assert made.returncode == 0, made.output
    assert made.of(f"{NAMESPACE}.{name}"), "no example uses the module"


@EACH_MODULE
def test_what_comes_back_is_what_return_says(name, run_tasks, run_examples):
    runs = [run_examples(name)]
    for run in FURTHER_RUNS.get(name, []):
        tasks = run.tasks.strip().replace("\n- ", "\n  ignore_errors: true\n- ") + "\n  ignore_errors: true\n"
        runs.append(run_tasks(tasks, run.cloud, faults=run.faults))
    results = [each.result for run in runs for each in run.of(f"{NAMESPACE}.{name}")]
    seen = set()
    for result in results:
        ours = {key: value for key, value in result.items() if key not in ANSIBLES_OWN}
        undocumented = set(ours) - set(documented()[name]["return"])
        assert not undocumented, f"not in RETURN: {sorted(undocumented)}"
        compare(ours, documented()[name]["return"], api_fields(name.split("_")[0]), "", seen)
    missing = set(paths(documented()[name]["return"])) - seen
    assert not missing, f"in RETURN, and never came back: {sorted(missing)}"


def compare(value, docs, api, path, seen):
    """Compare a dict with the RETURN of its keys, note in ``seen`` what was there; fields of the API pass through."""
    for key, each in value.items():
        here = f"{path}{key}"
        assert key in docs or key in api, f"{here} is neither in RETURN nor a field of the API"
        if key not in docs:
            continue
        seen.add(here)
        assert each is None or isinstance(each, TYPES[docs[key]["type"]]), f"{here} is no {docs[key]['type']}: {each!r}"
        if docs[key].get("contains"):
            for element in each if isinstance(each, list) else [each] if each else []:
                compare(element, docs[key]["contains"], api, f"{here}.", seen)


def paths(docs, prefix=""):
    """Yield every documented key, those inside others as ``outer.inner``."""
    for key, doc in docs.items():
        yield prefix + key
        yield from paths(doc.get("contains") or {}, f"{prefix}{key}.")


@functools.cache
def api_fields(service):
    """Return the names of all fields of a service's API, as its official SDK knows them."""
    models = vars(importlib.import_module(MODELS[service])).values()
    return {field for model in models for field in getattr(model, "attribute_map", {}).values()}
