# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files in extensions/awx say the same as the playbooks and the modules."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from ansible_collections.huaweicloud.tasks.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.huaweicloud.tasks.plugins.doc_fragments.hss import ModuleDocFragment as Hss
from tests.awx.stand_in import playbooks
from tests.tools.workplace import ROOT

KIT = ROOT / "extensions" / "awx"
WHERE = {"region", "project_id", "enterprise_project_id"}


def kit(name):
    return yaml.safe_load((KIT / name).read_text(encoding="utf-8"))


INPUTS = kit("credential_type_inputs.yml")
INJECTORS = kit("credential_type_injectors.yml")
TEMPLATES = kit("job_templates.yml")["awx_job_templates"]
QUESTIONS = kit("job_templates.yml")["awx_questions"]


def questions(template):
    """The questions of a job template, whose survey is a sum of named lists."""
    names = re.findall(r"awx_questions\.(\w+)", template["survey"])
    return [question for name in names for question in QUESTIONS[name]]


def test_every_playbook_has_a_job_template():
    ours = {name for name in playbooks(ROOT) if name.startswith("playbooks/")}
    assert {template["playbook"] for template in TEMPLATES} == ours - {"playbooks/awx_setup.yml"}
    assert len({template["name"] for template in TEMPLATES}) == len(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_a_survey_asks_for_every_variable_of_its_playbook(template):
    text = (ROOT / template["playbook"]).read_text(encoding="utf-8")
    variables = yaml.safe_load(re.search(r" argument_spec:\n(.*?)\n +provided_arguments:", text, re.DOTALL).group(1))
    asked = {question["variable"]: question for question in questions(template)}
    assert set(asked) == set(variables) - WHERE
    for name, question in asked.items():
        assert (question["type"] == "integer") == (variables[name]["type"] == "int"), name
        assert re.search(rf"^# .*\b{name}\b", text, re.MULTILINE), name


def test_every_input_becomes_one_variable_that_the_modules_read():
    fields = {field["id"]: field for field in INPUTS["fields"]}
    assert set(INJECTORS) == {"env"}
    used = {variable: re.fullmatch(r"{{ (\w+) }}", value).group(1) for variable, value in INJECTORS["env"].items()}
    assert sorted(used.values()) == sorted(fields)
    documentation = json.dumps([yaml.safe_load(fragment.DOCUMENTATION) for fragment in (Connection, Hss)])
    for variable, field in used.items():
        assert f"E({variable})" in documentation
        assert fields[field]["help_text"].endswith(f"Becomes {variable}.")


def test_what_is_a_secret_is_stored_as_one():
    secret = {field["id"] for field in INPUTS["fields"] if field.get("secret")}
    assert secret == {"secret_key", "security_token", "auth_token", "password"}


def test_every_variable_of_the_credential_is_in_the_guide():
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
    for variable in INJECTORS["env"]:
        assert f"``{variable}``" in guide, variable
