"""What holds for a load into DuckDB holds for one into Redshift: the same tests, on the stand-in."""

import pytest

from tests.python.loader import (
    test_card_numbers,
    test_deliveries,
    test_dry_run,
    test_loads,
    test_rows,
    test_set_aside,
    test_withdraw,
)
from tests.python.pipeline import test_settings_check
from tests.python.support.loader_bench import CARD, items, options
from tests.python.support.redshift_bench import RedshiftBench, SignedIn
from tests.redshift_stand_in.stand_in import StandIn

test_cards_are_masked = test_card_numbers.test_the_card_column_of_a_rejected_row_is_masked_whatever_it_holds
test_other_kind = test_loads.test_a_file_of_another_kind_takes_the_old_rows_away_when_replaced
test_new_day = test_loads.test_a_new_day_under_an_old_name_is_refused_until_replace_is_passed
test_refused_correction = test_loads.test_a_refused_correction_leaves_the_old_content_alone
test_alone = test_loads.test_alone_refuses_a_warehouse_with_other_files
test_dates_of_locations = test_loads.test_business_dates_follow_each_location
test_dates_of_vars = test_loads.test_business_dates_follow_vars
test_empty_content = test_loads.test_empty_new_content_needs_replace
test_new_content = test_loads.test_new_content_replaces_the_old_rows_as_a_whole
test_no_old_rows = test_loads.test_old_content_without_landed_rows_is_simply_replaced
test_common_date_alone = test_loads.test_a_common_business_date_alone_makes_no_correction
test_half_of_the_lines = test_loads.test_a_correction_brings_at_least_half_of_the_lines_again
test_nothing_taken_back = test_loads.test_a_correction_that_takes_nothing_away_says_nothing
test_date_taken_back = test_loads.test_a_date_that_goes_is_told_even_if_every_line_comes_again
test_rows_within_a_key = test_loads.test_rows_that_go_within_a_key_are_told
test_first_dates = test_loads.test_only_the_first_dates_that_would_go_are_named
test_taken_back = test_loads.test_replace_says_what_it_took_back
test_common_orders_and_dates = test_loads.test_options_are_compared_by_order_and_dates_by_date
test_missing_locations = (
    test_settings_check.test_the_rows_that_the_seed_lacks_are_printed_as_they_are_to_be_added
)
test_other_currency = (
    test_settings_check.test_lines_in_another_currency_only_stop_the_build_with_the_command_that_helps
)
test_quarter_hours = test_loads.test_quarter_hour_offsets_are_exact
test_rows_agree = test_loads.test_reading_and_landing_must_agree
test_ledger = test_loads.test_the_ledger_tells_what_was_loaded
test_same_content = test_loads.test_the_same_content_under_another_name_lands_with_a_warning
test_no_break_space = test_rows.test_a_no_break_space_is_not_white_space
test_rejected_line = test_rows.test_a_rejected_line_is_kept_as_csv_with_its_table_and_origin
test_trimmed_row = test_rows.test_a_row_lands_trimmed_typed_and_with_its_origin
test_field_count = test_rows.test_a_wrong_number_of_fields_keeps_later_row_numbers_right
test_card_hashes = test_rows.test_card_numbers_are_kept_as_keyed_hash
test_blank_rows = test_rows.test_a_row_of_blank_cells_is_no_row_and_keeps_later_numbers_right
test_missing_cells = test_rows.test_cells_missing_at_a_rows_end_are_blank_where_they_may_be
test_written_nulls = test_rows.test_a_written_null_is_blank_in_every_column
test_values = test_rows.test_prices_quantities_and_flags_keep_their_values
test_quoted_empty_cells = test_rows.test_quoted_empty_cells_are_blank_and_not_missing
test_row_numbers = test_rows.test_row_numbers_count_records_not_lines
test_first_reasons = test_rows.test_the_first_reason_of_options_and_dates
test_first_reason = test_rows.test_the_first_reason_that_applies_is_the_one_given
test_no_key = test_rows.test_without_a_key_no_hash_is_kept_and_the_loader_says_so_once

withdrawn = test_withdraw.withdrawn
test_withdrawn_stays = (
    test_withdraw.test_withdrawn_stays_withdrawn_and_says_since_when_and_what_loads_it_again
)
test_again = test_withdraw.test_again_loads_it_under_its_name_whatever_source_it_is_found_by
test_withdrawn_twice = test_withdraw.test_the_next_load_that_is_withdrawn_too_needs_again_as_well
test_withdrawn_and_new = test_withdraw.test_new_content_lands_and_the_withdrawn_one_does_not_replace_it

test_parts = test_deliveries.test_options_of_a_line_in_two_files_are_told_with_what_counts
test_many_pairs = test_deliveries.test_of_many_pairs_those_with_most_lines_are_named
test_no_shared_lines = test_deliveries.test_files_that_share_no_options_of_a_line_are_not_warned_of
test_other_deliveries = test_deliveries.test_options_of_other_deliveries_land

loaded = test_set_aside.loaded
test_a_row_set_aside = test_set_aside.test_a_row_set_aside_leaves_the_raw_table_and_is_counted_as_rejected
test_words = test_set_aside.test_the_words_stand_beside_the_row_without_card_numbers
test_set_aside_again = test_set_aside.test_the_same_content_again_is_skipped_and_the_row_stays_out
test_undone = test_set_aside.test_undone_the_row_lands_when_the_file_is_loaded_next
test_dropped = test_set_aside.test_new_content_drops_the_decision_and_names_its_rows
test_all_kinds = test_set_aside.test_rows_of_every_kind_of_file_can_be_set_aside
test_all_rows = test_set_aside.test_all_rows_of_a_file_can_be_set_aside

test_dry_run_of_new_files = test_dry_run.test_what_would_happen_is_told_and_nothing_is_written
test_dry_run_of_replacements = test_dry_run.test_a_dry_run_says_what_the_load_says_of_a_replacement


@pytest.fixture
def bench(redshift_bench: RedshiftBench) -> RedshiftBench:
    return redshift_bench


def test_the_same_file_again_is_skipped_and_nothing_is_staged(bench: RedshiftBench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    assert bench.load().exit_code == 3
    puts = len(bench.stand_in.s3.requests("PUT", "/prefix/"))
    assert puts == 4  # a part and a manifest for the landed row, and for the rejected one
    result = bench.load()
    assert result.exit_code == 0
    assert "skipped, unchanged" in result.output
    assert len(bench.stand_in.s3.requests("PUT", "/prefix/")) == puts


def test_a_file_that_looks_as_before_is_not_read_again(
    bench: RedshiftBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sales_loader.sources.local.is_settled", lambda *_: True)
    monkeypatch.setattr("sales_loader.warehouses.redshift.warehouse._ROWS_A_STATEMENT", 2)
    for number in range(3):
        bench.write(f"{number}.csv", items({"ORDER_ID": f"o{number}"}))
    bench.load()
    bench.write("1.csv", items({"ORDER_ID": "o1", "ITEM_PRICE": "9.99"}))
    bench.load()
    assert bench.stand_in.query("select load_id from raw.file_versions order by 1") == [(1,), (3,), (4,)]
    monkeypatch.setattr(
        "sales_loader.load_service.sha256_of", lambda file: pytest.fail(f"{file.name} was read")
    )
    assert bench.load().output.count("skipped, unchanged") == 3


def test_nothing_is_left_in_the_bucket(bench: RedshiftBench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    bench.write("b.csv", options({}))
    bench.load()
    assert bench.staged_objects() == []


@pytest.mark.parametrize(
    "text",
    [
        "\\N or NULL",
        "NULLS",
        "\\.",
        "a, b",
        'say "cheese"',
        "two\nlines",
        "Crème 🍮",
        "a\\",
        "'; drop table x; --",
        "%s",
    ],
)
def test_texts_arrive_as_they_were(bench: RedshiftBench, text: str) -> None:
    bench.write("a.csv", items({"ITEM_NAME": text}))
    assert bench.load().exit_code == 0
    assert bench.rows("select item_name from raw.order_items") == [(text,)]


def test_microseconds_and_four_decimals_arrive(bench: RedshiftBench) -> None:
    bench.write(
        "a.csv",
        items({"CREATION_TIME_UTC": "2025-06-01T23:59:59.999999Z", "ITEM_PRICE": "-99999999999999.9999"}),
    )
    bench.load()
    query = "select creation_time_utc::varchar, item_price::varchar from raw.order_items"
    assert bench.rows(query) == [("2025-06-01 23:59:59.999999", "-99999999999999.9999")]


def test_names_as_long_as_allowed_fit_in_bytes(bench: RedshiftBench) -> None:
    bench.write("a.csv", items({"ITEM_NAME": "é" * 256, "ORDER_ID": "é" * 32}))
    assert bench.load().exit_code == 0
    assert bench.rows("select strlen(item_name), strlen(order_id) from raw.order_items") == [(512, 64)]


def test_status_and_rejects_show_what_redshift_holds(bench: RedshiftBench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x", "APP_NAME": "=x"}, {"ORDER_ID": "", "USER_ID": CARD}))
    bench.load()
    status = bench.run("status").output
    assert "a.csv" in status
    assert "2025-06-01" in status
    rejects = bench.run("rejects").output
    assert "bad_item_price" in rejects
    assert "missing_order_id" in rejects
    assert CARD not in rejects
    only = bench.run("rejects", "--reason", "bad_item_price", "--file", "a.csv", "--limit", "1").output
    assert "missing_order_id" not in only
    path = bench.folder / "rejected.csv"
    assert "2 rows written" in bench.run("rejects", "--export", str(path)).output
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header.startswith("table_name,reason,raw_line,_source_file,_source_row_number,_load_id")
    assert len(lines) == 2
    assert [line.split(",")[2] for line in lines] == ["\"'=x", '"Kiosk']


def test_an_empty_redshift_says_so(bench: RedshiftBench) -> None:
    assert "Nothing was loaded into Redshift yet." in bench.run("status").output
    assert "No rejected rows." in bench.run("rejects").output
    export = bench.run("rejects", "--export", str(bench.folder / "r.csv"))
    assert (export.exit_code, "nothing to export" in export.output) == (1, True)


def test_two_commands_at_once_land_a_file_once(bench: RedshiftBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    monkeypatch.setattr("sales_loader.warehouses.redshift.warehouse.RedshiftWarehouse.loads", lambda _: [])
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: failed: another process loaded a file of this name meanwhile" in result.output
    assert bench.rows("select count(*) from raw.order_items") == [(1,)]


def test_a_name_that_no_key_can_have_refuses_the_file(bench: RedshiftBench) -> None:
    bench.write("/".join(["d" * 200] * 6) + "/a.csv", items({}))
    result = bench.load()
    assert result.exit_code == 1
    assert "its name is longer than 1024 bytes" in result.output


def test_missing_settings_are_wrong_usage(bench: RedshiftBench, stand_in: StandIn) -> None:
    bench.write("a.csv", items({}))
    for name in ("REDSHIFT_PASSWORD", "REDSHIFT_STAGING", "REDSHIFT_COPY_ROLE"):
        lacking = RedshiftBench(bench.folder, SignedIn(stand_in, {name: ""}))
        result = lacking.load()
        assert (result.exit_code, name in result.output) == (2, True)
