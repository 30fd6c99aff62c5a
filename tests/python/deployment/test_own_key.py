"""A deployment whose buckets have a key of one's own, and whose files are to stay for ever."""

from collections.abc import Iterator

import pytest

from .account import NAME
from .operating import TAG, Operator, granted, operating

KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    with operating(tmp_path_factory.mktemp("account"), KmsKeyArn=KEY, LandingDays=0) as operator:
        result = operator.run("deploy", "--image-tag", TAG)
        assert result.exit_code == 0, result.output
        yield operator


@pytest.mark.parametrize("bucket", ["DataBucket", "DocsBucket"])
def test_the_buckets_are_encrypted_with_the_key(deployed: Operator, bucket: str) -> None:
    name = deployed.account.outputs("data")[bucket]
    found = deployed.account.client("s3").get_bucket_encryption(Bucket=name)
    (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}


def test_the_task_and_copy_may_use_the_key(deployed: Operator) -> None:
    task, copy = (granted(deployed.account, f"{NAME}-{role}", "kms") for role in ("task", "copy"))
    assert {("kms:Decrypt", KEY), ("kms:GenerateDataKey", KEY)} <= set(task)
    assert copy == [("kms:Decrypt", KEY)]


def test_files_that_stay_for_ever_are_deployed_as_asked(deployed: Operator) -> None:
    """What becomes of them is in the template, as moto's CloudFormation gives no bucket a lifecycle."""
    stacks = deployed.account.client("cloudformation").describe_stacks(StackName=f"{NAME}-data")["Stacks"]
    (days,) = [one for one in stacks[0]["Parameters"] if one["ParameterKey"] == "LandingDays"]
    assert days["ParameterValue"] == "0"
