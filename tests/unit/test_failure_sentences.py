# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every failure that a user meets is a sentence of its own: what was being done, what was answered, what to do."""

from __future__ import annotations

import pytest

from tests.unit.inprocess import ENVIRONMENT, Account

WRONG_KEY = (
    "Could not list the scan tasks: HSS ListTasks answered HTTP 401 (APIGW.0301 Incorrect IAM authentication"
    " information: {0}, request id {1}); the three usual causes are a secret key that does not belong to the access key"
    " (or to this cloud), spaces around one of the keys, and a clock on this machine that is more than 15 minutes off."
)


def fail(scenario=None, environ=None, skew=0, **options):
    """Run hss_task_info, which fails; return its result and the account."""
    account = Account(scenario, {**ENVIRONMENT, **(environ or {})}, skew)
    result = account.run("hss_task_info", **options)
    assert result["failed"]
    return result, account


def fault(kind, times=-1, **fields):
    return {"faults": [{"operation": "ListTasks", "kind": kind, "times": times, **fields}]}


def test_a_wrong_secret_key():
    result, account = fail(environ={"HUAWEICLOUD_SDK_SK": "WRONG"})
    assert result["msg"] == WRONG_KEY.format("verify aksk signature fail", result["error"]["request_id"])
    assert (result["failure_kind"], result["changed"]) == ("auth", False)
    assert account.operations() == ["ListTasks"]


def test_an_access_key_that_does_not_exist_is_not_shown():
    result, account = fail(environ={"HUAWEICLOUD_SDK_AK": "AKUNKNOWN"})
    said = "Get secretKey failed,ak:********,err:ak not exist"
    assert result["msg"] == WRONG_KEY.format(said, result["error"]["request_id"])
    assert result["error"]["message"].endswith(said)
    assert account.operations() == ["ListTasks"]


@pytest.mark.parametrize("skew", [16 * 60, -16 * 60])
def test_a_clock_that_is_off(skew):
    result, account = fail(skew=skew)
    assert "signature expired, signature time:" in result["msg"]
    assert "a clock on this machine that is more than 15 minutes off" in result["msg"]
    assert account.operations() == ["ListTasks"]


@pytest.mark.parametrize("variable", ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"])
@pytest.mark.parametrize("value", [" KEY", "KEY ", "KEY\n"])
def test_spaces_around_a_key_are_found_before_any_call(variable, value):
    result, account = fail(environ={variable: value})
    assert result["msg"] == (
        "%s in the environment holds a space, a line break or another character that cannot be part of it" % variable
    )
    assert account.operations() == []


def test_a_locked_key():
    scenario = fault("status", status=401, code="APIGW.0301", message="AK access failed to reach the limit,forbidden")
    result, account = fail(scenario)
    assert (
        "; the access key is locked for 5 minutes after more than 5 failures; correct the keys, then wait."
        in result["msg"]
    )
    assert account.operations() == ["ListTasks"]


def test_a_region_without_the_service():
    result, account = fail(region="eu-west-0")
    assert result["msg"].startswith("HSS is not offered in region eu-west-0; it is in ae-ad-1, ")
    assert result["msg"].endswith(" Choose one of these, or give the service's address as endpoint")
    assert result["failure_kind"] == "input"
    assert account.operations() == []


def test_an_api_that_is_not_published():
    result, account = fail({"not_published": ["hss"]})
    assert (
        "; the API is not published at https://hss.cn-north-4.myhuaweicloud.com; check region and endpoint."
        in result["msg"]
    )
    assert (result["failure_kind"], account.operations()) == ("api", ["ListTasks"])


def test_a_project_id_that_is_not_known():
    result, account = fail(project_id="e" * 32)
    assert "(APIGW.0310 The project is unavailable, request id" in result["msg"]
    assert (
        "; the project is not known in this region or is suspended; check project_id, region and endpoint."
        in result["msg"]
    )
    assert account.operations() == ["ListTasks"]


def test_a_project_name_that_is_not_known():
    result, account = fail(project_name="cn-north-4_none")
    assert result["msg"] == (
        "The account has no project named cn-north-4_none that these credentials can see;"
        " check region, or give project_name or project_id"
    )
    assert (result["failure_kind"], account.operations()) == ("input", ["KeystoneListProjects"])


def test_a_project_name_that_two_projects_have():
    projects = [{"id": "a" * 32, "name": "twin"}, {"id": "b" * 32, "name": "twin"}]
    result, account = fail({"projects": projects}, project_name="twin")
    assert result["msg"] == (
        "The account has 2 projects named twin (%s, %s); give the id of the right one as project_id"
        % ("a" * 32, "b" * 32)
    )
    assert account.operations() == ["KeystoneListProjects"]


def test_projects_that_may_not_be_listed():
    result, account = fail({"iam": {"list_projects": "forbidden"}}, project_name="cn-north-4")
    assert result["msg"].startswith(
        "Could not look up the project: IAM KeystoneListProjects answered HTTP 403 (You are not"
    )
    assert result["msg"].endswith("; these credentials may not list projects; give project_id.")
    assert (result["failure_kind"], account.operations()) == ("auth", ["KeystoneListProjects"])


def test_a_project_id_and_a_name():
    result, account = fail(project_id="a", project_name="b")
    assert result["msg"] == "project_id and project_name exclude each other; give one of them"
    assert account.operations() == []


def test_no_project_at_all():
    account = Account({}, {"HW_ACCESS_KEY": "AKSIMULATOR", "HW_SECRET_KEY": "SKSIMULATOR"})
    result = account.run("hss_task_info", endpoint="https://hss.example.com")
    assert result["msg"] == "No project: give project_id, project_name or region"


def test_the_project_is_looked_up_once():
    account = Account({}, {**ENVIRONMENT, "HUAWEICLOUD_SDK_PROJECT_ID": ""})
    assert "failed" not in account.run("hss_task_info", resources="all")
    assert account.operations().count("KeystoneListProjects") == 1


def test_a_sub_project_is_found_by_its_name():
    account = Account({"projects": {"count": 3, "prefix": "cn-north-4_"}})
    assert "failed" not in account.run("hss_task_info", task_type="iac_scan", project_name="cn-north-4_002")
    lookup, listing = account.simulator.journal.requests
    assert lookup["query"] == [["name", "cn-north-4_002"]] or lookup["query"] == [("name", "cn-north-4_002")]
    assert listing["path_parameters"]["project_id"] == "a0000000000000000000000000000002"


@pytest.mark.parametrize("status", [400, 403])
def test_an_enterprise_project_restriction(status):
    body = {"error_code": "00000010", "error_description": "拒绝访问"}
    result, account = fail(fault("status", status=status, body=body))
    assert "(00000010 拒绝访问, request id " in result["msg"]
    assert (
        "; access is denied; where the user is limited to an enterprise project, give its id as enterprise_project_id,"
        " else ask for the permission." in result["msg"]
    )
    assert account.operations() == ["ListTasks"]


def test_a_permission_that_lacks():
    result, account = fail(fault("status", status=403, code="APIGW.0302", message="IAM user not allowed"))
    assert "; the credentials are valid but lack a permission; ask the account's administrator for it." in result["msg"]
    assert (result["failure_kind"], account.operations()) == ("auth", ["ListTasks"])


def test_an_unreachable_host():
    result, account = fail(fault("refused"))
    assert result["msg"] == (
        "Could not list the scan tasks after 6 tries: hss.cn-north-4.myhuaweicloud.com: no connection ([Errno 111]"
        " Connection refused); check region, endpoint, proxy variables and the network between here and there."
    )
    assert result["failure_kind"] == "network"
    assert result["error"] == {
        "service": "hss",
        "operation": "ListTasks",
        "http_status": None,
        "code": "",
        "message": "no connection ([Errno 111] Connection refused)",
        "request_id": "",
        "tries": 6,
    }


def test_silence():
    result, _account = fail(fault("silence_before"), request_retries=0, request_timeout=7)
    assert "hss.cn-north-4.myhuaweicloud.com: no answer within 7 seconds; check region" in result["msg"]


def test_throttling():
    result, account = fail(fault("throttle"))
    assert "(APIGW.0308 The throttling threshold has been reached: " in result["msg"]
    assert (
        "; too many calls were made in a short time; wait some minutes, and run fewer tasks at once." in result["msg"]
    )
    assert result["failure_kind"] == "api"


def test_a_redirect_is_not_followed():
    result, account = fail(fault("redirect", location="https://elsewhere.example/?token=1"))
    assert (
        "answered HTTP 302 (no explanation, request id %s); a redirect is never followed, because it would hand the"
        " credentials to another address; check endpoint." % result["error"]["request_id"] in result["msg"]
    )
    assert "elsewhere" not in result["msg"]
    assert account.operations() == ["ListTasks"]


def test_a_page_of_something_in_between():
    result, _account = fail(fault("shape", body="<p>Log in to the hotel's network</p>"), request_retries=0)
    assert result["msg"] == (
        "Could not list the scan tasks: HSS ListTasks answered HTTP 200 with something that is not JSON, or JSON that"
        " is cut off; check endpoint, and for a proxy that answers in its place."
    )


def test_requests_that_can_be_read_on_the_way_warn():
    account = Account()
    assert "failed" not in account.run("hss_task_info", endpoint="http://hss.example.com")
    assert account.warnings == [
        "Requests to hss.example.com go over plain HTTP and can be read on the way; give an https address"
    ]


def test_a_certificate_that_does_not_exist():
    result, _account = fail(ca_path="/none.pem")
    assert result["msg"] == "ca_path (or REQUESTS_CA_BUNDLE) names /none.pem, which does not exist"


@pytest.mark.parametrize("option, value", [("request_timeout", 0), ("request_timeout", -1), ("request_retries", -1)])
def test_numbers_that_make_no_sense(option, value):
    result, _account = fail(**{option: value})
    assert result["msg"] == "%s is %s, but must be at least %s" % (
        option,
        value,
        1 if option == "request_timeout" else 0,
    )


@pytest.mark.parametrize("header", ["Authorization", "X-Security-Token"])
@pytest.mark.parametrize("body", ["html", "json"])
def test_what_a_gateway_echoes_is_masked(header, body):
    """An error page that repeats the request's headers, as some proxies' pages do."""
    secret = "TEMPORARY/TOKEN+=="
    echoed = "%s: %s" % (header, secret)
    text = "<p>%s</p>" % echoed if body == "html" else {"error_code": "X.%s" % secret, "error_msg": echoed}
    scenario = {
        "keys": {"AKSIMULATOR": {"sk": "SKSIMULATOR", "security_token": secret}},
        **fault("status", status=400, body=text, headers={"X-Request-Id": secret}),
    }
    result, _account = fail(scenario, {"HUAWEICLOUD_SDK_SECURITY_TOKEN": secret})
    assert "********" in result["msg"]
    assert secret not in str(result)
