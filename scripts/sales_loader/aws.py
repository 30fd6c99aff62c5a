"""Clients of AWS, made when they are first needed."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boto3 import Session
    from botocore.config import Config
    from types_boto3_redshift import RedshiftClient
    from types_boto3_redshift_serverless import RedshiftServerlessClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient

_ATTEMPTS = 4  # the first one and three more, over about seven seconds


class Aws:
    """Clients with the account, region and endpoints that the environment names, as boto3 reads it."""

    def s3(self) -> "S3Client":
        """Client of S3."""
        return self._s3

    @cached_property
    def _s3(self) -> "S3Client":
        return self._session.client("s3", config=self._config)

    def secrets(self) -> "SecretsManagerClient":
        """Client of Secrets Manager."""
        return self._session.client("secretsmanager", config=self._config)

    def redshift(self) -> "RedshiftClient":
        """Client of provisioned Redshift."""
        return self._session.client("redshift", config=self._config)

    def serverless(self) -> "RedshiftServerlessClient":
        """Client of Redshift Serverless."""
        return self._session.client("redshift-serverless", config=self._config)

    def sns(self) -> "SNSClient":
        """Client of SNS, which sends messages to people."""
        return self._session.client("sns", config=self._config)

    @cached_property
    def _session(self) -> "Session":
        import boto3  # takes a while to import, which commands without AWS need not wait for

        return boto3.Session()

    @cached_property
    def _config(self) -> "Config":
        from botocore.config import Config

        return Config(retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"})
