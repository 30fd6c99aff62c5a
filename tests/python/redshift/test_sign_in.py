"""Every way to sign in gives user, password and address; what is missing is named, and no secret is shown."""

import json
import os
from collections.abc import Iterator

import pytest

from sales_loader.aws import Aws
from sales_loader.errors import UsageError, WarehouseUnavailableError
from sales_loader.warehouses.redshift.settings import read_settings, read_staging
from sales_loader.warehouses.redshift.sign_in import SignIn, dbt_environment, sign_in
from sales_pipeline.dbt_project.environment import signed_in_for_dbt
from tests.redshift_stand_in.aws import AwsServer, Endpoint
from tests.redshift_stand_in.s3 import S3Server

PASSWORD = "a password for tests"
USER = "IAMR:loader"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsServer]:
    with AwsServer(
        user=USER,
        password=PASSWORD,
        clusters={"sales": Endpoint("cluster.example", 5439)},
        workgroups={"sales": Endpoint("workgroup.example", 5440)},
    ) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_a_password_is_taken_as_it_is() -> None:
    settings = read_settings(
        {"REDSHIFT_HOST": "h", "REDSHIFT_PORT": "1", "REDSHIFT_USER": "u", "REDSHIFT_PASSWORD": PASSWORD}
    )
    assert sign_in(settings, Aws()) == SignIn("h", 1, "u", PASSWORD, "sales", "verify-full")


def test_a_cluster_s_credentials_and_address_come_from_aws(aws: AwsServer) -> None:
    settings = read_settings({"REDSHIFT_CLUSTER": "sales", "REDSHIFT_DATABASE": "d"})
    assert sign_in(settings, Aws()) == SignIn("cluster.example", 5439, USER, PASSWORD, "d", "verify-full")
    assert [call.action for call in aws.calls] == ["GetClusterCredentialsWithIAM", "DescribeClusters"]


def test_a_workgroup_s_credentials_and_address_come_from_aws(aws: AwsServer) -> None:
    settings = read_settings({"REDSHIFT_WORKGROUP": "sales"})
    assert sign_in(settings, Aws()) == SignIn(
        "workgroup.example", 5440, USER, PASSWORD, "sales", "verify-full"
    )
    assert [call.action for call in aws.calls] == ["GetCredentials", "GetWorkgroup"]


def test_a_given_address_is_not_asked_for(aws: AwsServer) -> None:
    settings = read_settings({"REDSHIFT_WORKGROUP": "sales", "REDSHIFT_HOST": "tunnel", "REDSHIFT_PORT": "1"})
    signed_in = sign_in(settings, Aws())
    assert (signed_in.host, signed_in.port) == ("tunnel", 1)
    assert [call.action for call in aws.calls] == ["GetCredentials"]


@pytest.mark.parametrize("name", ["REDSHIFT_CLUSTER", "REDSHIFT_WORKGROUP"])
@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken"])
def test_a_refusal_names_the_variable_and_what_aws_said(aws: AwsServer, name: str, code: str) -> None:
    aws.faults.answer(code)
    with pytest.raises(WarehouseUnavailableError, match=f"{name}=sales: AWS answered {code}"):
        sign_in(read_settings({name: "sales"}), Aws())


@pytest.mark.usefixtures("aws")
def test_an_unknown_cluster_is_named() -> None:
    with pytest.raises(WarehouseUnavailableError, match="REDSHIFT_CLUSTER=nobody: AWS answered Cluster"):
        sign_in(read_settings({"REDSHIFT_CLUSTER": "nobody"}), Aws())


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    with S3Server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield Aws()
        server.reset()


def test_a_secret_tells_user_password_and_address(secrets: Aws) -> None:
    text = json.dumps({"username": "u", "password": PASSWORD, "host": "h", "port": 5555})
    secrets.secrets().create_secret(Name="sales/redshift", SecretString=text)
    settings = read_settings({"REDSHIFT_SECRET": "sales/redshift"})
    assert sign_in(settings, secrets) == SignIn("h", 5555, "u", PASSWORD, "sales", "verify-full")


@pytest.mark.parametrize("text", [PASSWORD, json.dumps({"password": PASSWORD}), json.dumps([PASSWORD])])
def test_a_secret_that_is_not_as_expected_is_not_shown(secrets: Aws, text: str) -> None:
    secrets.secrets().create_secret(Name="broken", SecretString=text)
    with pytest.raises(WarehouseUnavailableError, match="JSON object with username and password") as failure:
        sign_in(read_settings({"REDSHIFT_SECRET": "broken", "REDSHIFT_HOST": "h"}), secrets)
    assert PASSWORD not in str(failure.value)
    assert failure.value.__suppress_context__


def test_a_secret_without_an_address_asks_for_one(secrets: Aws) -> None:
    text = json.dumps({"username": "u", "password": PASSWORD})
    secrets.secrets().create_secret(Name="short", SecretString=text)
    with pytest.raises(WarehouseUnavailableError, match="Set REDSHIFT_HOST"):
        sign_in(read_settings({"REDSHIFT_SECRET": "short"}), secrets)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "No way to sign in"),
        (
            {"REDSHIFT_SECRET": "s", "REDSHIFT_CLUSTER": "c"},
            "REDSHIFT_SECRET and REDSHIFT_CLUSTER are both set",
        ),
        ({"REDSHIFT_PASSWORD": PASSWORD, "REDSHIFT_USER": "u"}, "REDSHIFT_USER and REDSHIFT_HOST"),
        ({"REDSHIFT_SECRET": "s", "REDSHIFT_PORT": "x"}, "REDSHIFT_PORT is 'x'; expected a number"),
        (
            {"REDSHIFT_SECRET": "s", "REDSHIFT_SSLMODE": "prefer"},
            "expected one of verify-full, verify-ca, disable",
        ),
    ],
)
def test_wrong_settings_are_named(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as failure:
        read_settings(environment)
    assert PASSWORD not in str(failure.value)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "REDSHIFT_STAGING is not set"),
        ({"REDSHIFT_STAGING": "s3://b/p"}, "REDSHIFT_COPY_ROLE must be the ARN"),
        ({"REDSHIFT_STAGING": "s3://b/p", "REDSHIFT_COPY_ROLE": "arn:x' credentials '"}, "must be the ARN"),
        ({"REDSHIFT_STAGING": "b/p", "REDSHIFT_COPY_ROLE": "default"}, "write it like s3://bucket/prefix"),
        ({"REDSHIFT_STAGING": "s3://b/p'", "REDSHIFT_COPY_ROLE": "default"}, "without one"),
    ],
)
def test_wrong_staging_is_named(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_staging(environment)


def test_no_password_is_in_any_representation() -> None:
    settings = read_settings(
        {
            "REDSHIFT_HOST": "h",
            "REDSHIFT_USER": "u",
            "REDSHIFT_PASSWORD": PASSWORD,
            "REDSHIFT_SSLMODE": "verify-ca",
        }
    )
    signed_in = sign_in(settings, Aws())
    assert PASSWORD not in repr(settings) + str(settings) + repr(signed_in) + str(signed_in)
    assert dbt_environment(signed_in)["REDSHIFT_PASSWORD"] == PASSWORD
    assert dbt_environment(signed_in)["REDSHIFT_SSLMODE"] == "verify-ca"


def test_dbt_s_password_is_in_the_environment_only_while_dbt_runs(
    aws: AwsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left there, it would be a second way to sign in, and the next connection would be refused."""
    assert aws
    monkeypatch.setenv("REDSHIFT_WORKGROUP", "sales")
    monkeypatch.setenv("REDSHIFT_HOST", "tunnel")
    monkeypatch.delenv("REDSHIFT_PASSWORD", raising=False)
    before = dict(os.environ)
    with signed_in_for_dbt("redshift"):
        assert os.environ["REDSHIFT_PASSWORD"] == PASSWORD
    assert dict(os.environ) == before
    assert read_settings(os.environ).sign_in == "REDSHIFT_WORKGROUP"
