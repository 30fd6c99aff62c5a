"""A session of PostgreSQL's, spoken to by its own protocol."""

import socket
from collections.abc import Iterable, Iterator, Mapping

from . import messages
from .messages import Message
from .refusal import Refusal


class ServerError(Exception):
    """PostgreSQL answered with an error.

    Attributes:
        fields: of the error, by their letter.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(fields.get("M", ""))
        self.fields = dict(fields)


class Gone(Exception):  # noqa: N818 - it is not always an error
    """The other side of a connection has gone."""


class Backend:
    """One connection to PostgreSQL.

    Attributes:
        status: whether it is idle, in a transaction or in one that has failed, by PostgreSQL's letter.
        key_data: what a client needs to cancel a query.
        session_id: PostgreSQL's process id.

    Raises:
        ServerError: PostgreSQL does not let the user in.
    """

    def __init__(self, path: str, parameters: Mapping[str, str]) -> None:
        self.status = messages.IDLE
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._stream = self._socket.makefile("rb")
        self._socket.sendall(messages.startup_request(parameters))
        answers = {answer.kind: answer for answer in self.replies()}
        if messages.ERROR in answers:
            raise ServerError(messages.error_fields(answers[messages.ERROR].body))
        self.key_data = answers[messages.KEY_DATA]
        self.session_id = int.from_bytes(self.key_data.body[:4], "big")

    def send(self, sent: Iterable[Message]) -> None:
        """Send messages, of which the last makes PostgreSQL answer."""
        self._socket.sendall(b"".join(message.encoded() for message in sent))

    def replies(self) -> Iterator[Message]:
        """The answers up to the one that says that PostgreSQL is ready again, or that ends the connection."""
        while True:
            message = messages.read_message(self._stream)
            if message is None:
                return
            yield message
            if message.kind == messages.READY:
                self.status = message.body
                return

    def query(self, sql: str) -> list[list[str | None]]:
        """The rows of a statement, as text.

        Raises:
            ServerError: it failed.
        """
        self.send([Message(messages.QUERY, messages.text(sql))])
        return [
            messages.row_values(answer.body)
            for answer in self._good_replies()
            if answer.kind == messages.DATA_ROW
        ]

    def refuse(self, refusal: Refusal) -> Iterator[Message]:
        """Let PostgreSQL fail with an error: a transaction is aborted by it, as by any other."""
        values = ", ".join(_quoted(value) for value in (refusal.code, refusal.message, refusal.detail))
        self.send([Message(messages.QUERY, messages.text(f"select rs.refuse({values})"))])
        return (answer for answer in self.replies() if answer.kind in (messages.ERROR, messages.READY))

    def copy_in(self, sql: str, payload: Iterable[bytes]) -> None:
        """Load rows with COPY … FROM STDIN.

        Raises:
            ServerError: PostgreSQL does not take them.
        """
        self.send([Message(messages.QUERY, messages.text(sql))])
        first = messages.read_message(self._stream)
        if first is not None and first.kind == messages.ERROR:
            list(self.replies())
            raise ServerError(messages.error_fields(first.body))
        try:
            for chunk in payload:
                self.send([Message(messages.COPY_DATA, chunk)])
        except BaseException:
            self.send([Message(messages.COPY_FAIL, messages.text("the rows ended early"))])
            list(self.replies())
            raise
        self.send([Message(messages.COPY_DONE)])
        for _ in self._good_replies():
            pass

    def close(self) -> None:
        """Leave; PostgreSQL rolls back what is open."""
        self._stream.close()
        self._socket.close()

    def _good_replies(self) -> Iterator[Message]:
        failure: Message | None = None
        for answer in self.replies():
            if answer.kind == messages.ERROR:
                failure = answer
            yield answer
        if failure:
            raise ServerError(messages.error_fields(failure.body))


def cancel(path: str, key: bytes) -> None:
    """Ask PostgreSQL to cancel the query of the session that has this key."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(messages.cancel_request(key))
        connection.recv(1)


def _quoted(value: str) -> str:
    return "e'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
