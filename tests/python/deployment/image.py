"""The image without Docker: the steps of the Dockerfile, run below a folder that stands for its root.

The one step that needs the package index, installing the lock, links the same versions from the environment
that runs the tests instead; steps that change the system's users or packages are left out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[3]
DOCKERFILE = PROJECT / "deploy" / "Dockerfile"
IGNORED = PROJECT / "deploy" / "Dockerfile.dockerignore"
_FOLDERS = re.compile(r"(?<![\w.])/(opt|build|app)(?=[/\s:]|$)")
_OF_THE_SYSTEM = ("pip uninstall", "useradd", "chown")


@dataclass(frozen=True)
class Image:
    """What the steps made.

    Attributes:
        root: folder that stands for ``/``.
        environment: what ENV sets, with paths below the root.
        command: what CMD says.
        user: what USER says.
        volumes: what VOLUME says.
    """

    root: Path
    environment: Mapping[str, str]
    command: Sequence[str]
    user: str
    volumes: Sequence[str]

    @property
    def app(self) -> Path:
        """The folder that the command runs in."""
        return self.root / "app"

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command as the container does, with nothing of this process in its environment."""
        path = f"{self.root}/opt/venv/bin{os.pathsep}/usr/bin{os.pathsep}/bin"
        return subprocess.run(
            command,
            cwd=self.app,
            env={**self.environment, **environment, "PATH": path, "HOME": str(self.root / "tmp")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            executable=str(self.root / "opt/venv/bin" / command[0]),
        )

    def files(self) -> set[str]:
        """Everything in the command's folder but what it may write."""
        writable = tuple(volume.removeprefix("/app/") for volume in self.volumes)
        names = (path.relative_to(self.app).as_posix() for path in self.app.rglob("*"))
        return {name for name in names if not name.startswith(writable)}


def instructions() -> list[tuple[str, str]]:
    """What the Dockerfile says, a word and its text each."""
    lines = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    said = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(word, text.strip()) for word, _, text in said]


def build(root: Path) -> Image:
    """Run the steps of the Dockerfile."""
    folder, environment = root, dict[str, str]()
    told: dict[str, str] = {}
    (root / "tmp").mkdir(parents=True)
    for word, text in instructions():
        match word:
            case "WORKDIR":
                folder = _below(root, text)
                folder.mkdir(parents=True)
            case "COPY":
                _copy(text.split(), folder)
            case "RUN":
                for step in text.split(" && "):
                    _run(step, root, folder)
            case "ENV":
                environment |= dict(pair.split("=", 1) for pair in text.split())
            case "CMD" | "USER" | "VOLUME":
                told[word] = text
            case "ARG" | "FROM":
                pass
            case _:
                raise AssertionError(f"a step that is not tested: {word} {text}")
    environment = {name: _FOLDERS.sub(rf"{root}/\1", value) for name, value in environment.items()}
    return Image(root, environment, json.loads(told["CMD"]), told["USER"], tuple(json.loads(told["VOLUME"])))


def ignored(name: str) -> bool:
    """Whether Docker would not see a path of the project: the last line that fits it counts."""
    state = False
    for line in IGNORED.read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        fits = pattern in ("*", name) or name.startswith(f"{pattern}/")
        if pattern.startswith("**/"):
            fits = pattern[3:] in name.split("/")
        if line and not line.startswith("#") and fits:
            state = not line.startswith("!")
    return state


def _copy(words: Sequence[str], folder: Path) -> None:
    if words[0].startswith("--from="):
        assert words[1] == words[2], "both stages share a root here"
        return
    *sources, target = words
    for source in sources:
        assert not ignored(source), f"{source} is copied, but Docker would not see it"
        place = folder / Path(source).name if target == "./" else folder / target
        if (PROJECT / source).is_file():
            shutil.copy(PROJECT / source, place)
            continue
        for path in sorted((PROJECT / source).rglob("*")):
            name = path.relative_to(PROJECT).as_posix()
            if path.is_file() and not ignored(name):
                copied = place / path.relative_to(PROJECT / source)
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copied)


def _run(step: str, root: Path, folder: Path) -> None:
    if any(text in step for text in _OF_THE_SYSTEM):
        return
    if "-r requirements.lock" in step:
        assert "--require-hashes" in step
        link_lock(
            folder / "requirements.lock", next((root / "opt/venv/lib").glob("python3*")) / "site-packages"
        )
        return
    command = re.sub(r"^python\b", sys.executable, _FOLDERS.sub(rf"{root}/\1", step))
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)


def link_lock(lock: Path, target: Path) -> None:
    """Give an environment what a lock names, in the versions that it names, from this environment."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        wanted = Requirement(line.partition(" --hash")[0].strip())
        if wanted.marker is None or wanted.marker.evaluate():
            found = distribution(wanted.name)
            assert wanted.specifier.contains(found.version), f"{wanted}, but {found.version} is installed"
            _link(found, target)


def _link(found: Distribution, target: Path) -> None:
    for file in found.files or ():
        source = Path(str(found.locate_file(file)))
        if ".." in file.parts or not source.exists():
            continue
        place = target / file
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, place)
        except FileExistsError:
            continue
        except OSError:  # another file system
            shutil.copy2(source, place)


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
