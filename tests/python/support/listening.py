"""Hearing what is told to a topic."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Listener:
    """A queue that is subscribed to a topic.

    Attributes:
        client: makes a client of a service.
        topic: ARN of the topic.
        queue: address of the queue, which is made for it.
    """

    client: Callable[[str], Any]
    topic: str
    queue: str = field(init=False)

    def __post_init__(self) -> None:
        sqs = self.client("sqs")
        queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
        asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.client("sns").subscribe(
            TopicArn=self.topic, Protocol="sqs", Endpoint=asked["Attributes"]["QueueArn"]
        )
        object.__setattr__(self, "queue", queue)

    def heard(self) -> list[dict[str, str]]:
        """Messages that arrived since it was last asked."""
        client, found = self.client("sqs"), []
        while messages := client.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                client.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return found
