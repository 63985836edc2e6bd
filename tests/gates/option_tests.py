# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which test shows that an option changes a request or a result.

A row for each option of a doc fragment (for all the modules that share it) and of a module: ``path::function``, or
``path::name of the task`` in an integration target. A gate fails when a row or the test is missing, or when the test
does not name the option.
"""

from __future__ import annotations

CONNECTION = "tests/unit/options/test_connection_options.py::"
HSS = "tests/unit/options/test_hss_options.py::"
RETRY = "tests/unit/test_hss_task_retry.py::"
IOTDA = "tests/unit/options/test_iotda_options.py::"
CLEAR = "tests/unit/test_kps_failed_task.py::"
FAILED = "tests/unit/test_kps_failed_task_info.py::"

OPTION_TESTS = {
    "connection": {
        "access_key": CONNECTION + "test_access_key_and_secret_key_sign_the_requests",
        "auth_method": CONNECTION + "test_auth_method_is_obeyed_also_where_another_would_work",
        "auth_token": CONNECTION + "test_auth_token_is_sent_instead_of_a_signature",
        "ca_path": CONNECTION + "test_ca_path_reaches_requests",
        "cloud": CONNECTION + "test_cloud_is_the_domain_of_the_hosts",
        "credentials_file": CONNECTION + "test_credentials_file_is_read",
        "domain_name": CONNECTION + "test_username_password_and_domain_name_sign_in",
        "endpoint": CONNECTION + "test_endpoint_and_iam_endpoint_are_where_requests_go",
        "iam_endpoint": CONNECTION + "test_endpoint_and_iam_endpoint_are_where_requests_go",
        "password": CONNECTION + "test_username_password_and_domain_name_sign_in",
        "project_id": CONNECTION + "test_project_id_saves_the_look_up_and_is_in_the_path",
        "project_name": CONNECTION + "test_project_name_is_looked_up",
        "region": CONNECTION + "test_region_names_the_hosts",
        "request_retries": CONNECTION + "test_request_retries_is_how_often_a_read_is_sent_again",
        "request_timeout": CONNECTION + "test_request_timeout_reaches_requests",
        "secret_key": CONNECTION + "test_access_key_and_secret_key_sign_the_requests",
        "security_token": CONNECTION + "test_security_token_is_sent",
        "username": CONNECTION + "test_username_password_and_domain_name_sign_in",
        "validate_certs": CONNECTION + "test_validate_certs_reaches_requests",
    },
    "wait": {
        "wait": CONNECTION + "test_wait_ends_with_the_task",
        "wait_interval": CONNECTION + "test_wait_interval_is_the_longest_pause",
        "wait_timeout": CONNECTION + "test_wait_timeout_ends_a_wait",
    },
    "hss": {
        "enterprise_project_id": HSS + "test_enterprise_project_id_is_asked_for",
    },
    "hss_cluster_info": {
        "cluster_ids": HSS + "test_cluster_ids",
        "cluster_names": HSS + "test_cluster_names",
        "limit": HSS + "test_cluster_limit",
        "status": HSS + "test_cluster_status",
    },
    "hss_task": {
        "cluster_scan.cluster_ids": HSS + "test_cluster_ids_of_a_scan_are_sent",
        "cluster_scan.range": HSS + "test_task_type_range_and_scan_types_of_a_scan_are_sent",
        "cluster_scan.scan_types": HSS + "test_task_type_range_and_scan_types_of_a_scan_are_sent",
        "force": HSS + "test_force",
        "iac_scan.file_ids": HSS + "test_file_type_and_file_ids_of_a_scan_are_sent",
        "iac_scan.file_type": HSS + "test_file_type_and_file_ids_of_a_scan_are_sent",
        "reuse_finished_within": HSS + "test_reuse_finished_within",
        "reuse_match": HSS + "test_reuse_match",
        "task_type": HSS + "test_task_type_range_and_scan_types_of_a_scan_are_sent",
    },
    "hss_task_info": {
        "created_after": HSS + "test_task_filters",
        "created_before": HSS + "test_task_filters",
        "file_type": HSS + "test_task_filters",
        "limit": HSS + "test_task_limit",
        "order": HSS + "test_task_order",
        "resources": HSS + "test_task_resources",
        "scan_types": HSS + "test_task_filters",
        "task_id": HSS + "test_task_filters",
        "task_name": HSS + "test_task_filters",
        "task_status": HSS + "test_task_filters",
        "task_type": HSS + "test_task_filters",
        "trigger_type": HSS + "test_task_filters",
    },
    "hss_task_retry": {
        "clusters.cluster_id": RETRY + "test_chosen_clusters_with_chosen_scan_types",
        "clusters.scan_types": RETRY + "test_chosen_clusters_with_chosen_scan_types",
        "task_id": RETRY + "test_an_unknown_task_is_a_clear_error",
        "wait": RETRY + "test_a_wait_for_chosen_clusters_judges_only_them",
    },
    "iotda": {
        "instance_id": IOTDA + "test_instance_id_is_sent",
        "signing": IOTDA + "test_signing_chooses_the_signature",
    },
    "iotda_batch_task_info": {
        "app_id": IOTDA + "test_info_app_id",
        "include_output": IOTDA + "test_info_include_output",
        "limit": IOTDA + "test_info_limit",
        "status": IOTDA + "test_info_status",
        "subtasks": IOTDA + "test_info_subtasks",
        "task_id": IOTDA + "test_info_task_id",
        "task_type": IOTDA + "test_info_task_type",
    },
    "iotda_batch_task_retry": {
        "targets": IOTDA + "test_retry_targets",
        "task_id": IOTDA + "test_retry_task_id",
        "wait": IOTDA + "test_retry_wait",
    },
    "kps_failed_task": {
        "all": CLEAR + "test_clear_all_takes_one_write",
        "state": CLEAR + "test_state_is_required",
        "task_ids": CLEAR + "test_clear_by_ids",
    },
    "kps_failed_task_info": {
        "failed_after": FAILED + "test_the_window_includes_its_edges_in_any_offset",
        "failed_before": FAILED + "test_the_window_includes_its_edges_in_any_offset",
        "include_running": FAILED + "test_running_tasks_pass_the_same_filters",
        "keypair_names": FAILED + "test_filters_are_exact",
        "limit": FAILED + "test_limit_cuts_after_the_filters",
        "operate_types": FAILED + "test_filters_are_exact",
        "server_ids": FAILED + "test_filters_are_exact",
        "server_names": FAILED + "test_filters_are_exact",
    },
}
