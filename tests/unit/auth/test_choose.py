# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials are used. The rows are those of the tables in the guide, which this reads."""

from __future__ import annotations

import csv
import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.tasks.plugins.module_utils._argspec import CONNECTION
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth import _choose
from ansible_collections.huaweicloud.tasks.plugins.module_utils._auth._choose import choose
from ansible_collections.huaweicloud.tasks.plugins.module_utils._errors import AuthError, InputError

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_authentication.rst"
PROFILE = "[basic]\nak = AKFILE\nsk = SKFILE\n"
DEFAULT_FILE = "~/.huaweicloud/credentials"


def tables():
    """The rows of the guide's csv-tables."""
    found = []
    for part in GUIDE.read_text(encoding="utf-8").split(".. csv-table::")[1:]:
        lines = [
            line.strip()
            for line in itertools.takewhile(lambda line: not line.strip() or line[0] == " ", part.splitlines())
        ]
        found.append(list(csv.reader([line for line in lines if line.startswith('"')], skipinitialspace=True)))
    return found


def names(cell):
    return re.findall(r"``([^`]+)``", cell)


ORDER, EXAMPLES = tables()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write_profile(directory, name="credentials", text=PROFILE):
    path = directory / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def setup_row(options, others, home):
    """Give the named options, variables and files values that tell them apart."""
    params, environ = {}, {}
    for name in options:
        option, _sep, value = name.partition(": ")
        params[option] = value or "%s-value" % option
    for name in others:
        variable, _sep, value = name.partition("=")
        if name == DEFAULT_FILE:
            write_profile(home / ".huaweicloud")
        else:
            environ[variable] = value or "%s-value" % variable
    if "credentials_file" in params:
        params["credentials_file"] = write_profile(home, "from-option")
    if _choose.FILE_VARIABLE in environ:
        environ[_choose.FILE_VARIABLE] = write_profile(home, "from-variable")
    return params, environ


def described(method, params, environ):
    """How the guide calls what was chosen."""
    if method.name == "profile":
        if params.get("credentials_file") and params["credentials_file"] in method.source:
            return "``profile`` from the options"
        named = environ.get(_choose.FILE_VARIABLE, "no file") in method.source
        return "``profile`` from %s" % ("the file that is named" if named else "the default file")
    return "``%s`` from %s" % (method.name, "the server" if method.name == "metadata" else method.source)


def outcome(params, environ):
    try:
        method = choose(params, environ)
    except AuthError as error:
        return error.msg
    return described(method, params, environ)


@pytest.mark.parametrize("row", EXAMPLES, ids=" | ".join)
def test_every_example_of_the_guide(row, home):
    options, others, expected = row
    params, environ = setup_row(names(options), names(others), home)
    assert outcome(params, environ) == expected


def begun(source, row, params, environ):
    given = params if source == "options" else environ
    return [name for name in names(row[1]) if name in given]


def by_the_table(params, environ, default_file):
    """What the guide's first table says, read as a list of which the first fitting row decides."""
    given = [name for options in _choose._OPTIONS.values() for name in options if name in params]
    for row in ORDER:
        source, _begins, needs, method = row
        if source == "environment" and given:
            continue
        if source in ("options", "environment") and begun(source, row, params, environ):
            wanted = [] if needs.startswith("the file") else names(needs)
            missing = [name for name in wanted if name not in (params if source == "options" else environ)]
            return ("missing", tuple(missing)) if missing else (names(method)[0], source)
        if source == "file" and default_file:
            return "profile", "file"
        if source == "server":
            return "metadata", "server"
    raise AssertionError("no row of the table fits")


def by_the_code(params, environ):
    try:
        method = choose(params, environ)
    except AuthError as error:
        missing = re.search(r"are incomplete: (.*) (?:is|are) missing\.", error.msg).group(1)
        return "missing", tuple(missing.split(" and ")) if missing.count(" and ") else (missing,)
    if method.name == "profile":
        named = params.get("credentials_file") or environ.get(_choose.FILE_VARIABLE)
        source = "file" if not named else "options" if "credentials_file" in params else "environment"
        return method.name, source
    return method.name, {"the options": "options", "the environment": "environment"}.get(method.source, "server")


AKSK_SETS = [(), (0,), (1,), (2,), (0, 1), (0, 1, 2)]
PASSWORD_SETS = [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]


def picks(row, sets):
    every = names(row[1]) + [name for name in names(row[2]) if name not in names(row[1])]
    return [[every[index] for index in chosen if index < len(every)] for chosen in sets]


def combinations(source):
    """Every combination of the sets of one source, where a set is given in whole, in part, or not."""
    rows = [row for row in ORDER if row[0] == source]
    sets = {"token": [(), (0,)], "aksk": AKSK_SETS, "password": PASSWORD_SETS, "profile": [(), (0,)]}
    each = [picks(row, sets[names(row[3])[0]]) for row in rows]
    return [sum(combination, []) for combination in itertools.product(*each)]


@pytest.mark.parametrize("default_file", [False, True])
def test_the_table_holds_for_every_combination(home, default_file):
    file = write_profile(home, "named")
    if default_file:
        write_profile(home / ".huaweicloud")
    values = {"credentials_file": file, _choose.FILE_VARIABLE: file}
    environments = combinations("environment")
    checked = 0
    for options in combinations("options"):
        # With an option no variable counts, which a few environments show as well as all.
        for variables in environments if not options else environments[:: len(environments) // 7]:
            params = {name: values.get(name, "value") for name in options}
            environ = {name: values.get(name, "value") for name in variables}
            assert by_the_code(params, environ) == by_the_table(params, environ, default_file), (options, variables)
            checked += 1
    assert checked > 1000


def test_the_table_names_every_credential_option_and_variable():
    listed = {name for row in ORDER for cell in row[1:3] for name in names(cell)}
    options = {name for options in _choose._OPTIONS.values() for name in options}
    variables = {name for _method, row in _choose._VARIABLES for name in row.values()}
    assert options | variables | {_choose.FILE_VARIABLE} <= listed
    assert options <= set(CONNECTION)


def test_secret_options_are_no_log():
    secret = {"access_key", "secret_key", "security_token", "auth_token", "password"}
    assert {name for name, option in CONNECTION.items() if option.get("no_log")} == secret


def test_method_choices_are_those_of_the_option():
    assert CONNECTION["auth_method"]["choices"] == ["auto", *_choose.METHODS]


@pytest.mark.parametrize("option", [name for options in _choose._OPTIONS.values() for name in options])
def test_an_empty_option_is_an_error(option, home):
    environ = {"HUAWEICLOUD_SDK_AK": "a", "HUAWEICLOUD_SDK_SK": "b"}
    with pytest.raises(InputError, match="^%s is an empty string" % option):
        choose({option: ""}, environ)
    with pytest.raises(InputError, match="^%s is an empty string" % option):
        choose({option: "", "auth_method": "metadata"}, environ)


def test_an_empty_variable_is_not_set(home):
    environ = {name: "" for _method, row in _choose._VARIABLES for name in row.values()}
    environ.update({_choose.FILE_VARIABLE: "", _choose.METHOD_VARIABLE: "", "HW_ACCESS_KEY": "a", "HW_SECRET_KEY": "b"})
    method = choose({}, environ)
    assert (method.name, method.values) == ("aksk", {"access_key": "a", "secret_key": "b"})


def test_options_that_are_none_are_not_given(home):
    assert choose(dict.fromkeys(CONNECTION), {"HW_AUTH_TOKEN": "t"}).name == "token"


def test_an_unknown_method_in_the_variable_is_an_error(home):
    with pytest.raises(InputError, match="HUAWEICLOUD_AUTH_METHOD is 'keys', but must be auto, aksk, token"):
        choose({}, {_choose.METHOD_VARIABLE: "keys"})


@pytest.mark.parametrize(
    "value", ["with space", "line\nbreak", " leading", "trailing\n", "tab\t", "schlüssel", "zero\u200b"]
)
@pytest.mark.parametrize("option", ["access_key", "secret_key", "security_token", "auth_token"])
def test_a_key_that_cannot_be_one_is_refused_before_any_call_and_not_shown(option, value, home):
    params = {"auth_token": value} if option == "auth_token" else {"access_key": "a", "secret_key": "b", option: value}
    with pytest.raises(InputError, match="^%s in the options holds a space" % option) as failure:
        choose(params, {})
    assert value not in failure.value.msg


def test_a_password_may_hold_anything(home):
    params = {"username": "ü", "password": "with space\n%(x)s \u200b", "domain_name": "d"}
    assert choose(params, {}).values == params


METHOD_FILES = {"_aksk", "_token", "_password", "_profile", "_metadata"}


@pytest.mark.parametrize(
    "params, needed",
    [
        ({"access_key": "a", "secret_key": "b"}, {"_aksk"}),
        ({"auth_token": "t"}, {"_token"}),
        ({"username": "u", "password": "p", "domain_name": "d"}, {"_password"}),
        ({"auth_method": "metadata"}, {"_metadata", "_aksk"}),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
def test_only_the_chosen_method_is_imported(params, needed):
    code = (
        "import sys; sys.path[:0] = %r\n"
        "import tests.conftest\n"
        "from ansible_collections.huaweicloud.tasks.plugins.module_utils.client import Client\n"
        "Client.from_params('iam', %r, {})\n"
        "print(*[name.rsplit('.', 1)[1] for name in sys.modules if '_auth.' in name])\n"
    ) % ([str(ROOT)], params)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(run.stdout.split()) & METHOD_FILES == needed
