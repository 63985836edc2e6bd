# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in with the credentials file of the official SDK."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth import _profile
from tests.unit.inprocess import Account

REGION = {"HUAWEICLOUD_REGION": "cn-north-4"}
PROJECT = "0123456789abcdef0123456789abcdef"
KEYS = "ak = AKSIMULATOR\nsk = SKSIMULATOR\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".huaweicloud").mkdir()

    def write_file(text, name=".huaweicloud/credentials"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write_file


def run(environ=None, scenario=None, **options):
    cloud = Account(scenario, {**REGION, **(environ or {})})
    return cloud, cloud.run("hss_task_info", task_type="cluster_scan", **options)


def test_the_default_file_is_read_and_its_home_is_found(write):
    write("[basic]\n" + KEYS)
    cloud, result = run()
    assert "failed" not in result
    assert [entry["auth"] for entry in cloud.simulator.journal.requests] == ["SDK-HMAC-SHA256"] * 2
    assert {"AKSIMULATOR", "SKSIMULATOR"} <= cloud.secrets


@pytest.mark.parametrize("given", ["option", "variable"])
def test_a_named_file_is_read_and_its_home_is_found(write, given):
    write("[basic]\n" + KEYS, "other")
    name = "~/other"
    _cloud, result = (
        run(credentials_file=name) if given == "option" else run({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": name})
    )
    assert "failed" not in result


def test_a_security_token_is_sent(write):
    write("[basic]\n" + KEYS + "security_token = TEMPORARY\n")
    key = {"AKSIMULATOR": {"sk": "SKSIMULATOR", "security_token": "TEMPORARY"}}
    cloud, result = run(scenario={"keys": key})
    assert "failed" not in result
    assert "TEMPORARY" in cloud.secrets


def test_an_expired_temporary_key_is_said_and_costs_one_request(write):
    write("[basic]\n" + KEYS + "security_token = TEMPORARY\n")
    key = {"AKSIMULATOR": {"sk": "SKSIMULATOR", "security_token": "TEMPORARY", "expires_in": -1}}
    cloud, result = run(scenario={"keys": key})
    assert result["failure_kind"] == "auth"
    assert result["msg"].endswith("; the temporary access key has expired; get a new one.")
    assert len(cloud.operations()) == 1


def test_project_and_iam_endpoint_come_from_the_file(write):
    write("[basic]\n" + KEYS + "project_id = %s\niam_endpoint = https://iam.example.com\n" % PROJECT)
    cloud, result = run()
    assert "failed" not in result
    assert cloud.operations() == ["ListTasks"]


@pytest.mark.parametrize(
    "environ, options, lookups",
    [
        ({"HW_PROJECT_ID": PROJECT}, {}, 0),
        ({}, {"project_id": PROJECT}, 0),
        ({"HW_PROJECT_NAME": "cn-north-4"}, {}, 1),
        ({}, {"project_name": "cn-north-4"}, 1),
    ],
)
def test_another_project_wins_over_the_files(write, environ, options, lookups):
    write("[basic]\n" + KEYS + "project_id = %s\n" % ("f" * 32))
    cloud, result = run(environ, **options)
    assert "failed" not in result
    assert cloud.operations() == ["KeystoneListProjects"] * lookups + ["ListTasks"]
    assert cloud.simulator.journal.requests[-1]["path_parameters"]["project_id"] == PROJECT


def test_the_files_settings_do_not_count_beside_other_credentials(write):
    write("[basic]\n" + KEYS + "project_id = %s\n" % ("f" * 32))
    cloud, result = run({"HW_ACCESS_KEY": "AKSIMULATOR", "HW_SECRET_KEY": "SKSIMULATOR"})
    assert "failed" not in result
    assert cloud.operations() == ["KeystoneListProjects", "ListTasks"]


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "[basic]\nak = AKSIMULATOR\n",
            "The credentials in the file {0}, section [basic], are incomplete: sk is missing",
        ),
        ("[basic]\nsk = SKSIMULATOR\nak =\n", "section [basic], are incomplete: ak is missing"),
        ("[basic]\n", "section [basic], are incomplete: ak and sk are missing"),
        ("[basic]\nak = AK\nsk = SK SIMULATOR\n", "sk in the file {0}, section [basic], holds a space"),
        ("[global]\n" + KEYS, "The credentials file {0} has no section [basic]"),
        ("", "The credentials file {0} has no section [basic]"),
        (KEYS, "The credentials file {0} is not a proper INI file"),
        ("[basic]\nSKSIMULATOR\n", "The credentials file {0} is not a proper INI file"),
        ("[basic]\n" + KEYS + "ak = AKSIMULATOR\n", "The credentials file {0} has the key ak twice (line 4)"),
        (b"[basic]\nak = \xff\xfe\n", "The credentials file {0} is not a proper INI file"),
        (
            "[basic]\n" + KEYS + "project_id = not an id\n",
            "project_id in the credentials file must be an id of 1 to 64",
        ),
        ("[basic]\n" + KEYS + "iam_endpoint = iam\n", "iam_endpoint is not the address of a service"),
    ],
)
def test_what_is_wrong_with_a_named_file_is_said_without_what_it_holds(write, text, said):
    path = write(text, "named")
    cloud, result = run(credentials_file=path)
    assert said.format(path) in result["msg"]
    assert "SIMULATOR" not in result["msg"]
    assert cloud.operations() == []


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf[basic]\r\nak = AKSIMULATOR\r\nsk = SKSIMULATOR\r\n",
        b"# keys\n[global]\nak = x\n[basic]\nAK=AKSIMULATOR\nSK:SKSIMULATOR\n",
    ],
)
def test_what_editors_make_of_the_file_does_not_matter(write, text):
    write(text)
    assert "failed" not in run()[1]


def test_a_percent_sign_is_a_percent_sign(write):
    write("[basic]\nak = AKSIMULATOR\nsk = SK%(ak)s%%\n")
    cloud, result = run(scenario={"keys": {"AKSIMULATOR": {"sk": "SK%(ak)s%%"}}})
    assert "failed" not in result


@pytest.mark.parametrize("given", ["option", "variable"])
def test_a_named_file_that_is_not_there_is_an_error(write, given):
    name = "~/none"
    _cloud, result = (
        run(credentials_file=name) if given == "option" else run({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": name})
    )
    assert result["msg"].startswith("The credentials file ")
    assert result["msg"].endswith("/none cannot be read (No such file or directory)")
    assert result["failure_kind"] == "auth"


def test_a_file_that_may_not_be_read_is_said(write, monkeypatch):
    write("[basic]\n" + KEYS)

    def refuse(*_arguments, **_keywords):  # a mode of 0 would not do, since root may read every file
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_profile, "open", refuse, raising=False)
    assert "cannot be read (Permission denied)" in run()[1]["msg"]


def test_a_directory_is_said(write, tmp_path):
    assert "cannot be read (Is a directory)" in run(credentials_file=str(tmp_path))[1]["msg"]
