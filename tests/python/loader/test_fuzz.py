"""Surplus cells, stray quotes and quoted line breaks in random places: files are refused or read as written.

FUZZ_FILES sets how many files are tried (`make test-fuzz`: 10,000).
"""

import os
import random

from tests.python.support.loader_bench import OPTION, Bench

FILES = int(os.environ.get("FUZZ_FILES", "60"))
HEADER = ",".join(OPTION)
GOOD_NAMES = ["n", '"a, b"', '"two\nlines"', '"say ""hi"""', '""', " padded "]
BAD_NAMES = ['"12" Sub', '"open', 'a"b', '"x"y"', '"""']
SURPLUS = [0, 0, 0, 1, 3, 15, 16, 17, 18, 40, 200]


def row(chance: random.Random, number: int, *, is_clean: bool) -> str:
    """One record of a file, perhaps with surplus cells, perhaps with a broken name."""
    names = GOOD_NAMES if is_clean or chance.random() < 0.8 else BAD_NAMES
    cells = [f"o{number}", '"l1"' if chance.random() < 0.5 else "l1", "g", chance.choice(names), "1.50", "1"]
    surplus = [chance.choice(["x", "", '"y, y"']) for _ in range(chance.choice(SURPLUS))]
    return ",".join(cells + surplus)


def read_strictly(text: str) -> list[list[str]] | None:
    """Records of a CSV text, sign by sign; None where a quote is not closed or text follows a closing one."""
    records: list[list[str]] = []
    cells: list[str] = []
    place = 0
    while place < len(text):
        if text[place] == '"':
            cell, place = "", place + 1
            while True:
                end = text.find('"', place)
                if end < 0:
                    return None
                cell, place = cell + text[place:end], end + 1
                if text[place : place + 1] != '"':
                    break
                cell, place = cell + '"', place + 1
            if text[place : place + 1] not in (",", "\n", ""):
                return None
        else:
            end = min(at for at in (text.find(",", place), text.find("\n", place), len(text)) if at >= 0)
            cell, place = text[place:end], end
        cells.append(cell)
        if text[place : place + 1] != ",":
            records.append(cells)
            cells = []
        place += 1
    return records


def test_files_are_refused_or_read_as_they_stand(bench: Bench) -> None:
    chance = random.Random(20260101)
    texts: dict[str, str] = {}
    clean = set()
    for number in range(FILES):
        is_clean = number % 3 == 0
        rows = [row(chance, one, is_clean=is_clean) for one in range(chance.randint(1, 8))]
        name = f"{number:05}.csv"
        texts[name] = "\n".join([HEADER, *rows]) + "\n"
        clean.update([name] if is_clean else [])
        bench.write(name, texts[name].encode())
    bench.load()
    held = {name for (name,) in bench.rows("select file_name from raw.load_files")}
    landed = bench.rows(
        "select _source_file, _source_row_number, order_id, option_name from raw.order_item_options"
    )
    rejected = bench.rows(
        "select _source_file, _source_row_number, 'rejected', reason from raw.rejected_rows"
    )
    assert clean <= held
    expected = []
    for name in held:
        records = read_strictly(texts[name])
        assert records is not None, f"{name} has a stray quote and was not refused:\n{texts[name]}"
        for number, cells in enumerate(records[1:], 1):
            if len(cells) == len(OPTION):
                expected.append((name, number, cells[0], cells[3].strip(" \n") or None))
            else:
                expected.append((name, number, "rejected", "wrong_field_count"))
    assert sorted(expected, key=repr) == sorted(landed + rejected, key=repr)
    assert len(held) < FILES  # or nothing was there to refuse


def test_a_swallowed_row_does_not_make_up_for_a_wide_one(bench: Bench) -> None:
    wide = "o1,l1,g,n,1,1" + ",x" * 17
    rows = [
        wide,
        '"o2","l2","Size","12" Sub","1.50","1"',
        '"o3","l3","Size, large","n3","5.00","1"',
        "o4,l4,g,n4,1,1",
    ]
    bench.write("a.csv", "\n".join([HEADER, *rows]).encode())
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: refused: line 3: a quote opens that is not closed, or text follows" in result.output
    rows[1] = '"o2","l2","Size","12"" Sub","1.50","1"'
    bench.write("a.csv", "\n".join([HEADER, *rows]).encode())
    assert bench.load().exit_code == 3
    assert bench.rows("select order_id, option_name from raw.order_item_options order by 1") == [
        ("o2", '12" Sub'),
        ("o3", "n3"),
        ("o4", "n4"),
    ]
    assert bench.rejected() == [(1, "wrong_field_count")]
