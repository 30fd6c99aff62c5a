"""Commands of a copy of the project, run in forks of one process that has imported and read all before.

Starting dbt takes seconds, reading the project for the first time many, and tests start it a hundred times.
What a command does is the same: its own process, environment and folder, and dbt's own judgement which files
have changed since the project was read. The daily runs that are killed or disturbed, and the commands of the
documents, are started as users start them.
"""

import atexit
import gc
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

_ADDRESS = "WARM_COMMANDS"
_PROJECT = Path(__file__).parents[3]


@contextmanager
def offered() -> Iterator[None]:
    """Have a process that waits for commands; it begins to import with the first."""
    if not sys.platform.startswith("linux"):  # elsewhere a fork of a process with libraries may hang
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[_ADDRESS] = str(Path(folder) / "socket")
        search_path = os.pathsep.join([str(_PROJECT), os.environ.get("PYTHONPATH", "")])
        single = {"PYTHONPATH": search_path, "OPENBLAS_NUM_THREADS": "1"}  # no thread lives in a fork
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.python.support.warm_commands", folder],
            env=os.environ | single,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert server.stdout is not None
        server.stdout.readline()
        yield
        server.communicate()
        del os.environ[_ADDRESS]


def run(program: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Any:
    """Run a command as ``subprocess.run`` would.

    Args:
        program: ``dbt`` or ``sales-loader``.
        arguments: its words.
        folder: where it runs.
        environment: all its variables.

    Returns:
        The completed process, with its output as text.
    """
    command = [str(Path(sys.executable).parent / program), *arguments]
    address = os.environ.get(_ADDRESS)
    if address is None:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    with tempfile.TemporaryDirectory() as outputs, socket.socket(socket.AF_UNIX) as connection:
        asked = [program, command, str(folder), dict(environment), outputs]
        connection.connect(address)
        connection.sendall(json.dumps(asked).encode() + b"\n")
        code = int(connection.makefile().readline())
        texts = [(Path(outputs) / name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
    return subprocess.CompletedProcess(command, code, *texts)


class _Reading:
    """What dbt has read of the project, kept for all copies by what else it depends on.

    dbt looks by itself which files differ from those that were read. Only the folder is another one in each
    copy: it is put right, as dbt remembers where the rows of a seed are.
    """

    def __init__(self, store: Path) -> None:
        self._store = store

    def install(self) -> None:
        """Have dbt look here too, from now on in this process and its forks."""
        from dbt.parser import manifest as parser

        loading: Any = parser.ManifestLoader
        read, write = loading.read_manifest_for_partial_parse, loading.write_manifest_for_partial_parse

        def read_and_move(loader: Any) -> Any:
            own, kept = self._own(loader), self._kept(loader)
            is_own = own.exists() and own.with_suffix(".state").exists()
            if kept.exists() and not (is_own and own.with_suffix(".state").read_text() == kept.stem):
                own.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(kept, own)
            manifest = read(loader)
            if manifest is not None:
                _move(manifest, str(loader.root_project.project_root))
            return manifest

        def write_and_keep(loader: Any) -> None:
            write(loader)
            own, kept = self._own(loader), self._kept(loader)
            if own.exists():
                own.with_suffix(".state").write_text(kept.stem)
            if own.exists() and not kept.exists():
                unfinished = kept.with_suffix(f".{os.getpid()}")
                shutil.copy(own, unfinished)
                unfinished.rename(kept)

        loading.read_manifest_for_partial_parse = read_and_move
        loading.write_manifest_for_partial_parse = write_and_keep

    def _own(self, loader: Any) -> Path:
        return Path(loader.root_project.project_root, loader.root_project.project_target_path).joinpath(
            "partial_parse.msgpack"
        )

    def _kept(self, loader: Any) -> Path:
        state = json.dumps(loader.manifest.state_check.to_dict(), sort_keys=True)
        return self._store / f"{sha256(state.encode()).hexdigest()}.msgpack"


def _move(manifest: Any, root: str) -> None:
    """Have a manifest speak of the copy in another folder."""
    seeds = [node for node in manifest.nodes.values() if node.resource_type.value == "seed"]
    if not seeds or seeds[0].root_path == root:
        return
    before = seeds[0].root_path
    for node in seeds:
        node.root_path = root
    for file in manifest.files.values():
        path = file.path
        if path.project_root == before or path.project_root.startswith(f"{before}{os.sep}"):
            path.project_root = root + path.project_root.removeprefix(before)


def _serve(folder: Path) -> None:
    """Fork for each command, until the process that started this one is done."""
    os.setpgrp()  # Ctrl-C is for the tests, which then end this
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
        listening.listen()
        print("ready", flush=True)
        programs: Mapping[str, Callable[[], object]] = {}
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            programs = programs or _warm_up(folder)
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    listening.close()
                    _answer(connection, programs)
            while _is_reaped():
                pass


def _is_reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _warm_up(folder: Path) -> Mapping[str, Callable[[], object]]:
    """Import all, and read a copy of the project once, which also makes much of what dbt makes only once.

    Returns:
        The programs' entry points.
    """
    import boto3
    from dbt.cli.main import cli, dbtRunner

    from sales_pipeline.cli import main
    from sales_pipeline.dbt_project.environment import environment
    from tests.python.support import aws_descriptions
    from tests.python.support.project_copy import Workshop

    aws_descriptions.read_once()
    boto3.client("s3", region_name="us-east-1")  # so that the forks find what it has read
    store = folder / "read"
    store.mkdir()
    _Reading(store).install()
    workshop = Workshop.create(folder)
    with environment(workshop.variables()):
        os.chdir(workshop.project)
        # dbt's other parser has threads, which would be missing in a fork.
        read = dbtRunner().invoke(["--quiet", "--no-static-parser", "parse"])
    assert read.success, read.exception
    gc.collect()
    gc.freeze()
    return {"dbt": cli, "sales-loader": main}


def _answer(connection: socket.socket, programs: Mapping[str, Callable[[], object]]) -> None:
    """Run the command that is asked for in a fork of its own, and say how it ended."""
    program, command, folder, environment, outputs = json.loads(connection.makefile().readline())
    child = os.fork()
    if child == 0:
        connection.close()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None  # it is named by the environment
        for number, name in ((1, "stdout"), (2, "stderr")):
            file = os.open(Path(outputs) / name, os.O_CREAT | os.O_WRONLY)
            os.dup2(file, number)
            os.close(file)
        sys.argv = command
        os._exit(_end_of(programs[program]))
    _, status = os.waitpid(child, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _end_of(program: Callable[[], object]) -> int:
    """Run the program's entry point; its exit code."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    try:
        program()
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
        code = 1
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # as Python's end does
    _let_go()
    return code or 0


def _let_go() -> None:
    """Do what Python does at its end, but for tearing down modules that are shared with other forks."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
    _let_go()
    os._exit(0)
