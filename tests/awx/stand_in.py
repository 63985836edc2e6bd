# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small stand-in for the API of AWX 24: it stores what it is given, and is stricter than AWX.

AWX ignores a field that it does not know; this refuses it. Like AWX it refuses a playbook or an inventory file that is
not in the project's repository, an injector that names no input, and it never shows a secret.
"""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

from flask import Flask, abort, jsonify, request
from werkzeug.serving import make_server

ENCRYPTED = "$encrypted$"

TEXT, NUMBER, FLAG, OBJECT = "", 0, False, {}
PROMPTS = (
    "credential diff_mode execution_environment forks instance_groups inventory job_slice_count job_type labels limit"
    " scm_branch skip_tags tags timeout variables verbosity"
).split()


class To(str):
    """A reference to an object of another endpoint, by id."""


# The fields that can be written, with their defaults; a ``To`` is null by default.
FIELDS = {
    "organizations": {"name": TEXT, "description": TEXT, "default_environment": To("execution_environments")},
    "notification_templates": {"name": TEXT, "description": TEXT, "organization": To("organizations")},
    "credential_types": {"name": TEXT, "description": TEXT, "kind": TEXT, "inputs": OBJECT, "injectors": OBJECT},
    "credentials": {
        "name": TEXT, "description": TEXT, "organization": To("organizations"),
        "credential_type": To("credential_types"), "inputs": OBJECT,
    },
    "execution_environments": {
        "name": TEXT, "description": TEXT, "organization": To("organizations"), "image": TEXT,
        "credential": To("credentials"), "pull": TEXT,
    },
    "projects": {
        "name": TEXT, "description": TEXT, "organization": To("organizations"), "scm_type": TEXT, "scm_url": TEXT,
        "scm_branch": TEXT, "scm_refspec": TEXT, "scm_clean": FLAG, "scm_delete_on_update": FLAG,
        "scm_track_submodules": FLAG, "scm_update_on_launch": FLAG, "scm_update_cache_timeout": NUMBER,
        "allow_override": FLAG, "timeout": NUMBER, "credential": To("credentials"),
        "default_environment": To("execution_environments"),
    },
    "inventories": {
        "name": TEXT, "description": TEXT, "organization": To("organizations"), "kind": TEXT, "host_filter": TEXT,
        "variables": TEXT, "prevent_instance_group_fallback": FLAG,
    },
    "hosts": {"name": TEXT, "description": TEXT, "inventory": To("inventories"), "enabled": True, "variables": TEXT},
    "inventory_sources": {
        "name": TEXT, "description": TEXT, "inventory": To("inventories"), "source": TEXT, "source_path": TEXT,
        "source_vars": TEXT, "source_project": To("projects"), "credential": To("credentials"),
        "execution_environment": To("execution_environments"), "overwrite": FLAG, "overwrite_vars": FLAG,
        "timeout": NUMBER, "verbosity": 1, "limit": TEXT, "update_on_launch": FLAG, "update_cache_timeout": NUMBER,
    },
    "job_templates": {
        "name": TEXT, "description": TEXT, "job_type": "run", "inventory": To("inventories"),
        "project": To("projects"), "playbook": TEXT, "scm_branch": TEXT, "forks": NUMBER, "limit": TEXT,
        "verbosity": NUMBER, "extra_vars": TEXT, "job_tags": TEXT, "skip_tags": TEXT, "timeout": NUMBER,
        "execution_environment": To("execution_environments"), "survey_enabled": FLAG, "become_enabled": FLAG,
        "diff_mode": FLAG, "allow_simultaneous": FLAG, "job_slice_count": 1, "use_fact_cache": FLAG,
        **{f"ask_{name}_on_launch": FLAG for name in PROMPTS},
    },
    "workflow_job_templates": {
        "name": TEXT, "description": TEXT, "organization": To("organizations"), "extra_vars": TEXT,
        "survey_enabled": FLAG, "allow_simultaneous": FLAG, "inventory": To("inventories"), "limit": TEXT,
        "scm_branch": TEXT, "job_tags": TEXT, "skip_tags": TEXT,
        **{f"ask_{name}_on_launch": FLAG for name in PROMPTS},
    },
    "workflow_job_template_nodes": {
        "identifier": TEXT, "workflow_job_template": To("workflow_job_templates"),
        "unified_job_template": To("unified_job_templates"), "extra_data": OBJECT, "inventory": To("inventories"),
        "limit": TEXT, "job_type": TEXT, "job_tags": TEXT, "skip_tags": TEXT, "all_parents_must_converge": FLAG,
    },
    "workflow_approval_templates": {"name": TEXT, "description": TEXT, "timeout": NUMBER},
    "schedules": {
        "name": TEXT, "description": TEXT, "unified_job_template": To("unified_job_templates"), "rrule": TEXT,
        "enabled": True, "extra_data": OBJECT, "limit": TEXT,
    },
}  # fmt: skip

# Written by awx.awx although AWX takes them from elsewhere.
READ_ONLY = {
    "credential_types": {"managed"},
    "job_templates": {"organization"},
    "workflow_job_template_nodes": {"type"},
}
ASSOCIATIONS = {
    "job_templates": {"credentials": "credentials"},
    "workflow_job_templates": {
        "notification_templates_error": "notification_templates",
        "notification_templates_approvals": "notification_templates",
    },
    "workflow_job_template_nodes": {
        "success_nodes": "workflow_job_template_nodes",
        "failure_nodes": "workflow_job_template_nodes",
        "always_nodes": "workflow_job_template_nodes",
    },
}
SURVEYS = ("job_templates", "workflow_job_templates")
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
REQUIRED = {
    "credential_types": ("name", "kind"),
    "credentials": ("name", "credential_type"),
    "execution_environments": ("name", "image"),
    "inventories": ("name", "organization"),
    "hosts": ("name", "inventory"),
    "inventory_sources": ("name", "inventory", "source"),
    "job_templates": ("name", "inventory", "project", "playbook"),
    "workflow_job_template_nodes": ("identifier", "workflow_job_template"),
    "schedules": ("name", "unified_job_template", "rrule"),
}

# How AWX finds playbooks in a project, and where it does not look.
PLAYBOOK = re.compile(r"^\s*-?\s*(?:hosts|(?:ansible\.builtin\.)?import_playbook|include):", re.MULTILINE)
NO_PLAYBOOKS = {"roles", "tasks", "vars", "group_vars", "host_vars", "templates"}

QUESTION = {
    "question_name": str, "question_description": str, "required": bool, "type": str, "variable": str,
    "default": (str, int, float), "choices": list, "min": int, "max": int,
}  # fmt: skip
QUESTION_TYPES = {"text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"}


class Refused(Exception):
    """What was sent cannot be stored."""


class Store:
    """The objects, by endpoint and id.

    repositories: directories with what a git address holds.
    """

    def __init__(self, repositories: dict):
        self.repositories = repositories
        self.objects = {name: {} for name in FIELDS}
        self.associations = {}
        self.surveys = {}
        self.writes = []
        self._last_id = 0

    def create(self, endpoint: str, data: dict) -> dict:
        values = {name: None if isinstance(default, To) else default for name, default in FIELDS[endpoint].items()}
        stored = self._checked(endpoint, values, data)
        if self._same(endpoint, stored):
            raise Refused({"__all__": [f"{stored['name']} exists already"]})
        self._last_id += 1
        self.objects[endpoint][self._last_id] = stored
        self.writes.append(("POST", endpoint, sorted(data)))
        return self.show(endpoint, self._last_id)

    def update(self, endpoint: str, number: int, data: dict) -> dict:
        self.objects[endpoint][number] = self._checked(endpoint, self.objects[endpoint][number], data)
        self.writes.append(("PATCH", endpoint, sorted(data)))
        return self.show(endpoint, number)

    def show(self, endpoint: str, number: int) -> dict:
        """An object as the API shows it: with its addresses, and without secrets."""
        url = f"/api/v2/{endpoint}/{number}/"
        stored = self.objects[endpoint][number]
        shown = {**stored, "id": number, "type": endpoint[:-1], "url": url, "related": {}, "summary_fields": {}}
        if endpoint == "credentials":
            secret = self._secret_inputs(stored["credential_type"])
            shown["inputs"] = {k: ENCRYPTED if k in secret else v for k, v in stored["inputs"].items()}
        if endpoint == "credential_types":
            shown["managed"] = False
        if endpoint == "projects":
            shown.update(scm_revision="0" * 40)
        if endpoint == "job_templates":
            shown["organization"] = self.objects["projects"][stored["project"]]["organization"]
        if endpoint in SURVEYS:
            shown["related"]["survey_spec"] = url + "survey_spec/"
        if endpoint == "workflow_job_template_nodes" and stored["unified_job_template"]:
            kind = self._unified_kind(stored["unified_job_template"])
            shown["related"]["unified_job_template"] = f"/api/v2/{kind}/{stored['unified_job_template']}/"
        return shown

    def find(self, endpoint: str, query: dict) -> list:
        """The objects of an endpoint whose fields have the values of a query."""
        endpoints = UNIFIED if endpoint == "unified_job_templates" else (endpoint,)
        shown = [self.show(each, number) for each in endpoints for number in self.objects[each]]
        return [item for item in shown if all(str(item.get(name)) == value for name, value in query.items())]

    def associate(self, endpoint: str, number: int, name: str, data: dict) -> None:
        target = ASSOCIATIONS[endpoint][name]
        if data["id"] not in self.objects[target]:
            raise Refused({"detail": f"there is no {target} {data['id']}"})
        linked = self.associations.setdefault((endpoint, number, name), [])
        if data.get("disassociate"):
            linked.remove(data["id"])
        else:
            linked.append(data["id"])
        self.writes.append(("POST", f"{endpoint}/{name}", sorted(data)))

    def associated(self, endpoint: str, number: int, name: str) -> list:
        target = ASSOCIATIONS[endpoint][name]
        return [self.show(target, each) for each in self.associations.get((endpoint, number, name), [])]

    def set_survey(self, endpoint: str, number: int, survey: dict) -> None:
        _check_survey(survey)
        self.surveys[endpoint, number] = survey
        self.writes.append(("POST", f"{endpoint}/survey_spec", sorted(survey)))

    def approval(self, node: int, data: dict) -> dict:
        """The template of an approval, which only its node refers to."""
        shown = self.create("workflow_approval_templates", data)
        self.objects["workflow_job_template_nodes"][node]["unified_job_template"] = shown["id"]
        return shown

    def snapshot(self) -> dict:
        """Everything that is stored, with names in the place of ids."""
        return {
            endpoint: {
                self._name(endpoint, number): self._readable(endpoint, number) for number in self.objects[endpoint]
            }
            for endpoint in FIELDS
        }

    # Checks

    def _checked(self, endpoint: str, values: dict, data: dict) -> dict:
        unknown = set(data) - set(FIELDS[endpoint]) - READ_ONLY.get(endpoint, set())
        if unknown:
            raise Refused({name: [f"{endpoint} has no such field"] for name in sorted(unknown)})
        stored = dict(values)
        for name, value in data.items():
            if name in FIELDS[endpoint]:
                stored[name] = self._checked_value(endpoint, name, value)
        for name in REQUIRED.get(endpoint, ("name",)):
            if stored[name] in ("", None):
                raise Refused({name: ["This field is required."]})
        check = getattr(self, f"_check_{endpoint}", None)
        if check:
            check(stored)
        return stored

    def _checked_value(self, endpoint: str, name: str, value):
        default = FIELDS[endpoint][name]
        if isinstance(default, To):
            if value not in (None, "") and not self._exists(default, value):
                raise Refused({name: [f"Invalid pk {value!r} - object does not exist."]})
            return value or None
        if value is None and default == TEXT:
            return ""
        if type(value) is not type(default):
            raise Refused({name: [f"{value!r} is not of the type {type(default).__name__}"]})
        return value

    def _exists(self, endpoint: str, number) -> bool:
        if endpoint == "unified_job_templates":
            return any(number in self.objects[each] for each in (*UNIFIED, "workflow_approval_templates"))
        return number in self.objects[endpoint]

    def _same(self, endpoint: str, stored: dict) -> bool:
        keys = ("name", "organization", "inventory", "credential_type", "identifier", "workflow_job_template")
        keys = [key for key in keys if key in FIELDS[endpoint]]
        return any(all(each[key] == stored[key] for key in keys) for each in self.objects[endpoint].values())

    def _check_credential_types(self, stored: dict) -> None:
        fields = {field["id"] for field in stored["inputs"].get("fields", [])}
        for field in stored["inputs"].get("fields", []):
            allowed = {"id", "label", "type", "secret", "multiline", "help_text", "choices", "default", "format"}
            if not {"id", "label"} <= set(field) <= allowed or field.get("type", "string") not in ("string", "boolean"):
                raise Refused({"inputs": [f"{field} is not a field"]})
        if not set(stored["inputs"].get("required", [])) <= fields:
            raise Refused({"inputs": ["a required field is not a field"]})
        if not set(stored["injectors"]) <= {"env", "file", "extra_vars"}:
            raise Refused({"injectors": ["only env, file and extra_vars"]})
        named = set(re.findall(r"{{ *(\w+) *}}", json.dumps(stored["injectors"])))
        if not named <= fields:
            raise Refused({"injectors": [f"{', '.join(sorted(named - fields))} is not an input"]})

    def _check_credentials(self, stored: dict) -> None:
        inputs = self.objects["credential_types"][stored["credential_type"]]["inputs"]
        unknown = set(stored["inputs"]) - {field["id"] for field in inputs.get("fields", [])}
        missing = set(inputs.get("required", [])) - set(stored["inputs"])
        if unknown or missing:
            raise Refused({"inputs": [f"unknown: {sorted(unknown)}, missing: {sorted(missing)}"]})

    def _secret_inputs(self, credential_type: int) -> set:
        fields = self.objects["credential_types"][credential_type]["inputs"].get("fields", [])
        return {field["id"] for field in fields if field.get("secret")}

    def _check_projects(self, stored: dict) -> None:
        if stored["scm_type"] == "git" and stored["scm_url"] not in self.repositories:
            raise Refused({"scm_url": ["the repository cannot be read"]})

    def _check_inventory_sources(self, stored: dict) -> None:
        if stored["source"] != "scm":
            return
        if not (self._repository(stored["source_project"]) / stored["source_path"]).is_file():
            raise Refused({"source_path": ["not in the project"]})

    def _check_job_templates(self, stored: dict) -> None:
        if stored["playbook"] not in playbooks(self._repository(stored["project"])):
            raise Refused({"playbook": ["Playbook not found for project."]})

    def _repository(self, project: int) -> Path:
        return self.repositories[self.objects["projects"][project]["scm_url"]]

    # What people read

    def _unified_kind(self, number: int) -> str:
        return next(each for each in (*UNIFIED, "workflow_approval_templates") if number in self.objects[each])

    def _name(self, endpoint: str, number: int) -> str:
        stored = self.objects[endpoint][number]
        return stored["identifier"] if endpoint == "workflow_job_template_nodes" else stored["name"]

    def _readable(self, endpoint: str, number: int) -> dict:
        stored = self.show(endpoint, number)
        readable = {}
        for name, default in FIELDS[endpoint].items():
            value = stored[name]
            if isinstance(default, To) and value is not None:
                value = self._name(self._unified_kind(value) if default == "unified_job_templates" else default, value)
            readable[name] = value
        for name in ASSOCIATIONS.get(endpoint, {}):
            target = ASSOCIATIONS[endpoint][name]
            readable[name] = [self._name(target, each) for each in self.associations.get((endpoint, number, name), [])]
        if (endpoint, number) in self.surveys:
            readable["survey"] = self.surveys[endpoint, number]
        return readable


def playbooks(repository: Path) -> set:
    """Return the playbooks that AWX offers of a repository, by path."""
    found = set()
    for path in [*repository.rglob("*.yml"), *repository.rglob("*.yaml")]:
        parts = path.relative_to(repository).parts
        hidden = any(part.startswith(".") for part in parts)
        if not hidden and not NO_PLAYBOOKS & set(parts[:-1]) and PLAYBOOK.search(path.read_text(encoding="utf-8")):
            found.add("/".join(parts))
    return found


def _check_survey(survey: dict) -> None:
    if set(survey) != {"name", "description", "spec"} or not survey["spec"]:
        raise Refused({"error": "a survey has a name, a description and questions"})
    seen = set()
    for question in survey["spec"]:
        unfit = [name for name, value in question.items() if not isinstance(value, QUESTION.get(name, ()))]
        missing = {"question_name", "type", "variable", "required"} - set(question)
        if unfit or missing or question["type"] not in QUESTION_TYPES or question["variable"] in seen:
            raise Refused({"error": f"{question} is not a question (or its variable is asked for twice)"})
        seen.add(question["variable"])
        if question["type"] == "integer" and not isinstance(question.get("default", 0), int):
            raise Refused({"error": f"the default of {question['variable']} is no whole number"})
        if question["type"].startswith("multi"):
            default = question.get("default", "")
            chosen = set(default.split("\n")) if default else set()
            if not question.get("choices") or not chosen <= set(question["choices"]):
                raise Refused({"error": f"the choices of {question['variable']} are missing or hold not its default"})


def make_app(store: Store, token: str, password: str) -> Flask:
    """Make the WSGI application. A request wants the token, or one that was given for user admin with the password."""
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    _add_sign_in(app, token, password)
    _add_objects(app, store)
    _add_parts(app, store)

    @app.errorhandler(Refused)
    def refuse(refused):
        return jsonify(refused.args[0]), 400

    return app


def _add_sign_in(app: Flask, token: str, password: str) -> None:
    @app.before_request
    def authorize():
        if request.path == "/api/v2/tokens/" and request.method == "POST":
            given = request.authorization
            return None if given and (given.username, given.password) == ("admin", password) else ({}, 401)
        return None if request.headers.get("Authorization") == f"Bearer {token}" else ({}, 401)

    @app.after_request
    def name_product(response):
        response.headers.update({"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"})
        return response

    @app.post("/api/v2/tokens/")
    def get_token():
        return {"id": 1, "token": token}, 201

    @app.delete("/api/v2/tokens/1/")
    def drop_token():
        return "", 204


def _add_objects(app: Flask, store: Store) -> None:
    @app.get("/api/v2/<endpoint>/")
    def find(endpoint):
        return _listing(store.find(endpoint, request.args.to_dict()))

    @app.post("/api/v2/<endpoint>/")
    def create(endpoint):
        return store.create(endpoint, request.get_json()), 201

    @app.get("/api/v2/<endpoint>/<int:number>/")
    def show(endpoint, number):
        return store.show(endpoint, number)

    @app.patch("/api/v2/<endpoint>/<int:number>/")
    def update(endpoint, number):
        return store.update(endpoint, number, request.get_json())


def _add_parts(app: Flask, store: Store) -> None:
    """What belongs to an object and has an address below its own: surveys, approvals, associations."""

    @app.get("/api/v2/<endpoint>/<int:number>/survey_spec/")
    def survey(endpoint, number):
        return store.surveys.get((endpoint, number), {})

    @app.post("/api/v2/<endpoint>/<int:number>/survey_spec/")
    def set_survey(endpoint, number):
        store.set_survey(endpoint, number, request.get_json())
        return {}

    @app.post("/api/v2/workflow_job_template_nodes/<int:number>/create_approval_template/")
    def approval(number):
        return store.approval(number, request.get_json()), 201

    @app.get("/api/v2/<endpoint>/<int:number>/<name>/")
    def associated(endpoint, number, name):
        if name not in ASSOCIATIONS.get(endpoint, {}):
            abort(404)
        return _listing(store.associated(endpoint, number, name))

    @app.post("/api/v2/<endpoint>/<int:number>/<name>/")
    def associate(endpoint, number, name):
        if name not in ASSOCIATIONS.get(endpoint, {}):
            abort(404)
        store.associate(endpoint, number, name, request.get_json())
        return "", 204


def _listing(results: list) -> dict:
    return {"count": len(results), "next": None, "previous": None, "results": results}


class StandIn:
    """A running stand-in on a free loopback port; a context manager that stops it."""

    TOKEN = "awx-token-of-the-test"
    PASSWORD = "awx-password-of-the-test"

    def __init__(self, repositories: dict):
        self.store = Store(repositories)
        self._server = make_server("127.0.0.1", 0, make_app(self.store, self.TOKEN, self.PASSWORD), threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
