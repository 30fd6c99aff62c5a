"""Every documented command exists, with its options: those in blocks, and those amid a sentence."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from deployment.__main__ import main as deployment
from sales_pipeline.cli import main as sales_loader

from .clean_shell import PROJECT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/runbook.md", "docs/connect.md")
GROUPS = {"sales-loader": sales_loader, "deployment": deployment}
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_OF_AN_ORCHESTRATOR = re.compile(r'bash_command="([^"]+)"')
_IN_A_SENTENCE = re.compile(r"`((?:\.venv/bin/)?(?:sales-loader|make|python -m) [^`\n]+)`")


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command in the fenced blocks and the sentences of a document."""
    amid = BLOCK.sub("", text)
    for block in (*BLOCK.findall(text), *_IN_A_SENTENCE.findall(amid), *_OF_AN_ORCHESTRATOR.findall(amid)):
        for line in block.replace("\\\n", " ").splitlines():
            words: list[str] = []
            for word in [*shlex.split(line, comments=True), "&&"]:
                if word in ("&&", "||", "|", ";"):
                    if words:
                        yield words
                    words = []
                else:
                    words.append(word)


DOCUMENTED = [
    (document, words)
    for document in DOCUMENTS
    for words in commands((PROJECT / document).read_text(encoding="utf-8"))
]
PROGRAMS = {Path(words[0]).name for _, words in DOCUMENTED}


def complaints(words: list[str]) -> Iterator[str]:
    """What is wrong with a command of the project's; nothing about those of others."""
    program, rest = Path(words[0]).name, words[1:]
    if program == "make":
        targets = set(
            re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        )
        for word in rest:
            if "=" not in word and word not in targets:
                yield f"there is no target {word}"
    elif program == "python" and rest[:1] == ["-m"]:
        if find_spec(rest[1]) is None:
            yield f"there is no module {rest[1]}"
        if rest[1] in GROUPS:
            yield from unknown_words(GROUPS[rest[1]], rest[2:])
    elif program in GROUPS:
        yield from unknown_words(GROUPS[program], rest)


def unknown_words(group: click.Group, words: list[str]) -> Iterator[str]:
    """A command or an option that a group does not know, in the words after its name."""
    own, _, inner = " ".join(words).partition(" -- ")
    name, *rest = own.split()
    command = group.commands.get(name)
    if command is None:
        yield f"there is no command {name}"
        return
    if command.context_settings.get("ignore_unknown_options"):
        return  # its options are another program's
    context = click.Context(command, info_name=name)
    known = {option for one in command.get_params(context) for option in (*one.opts, *one.secondary_opts)}
    known |= set(command.get_help_option_names(context))
    for word in rest:
        if word.startswith("-") and word.partition("=")[0] not in known:
            yield f"{name} has no option {word}"
    if inner:
        yield from complaints(inner.split())


@pytest.mark.parametrize(
    ("document", "words"), DOCUMENTED, ids=lambda one: one if isinstance(one, str) else " ".join(one)
)
def test_a_documented_command_exists(document: str, words: list[str]) -> None:
    assert list(complaints(words)) == [], document


def test_the_documents_are_read() -> None:
    """A search that finds nothing would find nothing wrong either."""
    assert {"make", "sales-loader", "python"} <= PROGRAMS
    assert {document for document, _ in DOCUMENTED} == set(DOCUMENTS)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("make nothing DATA=x", "there is no target nothing"),
        (".venv/bin/sales-loader lod exports", "there is no command lod"),
        (".venv/bin/sales-loader rejects --exprot r.csv", "rejects has no option --exprot"),
        (".venv/bin/python -m no_such_module", "there is no module no_such_module"),
        (".venv/bin/python -m deployment run --wait -- sales-loader stats", "there is no command stats"),
        ("true && make nothing   # words", "there is no target nothing"),
        ('```\nbash_command="cd /srv && sales-loader dayly x || true"\n```sh', "there is no command dayly"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str, complaint: str) -> None:
    found = [one for words in commands(f"```sh\n{line}\n```\n") for one in complaints(words)]
    assert found == [complaint]
