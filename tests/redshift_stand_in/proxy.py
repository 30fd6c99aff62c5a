"""Sessions: what a client of Redshift's says, answered by PostgreSQL.

A client of the extended protocol says several things at a time and ends them with Sync, and the server's
answers end with ReadyForQuery. So a session takes one such batch after another: it rewrites the SQL in it,
passes it on, and passes the answers back. What PostgreSQL cannot do, such as COPY from S3, is done between.
"""

import hashlib
import itertools
import secrets
import socketserver
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from . import messages
from .backend import Backend, Gone, ServerError, cancel
from .copying import Copying
from .errors import as_fields, as_redshift
from .faults import INVALID_AUTHORIZATION, DatabaseFaults, Moment
from .messages import Message
from .postgres import Postgres
from .refusal import Refusal, unknown
from .rewriting import rewrite
from .statement import NOTHING, Action, Statement
from .unloading import unload

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

HOST = "127.0.0.1"
_ACTIVE_TRANSACTION = "25001"
_TOLD_AT_START = {
    # By this version the driver knows Redshift, and does not count the rows of a COPY.
    "server_version": "8.0.2",
    "client_encoding": "UTF8",
    "server_encoding": "UNICODE",
    "DateStyle": "ISO, MDY",
    "integer_datetimes": "on",
}
_SESSION = {
    "search_path": '"$user", public, rs',
    "timezone": "UTC",
    "default_transaction_isolation": "repeatable read",
    "client_encoding": "UTF8",
}
_CLIENT_PARAMETERS = ("database", "application_name")


@dataclass
class Services:
    """What sessions share.

    Attributes:
        postgres: the server behind.
        faults: what is to go wrong.
        s3: makes a client for COPY to read with.
        passwords: of the users that may sign in.
        query_ids: numbers for what the system tables tell about.
    """

    postgres: Postgres
    faults: DatabaseFaults
    s3: Callable[[], "S3Client"]
    passwords: dict[str, str]
    query_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine, from entering the context to leaving it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, services: Services) -> None:
        super().__init__((HOST, 0), Session)
        self.services = services
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port to connect to."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Session(socketserver.StreamRequestHandler):
    """One client, and the PostgreSQL session that is its own."""

    server: Proxy
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Let the client in and serve it until one side goes."""
        self._services = self.server.services
        self._statements: dict[str, Statement] = {}
        with suppress(Gone, OSError), ExitStack() as self._leaving:
            if self._enter():
                self._serve()

    # Signing in.

    def _enter(self) -> bool:
        """Go through the start-up; false when the client is not let in."""
        parameters = self._startup()
        if parameters is None:
            return False
        user = parameters.get("user", "")
        try:
            self._check_password(user)
            known = {name: parameters[name] for name in _CLIENT_PARAMETERS if name in parameters}
            role = user.removeprefix("IAM:")
            self._backend = Backend(self._services.postgres.socket, {"user": role, **known, **_SESSION})
        except Refusal as refusal:
            self._write([messages.error(as_fields(refusal, "FATAL"))])
            return False
        except ServerError as error:
            self._write([messages.error(as_redshift(error.fields))])
            return False
        self._leaving.callback(self._backend.close)
        self._copying = Copying(self._backend, self._services)
        told = [
            Message(messages.PARAMETER_STATUS, messages.text(name) + messages.text(value))
            for name, value in _TOLD_AT_START.items()
        ]
        self._write([_authentication(0), *told, self._backend.key_data, self._ready()])
        return True

    def _startup(self) -> dict[str, str] | None:
        while True:
            request = messages.read_startup(self.rfile)
            if request is None:
                return None
            code, body = request
            if code in (messages.SSL_REQUEST, messages.GSS_REQUEST):
                self.wfile.write(b"N")
                self.wfile.flush()
            elif code == messages.CANCEL_REQUEST:
                cancel(self._services.postgres.socket, body)
                return None
            else:
                return messages.startup_parameters(body)

    def _check_password(self, user: str) -> None:
        salt = secrets.token_bytes(4)
        self._write([_authentication(5, salt)])
        answer = messages.read_message(self.rfile)
        if answer is None:
            raise Gone
        fault = self._services.faults.met(Moment.SIGN_IN)
        if fault:
            raise fault.error or Gone()
        password = self._services.passwords.get(user)
        if password is None or messages.first_text(answer.body)[0] != _md5_answer(user, password, salt):
            raise Refusal(f'password authentication failed for user "{user}"', code=INVALID_AUTHORIZATION)

    # Batches.

    def _serve(self) -> None:
        while batch := self._next_batch():
            try:
                self._copying.remember()
                self._answer(batch)
            except Refusal as refusal:
                self._relay(self._backend.refuse(refusal))
            except ServerError as error:
                self._write([messages.error(as_redshift(error.fields))])
            self._write([self._ready()])

    def _next_batch(self) -> list[Message]:
        """What the client says up to Sync; empty when it leaves."""
        batch: list[Message] = []
        while True:
            message = messages.read_message(self.rfile)
            if message is None or message.kind == messages.TERMINATE:
                return []
            if message.kind != messages.FLUSH:
                batch.append(message)
            if message.kind in (messages.SYNC, messages.QUERY):
                return batch

    def _answer(self, batch: list[Message]) -> None:
        translated = [self._translated(message) for message in batch]
        statement = self._executed(batch)
        match statement.action:
            case Action.COPY if statement.copy:
                self._copying.run(statement.copy)
                self._write_done("COPY")
                return
            case Action.UNLOAD if statement.unload:
                unload(statement.unload, self._backend, self._services)
                self._write_done("UNLOAD")
                return
            case Action.COMMIT:
                self._commit(translated)
                return
            case Action.ALONE:
                self._check_alone(statement)
            case Action.WRITE:
                self._meet(Moment.WRITE)
        self._backend.send(translated)
        self._relay(self._backend.replies(), statement.tag)
        if statement.action == Action.COMMIT_AFTER and self._backend.status == messages.IN_TRANSACTION:
            self._backend.query("commit")

    def _translated(self, message: Message) -> Message:
        """A message as PostgreSQL gets it; the SQL of a new statement is rewritten."""
        if message.kind == messages.QUERY:
            raise unknown("the simple query protocol, which Redshift's own drivers do not use")
        if message.kind != messages.PARSE:
            return message
        name, sql, types = messages.parse_parts(message.body)
        statement = rewrite(sql)
        self._statements[name] = statement
        body = messages.text(name) + messages.text(statement.sql) + types
        return Message(messages.PARSE, body)

    def _executed(self, batch: list[Message]) -> Statement:
        """The statement that a batch runs; one that does nothing if it runs none."""
        for message in batch:
            if message.kind == messages.BIND:
                _, rest = messages.first_text(message.body)
                name, _ = messages.first_text(rest)
                return self._statements.get(name, Statement(NOTHING))
        return Statement(NOTHING)

    def _meet(self, moment: Moment) -> None:
        """Let happen what is to go wrong at a moment."""
        fault = self._services.faults.met(moment)
        if fault:
            raise fault.error or Gone()

    def _commit(self, translated: list[Message]) -> None:
        try:
            self._meet(Moment.BEFORE_COMMIT)
        except Refusal as refusal:
            self._relay(self._backend.refuse(refusal))
            self._backend.query("rollback")
            return
        self._backend.send(translated)
        replies = list(self._backend.replies())
        self._meet(Moment.AFTER_COMMIT)
        self._relay(replies)

    def _check_alone(self, statement: Statement) -> None:
        if self._backend.status != messages.IDLE:
            raise Refusal(f"{statement.tag} cannot run inside a transaction block", code=_ACTIVE_TRANSACTION)
        if statement.sql == NOTHING:
            raise unknown(statement.tag)

    # Answers.

    def _relay(self, replies: Iterable[Message], tag: str = "") -> None:
        """Pass answers on in Redshift's words, all but the last, which says that the server is ready."""
        last = b""
        for reply in replies:
            last = reply.kind
            if last == messages.COMMAND_COMPLETE and tag:
                reply = Message(last, messages.text(tag))
            elif last in (messages.ERROR, messages.NOTICE):
                reply = messages.error(as_redshift(messages.error_fields(reply.body)), last)
            elif last == messages.ROW_DESCRIPTION:
                reply = Message(last, messages.redshift_columns(reply.body))
            if last not in (messages.READY, messages.PARAMETER_STATUS):
                self.wfile.write(reply.encoded())
        if last != messages.READY:
            self.wfile.flush()
            raise Gone

    def _write(self, answers: Iterable[Message]) -> None:
        for answer in answers:
            self.wfile.write(answer.encoded())
        self.wfile.flush()

    def _write_done(self, tag: str) -> None:
        done = Message(messages.COMMAND_COMPLETE, messages.text(tag))
        self._write([Message(messages.BIND_COMPLETE), done])

    def _ready(self) -> Message:
        return Message(messages.READY, self._backend.status)


def _authentication(code: int, salt: bytes = b"") -> Message:
    return Message(messages.AUTHENTICATION, struct.pack("!i", code) + salt)


def _md5_answer(user: str, password: str, salt: bytes) -> str:
    inner = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
    return "md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest()
