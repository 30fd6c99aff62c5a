"""The report as one file: styles, scripts and figures inside it, and nothing fetched from anywhere."""

import html
import os
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from string import Template

from sales_loader.errors import LoaderError
from sales_report.blocks import Block, BuiltMarts, ReadTable, as_json, read_blocks
from sales_report.key_figures import key_figures

_HERE = Path(__file__).parent
_PAGE = _HERE / "page"
_VENDOR = _HERE / "vendor"
# Plot puts this style into each chart, under the class that charts.js names. Another one would be refused.
_STYLE_OF_PLOT = """\
:where(.chart) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.chart text),
:where(.chart tspan) {
  white-space: pre;
}"""


def write_report(read: ReadTable, marts: BuiltMarts, out: Path) -> int:
    """Read the marts and write the report, whole or not at all.

    Args:
        read: gives names of the columns and rows of a statement.
        marts: what the marts were built for.
        out: the file; its folder is made.

    Returns:
        The size of the file in bytes.

    Raises:
        LoaderError: the file cannot be written.
    """
    page = assemble(read_blocks(read, marts)).encode()
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(page)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LoaderError(
            f"{out}: the report cannot be written: {error.strerror}. Name a file with --out."
        ) from error
    return len(page)


def assemble(blocks: Mapping[str, Block]) -> str:
    """The page with the figures of all blocks.

    Args:
        blocks: as ``read_blocks`` gives them.
    """
    style = _text(_PAGE / "report.css")
    scripts = [_text(_VENDOR / "d3.min.js"), _text(_VENDOR / "plot.min.js"), _own_script()]
    return Template(_text(_PAGE / "report.html")).substitute(
        policy="; ".join(
            (
                "default-src 'none'",
                f"script-src {_hashes(scripts)}",
                f"style-src {_hashes([style, _STYLE_OF_PLOT])}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        style=style,
        licenses=_text(_VENDOR / "LICENSES.txt"),
        figures=b64encode(zlib.compress(as_json(blocks), 9)).decode(),
        key_figures="".join(
            f"<tr><th scope='row'>{html.escape(name)}</th><td>{html.escape(now)}</td>"
            f"<td>{html.escape(before)}</td></tr>"
            for name, now, before in key_figures(blocks)
        ),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _own_script() -> str:
    """Our scripts as one: what a section declares is its own."""
    frame = [_text(_PAGE / f"{name}.js") for name in ("base", "charts", "frame")]
    sections = [f"{{\n{_text(path)}}}\n" for path in sorted((_PAGE / "sections").glob("*.js"))]
    return "\n".join(['"use strict";', *frame, *sections, "start();\n"])


def _hashes(texts: Iterable[str]) -> str:
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
