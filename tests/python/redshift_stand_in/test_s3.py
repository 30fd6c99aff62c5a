"""The S3 that tests run against, and what can be made to go wrong in it."""

import hashlib
import threading
import urllib.parse
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.redshift_stand_in.s3 import S3Server

BUCKET = "landing"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def s3(server: S3Server) -> S3Server:
    server.reset()
    server.client().create_bucket(Bucket=BUCKET)
    return server


def put(server: S3Server, key: str, body: bytes = b"0123456789") -> None:
    server.client(max_attempts=1).put_object(Bucket=BUCKET, Key=key, Body=body)


def get(server: S3Server, key: str, max_attempts: int = 1) -> bytes:
    return server.client(max_attempts).get_object(Bucket=BUCKET, Key=key)["Body"].read()


def size(server: S3Server, key: str) -> int:
    return server.client().head_object(Bucket=BUCKET, Key=key)["ContentLength"]


def listed(server: S3Server) -> list[str]:
    answer = server.client().list_objects_v2(Bucket=BUCKET)
    assert answer["KeyCount"] == len(answer.get("Contents", []))
    return [item["Key"] for item in answer.get("Contents", [])]


def status(error: ClientError) -> tuple[int, str]:
    return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]


def test_it_serves_objects_on_this_machine_only(s3: S3Server) -> None:
    assert urllib.parse.urlsplit(s3.endpoint).hostname == "127.0.0.1"
    put(s3, "a/b c.csv", b"x")
    assert get(s3, "a/b c.csv") == b"x"
    assert listed(s3) == ["a/b c.csv"]


def test_it_is_gone_after_its_context() -> None:
    with S3Server() as server:
        server.client().list_buckets()
    with pytest.raises(EndpointConnectionError):
        server.client(max_attempts=1).list_buckets()


def test_its_environment_is_all_that_a_program_needs(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    session = boto3.session.Session()
    session.client("s3").put_object(Bucket=BUCKET, Key="from env", Body=b"x")
    assert listed(s3) == ["from env"]
    secrets = session.client("secretsmanager")
    secrets.create_secret(Name="warehouse", SecretString="{}")
    assert secrets.get_secret_value(SecretId="warehouse")["SecretString"] == "{}"


def test_a_reset_forgets_everything(s3: S3Server) -> None:
    s3.faults.answer(503)
    s3.faults.lose("a")
    s3.reset()
    assert s3.client().list_buckets()["Buckets"] == []
    assert [request.method for request in s3.requests()] == ["GET"]


def test_requests_are_counted(s3: S3Server) -> None:
    put(s3, "a")
    put(s3, "b")
    get(s3, "a")
    assert [request.key for request in s3.requests("PUT", "/")] == [f"{BUCKET}/a", f"{BUCKET}/b"]
    assert len(s3.requests(key_contains=f"{BUCKET}/a")) == 2


def test_an_error_is_answered_as_often_as_asked(s3: S3Server) -> None:
    put(s3, "a")
    fault = s3.faults.answer(503, times=2, method="GET", key_contains="/a", code="SlowDown")
    for _ in range(2):
        with pytest.raises(ClientError) as failed:
            get(s3, "a")
        assert status(failed.value) == (503, "SlowDown")
    assert get(s3, "a") == b"0123456789"
    assert fault.met == 2


def test_an_error_is_answered_to_what_matches_only(s3: S3Server) -> None:
    fault = s3.faults.answer(403, method="PUT", key_contains="denied", code="AccessDenied")
    put(s3, "a")
    with pytest.raises(ClientError) as failed:
        put(s3, "denied")
    assert status(failed.value) == (403, "AccessDenied")
    assert listed(s3) == ["a"]
    assert fault.met == 1


def test_a_big_upload_hears_the_error_too(s3: S3Server) -> None:
    s3.faults.answer(400, code="ExpiredToken")
    with pytest.raises(ClientError) as failed:
        put(s3, "a", b"x" * 20_000_000)
    assert status(failed.value) == (400, "ExpiredToken")


def test_a_client_tries_three_times(s3: S3Server) -> None:
    put(s3, "a")
    fault = s3.faults.answer(503, times=2, key_contains="/a", code="SlowDown")
    assert get(s3, "a", max_attempts=3) == b"0123456789"
    assert fault.met == 2
    assert len(s3.requests("GET", "/a")) == 3


def test_a_lost_object_is_nowhere(s3: S3Server) -> None:
    put(s3, "kept")
    fault = s3.faults.lose("part é&2")
    put(s3, "part é&2")
    with pytest.raises(ClientError) as failed:
        get(s3, "part é&2")
    assert status(failed.value) == (404, "NoSuchKey")
    with pytest.raises(ClientError) as failed:
        size(s3, "part é&2")
    assert status(failed.value) == (404, "404")
    assert listed(s3) == ["kept"]
    assert fault.met == 2
    s3.faults.clear()
    assert listed(s3) == ["kept", "part é&2"]


def test_losing_a_whole_bucket_leaves_an_empty_listing(s3: S3Server) -> None:
    put(s3, "a")
    s3.faults.lose(BUCKET)
    assert listed(s3) == []


@pytest.mark.parametrize(("keep", "left"), [(3, b"012"), (0.5, b"01234"), (0, b""), (99, b"0123456789")])
def test_a_cut_object_is_consistently_short(s3: S3Server, keep: float, left: bytes) -> None:
    put(s3, "a")
    put(s3, "b")
    fault = s3.faults.cut("/a", keep)
    answer = s3.client().get_object(Bucket=BUCKET, Key="a")
    assert answer["Body"].read() == left
    assert answer["ContentLength"] == len(left)
    assert answer["ETag"] == f'"{hashlib.md5(left, usedforsecurity=False).hexdigest()}"'
    assert size(s3, "a") == len(left)
    assert get(s3, "b") == b"0123456789"
    assert fault.met == 2


def test_a_cut_object_that_is_not_there_is_not_there(s3: S3Server) -> None:
    s3.faults.cut("/a", 1)
    with pytest.raises(ClientError) as failed:
        get(s3, "a")
    assert status(failed.value) == (404, "NoSuchKey")


def test_faults_count_right_under_many_threads(s3: S3Server) -> None:
    put(s3, "a")
    fault = s3.faults.answer(403, times=5, method="GET", key_contains="/a", code="AccessDenied")
    client, failures = s3.client(max_attempts=1), []

    def ask() -> None:
        try:
            client.get_object(Bucket=BUCKET, Key="a")
        except ClientError as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(failures), fault.met) == (5, 5)
