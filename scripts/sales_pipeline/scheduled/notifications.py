"""What goes out after a daily run: docs page, report and summary to S3, a message to people."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sales_loader.errors import LoaderError
from sales_loader.sources.s3 import S3Location, explained
from sales_pipeline.dbt_project.last_build import file_fingerprints, save_fingerprints, unchanged_since

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sns import SNSClient

_SENT = Path("target/sent")
_LATEST = "runs/latest.json"
_SUBJECT_LENGTH = 99  # SNS takes fewer than 100 characters
_MESSAGE_BYTES = 200_000  # SNS takes 256 KiB with everything around it


def publish_page(client: "S3Client", target: S3Location, page: Path) -> None:
    """Put a page where readers find it, unless there is none or it was put there already.

    Raises:
        LoaderError: S3 cannot be written.
    """
    record = _SENT / f"{page.stem}.json"
    if page.exists() and unchanged_since(record, str(target)) is None:
        _put(client, target, page.read_bytes(), "text/html; charset=utf-8")
        save_fingerprints(record, str(target), file_fingerprints([page]), [])


def publish_summary(
    client: "S3Client", below: S3Location, started_at: datetime, summary: Mapping[str, object]
) -> S3Location:
    """Put the summary of a run under its time of start, and as the latest one.

    Raises:
        LoaderError: S3 cannot be written.
    """
    body = json.dumps(summary, indent=2).encode()
    location = below.below(f"runs/{_named_after(started_at)}.json")
    for target in (location, below.below(_LATEST)):
        _put(client, target, body, "application/json")
    return location


def publish_evidence(
    client: "S3Client", below: S3Location, started_at: datetime, files: Mapping[str, str]
) -> S3Location:
    """Put the evidence of a failure beside the summary of a run.

    Args:
        client: client of S3.
        below: where summaries are published.
        started_at: start of the run.
        files: content by file name.

    Returns:
        The prefix that all files are below.

    Raises:
        LoaderError: S3 cannot be written.
    """
    folder = f"runs/{_named_after(started_at)}"
    for name, content in files.items():
        content_type = "application/json" if name.endswith(".json") else "text/plain; charset=utf-8"
        _put(client, below.below(f"{folder}/{name}"), content.encode(), content_type)
    return below.below(f"{folder}/")


def notify(client: "SNSClient", topic: str, subject: str, message: str) -> None:
    """Send a message to the subscribers of a topic; one that is too long loses its beginning.

    Raises:
        LoaderError: SNS cannot be reached or refuses.
    """
    kept = message.encode()[-_MESSAGE_BYTES:].decode(errors="ignore")
    try:
        client.publish(TopicArn=topic, Subject=subject[:_SUBJECT_LENGTH], Message=kept)
    except (BotoCoreError, ClientError) as error:
        raise LoaderError(
            f"Nobody could be told through {topic}: {error}. Check that the topic exists and that the AWS "
            "identity in use may publish to it."
        ) from None


def _named_after(started_at: datetime) -> str:
    return f"{started_at:%Y-%m-%dT%H-%M-%SZ}"


def _put(client: "S3Client", target: S3Location, body: bytes, content_type: str) -> S3Location:
    with explained(str(target)):
        client.put_object(Bucket=target.bucket, Key=target.key, Body=body, ContentType=content_type)
    return target
