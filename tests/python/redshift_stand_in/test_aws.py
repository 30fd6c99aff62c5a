"""Signing in to Redshift through real boto3 clients."""

import datetime
from collections.abc import Iterator

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from tests.redshift_stand_in.aws import AwsServer, Endpoint

AT = Endpoint("127.0.0.1", 5439)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsServer]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with AwsServer(clusters={"sales": AT}, workgroups={"sales": AT}) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def minutes_until(moment: datetime.datetime) -> float:
    return (moment - datetime.datetime.now(datetime.UTC)).total_seconds() / 60


def test_a_cluster_hands_out_a_password(aws: AwsServer) -> None:
    client = boto3.client("redshift")
    answer = client.get_cluster_credentials_with_iam(ClusterIdentifier="sales", DbName="dev")
    assert (answer["DbUser"], answer["DbPassword"]) == ("IAM:loader", "temporary")
    assert minutes_until(answer["Expiration"]) == pytest.approx(15, abs=1)
    answer = client.get_cluster_credentials_with_iam(ClusterIdentifier="sales", DurationSeconds=3600)
    assert minutes_until(answer["Expiration"]) == pytest.approx(60, abs=1)
    assert aws.calls[0] == ("GetClusterCredentialsWithIAM", {"ClusterIdentifier": "sales", "DbName": "dev"})


def test_a_cluster_is_described(aws: AwsServer) -> None:
    aws.clusters["other"] = Endpoint("127.0.0.2", 1)
    client = boto3.client("redshift")
    [cluster] = client.describe_clusters(ClusterIdentifier="sales")["Clusters"]
    assert cluster["Endpoint"] == {"Address": "127.0.0.1", "Port": 5439}
    assert cluster["ClusterStatus"] == "available"
    names = [cluster["ClusterIdentifier"] for cluster in client.describe_clusters()["Clusters"]]
    assert names == ["sales", "other"]


def test_a_workgroup_hands_out_a_password(aws: AwsServer) -> None:
    aws.user, aws.password = "IAMR:ü<&", 'p"<&>é'
    client = boto3.client("redshift-serverless")
    answer = client.get_credentials(workgroupName="sales", dbName="dev", durationSeconds=1800)
    assert (answer["dbUser"], answer["dbPassword"]) == ("IAMR:ü<&", 'p"<&>é')
    assert minutes_until(answer["expiration"]) == pytest.approx(30, abs=1)
    answer_of_cluster = boto3.client("redshift").get_cluster_credentials_with_iam(ClusterIdentifier="sales")
    assert answer_of_cluster["DbPassword"] == 'p"<&>é'


def test_a_workgroup_is_described(aws: AwsServer) -> None:
    workgroup = boto3.client("redshift-serverless").get_workgroup(workgroupName="sales")["workgroup"]
    assert workgroup["endpoint"] == {"address": "127.0.0.1", "port": 5439}
    assert (workgroup["workgroupName"], workgroup["status"]) == ("sales", "AVAILABLE")
    assert aws.calls == [("GetWorkgroup", {"workgroupName": "sales"})]


def test_passwords_may_have_expired_already(aws: AwsServer) -> None:
    aws.lifetime = datetime.timedelta(minutes=-1)
    by_cluster = boto3.client("redshift").get_cluster_credentials_with_iam(ClusterIdentifier="sales")
    by_workgroup = boto3.client("redshift-serverless").get_credentials(workgroupName="sales")
    assert minutes_until(by_cluster["Expiration"]) < 0
    assert minutes_until(by_workgroup["expiration"]) < 0


def test_what_is_unknown_is_not_found(aws: AwsServer) -> None:
    redshift, serverless = boto3.client("redshift"), boto3.client("redshift-serverless")
    with pytest.raises(redshift.exceptions.ClusterNotFoundFault):
        redshift.get_cluster_credentials_with_iam(ClusterIdentifier="none")
    with pytest.raises(redshift.exceptions.ClusterNotFoundFault):
        redshift.describe_clusters(ClusterIdentifier="none")
    with pytest.raises(serverless.exceptions.ResourceNotFoundException):
        serverless.get_credentials(workgroupName="none")
    with pytest.raises(serverless.exceptions.ResourceNotFoundException):
        serverless.get_workgroup(workgroupName="none")
    assert len(aws.calls) == 4


def test_a_duration_is_fifteen_minutes_to_an_hour(aws: AwsServer) -> None:
    with pytest.raises(ClientError) as error:
        boto3.client("redshift").get_cluster_credentials_with_iam(
            ClusterIdentifier="sales", DurationSeconds=60
        )
    assert refused(error) == (400, "InvalidParameterValue")
    with pytest.raises(ClientError) as error:
        boto3.client("redshift-serverless").get_credentials(workgroupName="sales", durationSeconds=3601)
    assert refused(error) == (400, "ValidationException")
    assert len(aws.calls) == 2


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken"])
def test_faults_are_told_in_each_protocol(aws: AwsServer, code: str) -> None:
    fault = aws.faults.answer(code)
    with pytest.raises(ClientError) as error:
        boto3.client("redshift").get_cluster_credentials_with_iam(ClusterIdentifier="sales")
    assert refused(error) == (403, code)
    with pytest.raises(ClientError) as error:
        boto3.client("redshift-serverless").get_credentials(workgroupName="sales")
    assert refused(error) == (403, f"{code}Exception")
    assert fault.met == 2
    aws.faults.clear()
    assert (
        boto3.client("redshift-serverless").get_credentials(workgroupName="sales")["dbUser"] == "IAM:loader"
    )


def test_a_fault_hits_one_call_as_often_as_asked(aws: AwsServer) -> None:
    fault = aws.faults.answer("AccessDenied", times=1, action="GetCredentials")
    client = boto3.client("redshift-serverless")
    client.get_workgroup(workgroupName="sales")
    with pytest.raises(ClientError):
        client.get_credentials(workgroupName="sales")
    client.get_credentials(workgroupName="sales")
    assert fault.met == 1


def test_other_calls_and_unsigned_ones_are_refused(aws: AwsServer) -> None:
    with pytest.raises(ClientError) as error:
        boto3.client("redshift").get_cluster_credentials(ClusterIdentifier="sales", DbUser="a", DbName="dev")
    assert refused(error) == (400, "InvalidAction")
    with pytest.raises(ClientError) as error:
        boto3.client("redshift-serverless").list_workgroups()
    assert refused(error) == (400, "InvalidActionException")
    answer = requests.post(aws.endpoint, data={"Action": "DescribeClusters"}, timeout=5)
    assert answer.status_code == 403
    assert "MissingAuthenticationToken" in answer.text
