"""Any CSV text is read like Python's own reader does, record by record."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sales_loader.contract import WHITE_SPACE
from tests.python.support.loader_bench import OPTION, Bench

CELLS = st.text("ab1 \t,\"'é\u00a0;|\\\r\n", max_size=8)
RECORDS = st.lists(
    st.one_of(
        st.tuples(st.just("o"), st.just("l"), CELLS, CELLS, st.sampled_from(["1.00", "x"]), st.just("1")),
        st.lists(CELLS, min_size=1, max_size=30).map(tuple),
        st.just(()),
    ),
    max_size=12,
)


def expected(text: str) -> tuple[list[tuple[int, str | None, str | None]], list[tuple[int, str]]]:
    """Landed rows (number, group, option) and rejected ones (number, reason), as the contract says."""
    landed, rejected = [], []
    for number, record in enumerate(
        (record for record in csv.reader(io.StringIO(text, newline="")) if record), 0
    ):
        cells = [cell.strip(WHITE_SPACE) or None for cell in record]
        if number == 0 or not any(cells):
            continue
        if len(cells) != len(OPTION):
            rejected.append((number, "wrong_field_count"))
        elif cells[0] is None or cells[1] is None:
            rejected.append((number, "missing_order_id" if cells[0] is None else "missing_lineitem_id"))
        elif cells[4] not in ("1.00", "1", "11", "111"):
            rejected.append((number, "bad_option_price"))
        elif cells[5] not in ("1", "11", "111"):
            rejected.append((number, "bad_option_quantity"))
        else:
            landed.append((number, cells[2], cells[3]))
    return landed, rejected


def line_of(record: tuple[str, ...]) -> str:
    """A record as CSV, with quotes where they are needed."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow(record)
    return buffer.getvalue().removesuffix("\r\n")


@settings(max_examples=20, deadline=None)
@given(records=RECORDS, end=st.sampled_from(["\n", "\r\n"]), last_end=st.booleans())
def test_records_and_their_numbers(records: list[tuple[str, ...]], end: str, last_end: bool) -> None:
    text = end.join(line_of(record) for record in [tuple(OPTION), *records]) + end * last_end
    landed, rejected = expected(text)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.write("a.csv", text.encode())
        result = bench.load()
        assert result.exit_code == (3 if rejected else 0), result.output
        query = (
            "select _source_row_number, option_group_name, option_name from raw.order_item_options order by 1"
        )
        assert bench.rows(query) == landed
        assert bench.rows("select _source_row_number, reason from raw.rejected_rows order by 1") == rejected
