"""Each dialect rule refuses the construct it is for and accepts what should be written instead."""

import json
from pathlib import Path

import pytest

from tools.project_checks.dialect import breaches, check_dialect
from tools.project_checks.dialect_rules import PHRASES

# phrase: (a statement that must be refused for it, a near one that must be accepted)
EXAMPLES = {
    "filter (": (
        "select sum(x) filter (where y) from t",
        "select sum(case when y then x end) as filter from t",
    ),
    "distinct on": ("select distinct on (a) a from t", "select distinct a from t"),
    "qualify": ("select a from t qualify a = 1", "select qualify_a from t where a = 1"),
    "group by all": ("select a from t group by all", "select a from t group by a union all select 1"),
    "order by all": ("select a from t order by all", "select a from t order by a"),
    "* exclude": ("select * exclude (a) from t", "select a * b as exclude_a from t"),
    "* replace": ("select * replace (1 as a) from t", "select a * 2, replace(b, 'x', 'y') from t"),
    "* rename": ("select * rename (a as b) from t", "select a as rename from t"),
    "columns (": ("select columns('x.*') from t", "select columns from t"),
    "generate_series (": ("select * from generate_series(1, 9)", "select generate_series from t"),
    "range (": ("select * from range(9)", "select range from t"),
    "values (": ("select * from (values (1)) as v", "select values from t"),
    "avg (": ("select avg(x) from t", "select sum(x) as avg from t"),
    "::": ("select a::date from t", "select cast(a as date), '::' from t"),
    "as varchar )": ("select cast(a as varchar) from t", "select cast(a as varchar(9)) from t"),
    "as character varying )": (
        "select cast(a as character varying) from t",
        "select cast(a as character varying(9)) from t",
    ),
    "as char )": ("select cast(a as char) from t", "select cast(a as char(1)) from t"),
    "as text": ("select cast(a as text) from t", "select a as text_a from t"),
    "as string": ("select cast(a as string) from t", "select a as string_a from t"),
    "as decimal )": ("select cast(a as decimal) from t", "select cast(a as decimal(18, 2)) from t"),
    "as numeric )": ("select cast(a as numeric) from t", "select cast(a as numeric(18, 2)) from t"),
    "float": ("select cast(a as float) from t", "select floated from t"),
    "float4": ("select cast(a as float4) from t", "select float_4 from t"),
    "float8": ("select cast(a as float8) from t", "select float_8 from t"),
    "real": ("select cast(a as real) from t", "select real_a from t"),
    "double": ("select cast(a as double precision) from t", "select double_a from t"),
    "tinyint": ("select cast(a as tinyint) from t", "select cast(a as smallint) from t"),
    "utinyint": ("select cast(a as utinyint) from t", "select cast(a as smallint) from t"),
    "usmallint": ("select cast(a as usmallint) from t", "select cast(a as smallint) from t"),
    "uinteger": ("select cast(a as uinteger) from t", "select cast(a as integer) from t"),
    "ubigint": ("select cast(a as ubigint) from t", "select cast(a as bigint) from t"),
    "uhugeint": ("select cast(a as uhugeint) from t", "select cast(a as bigint) from t"),
    "interval": ("select a + interval '1 day' from t", "select a + 1, 'interval' from t"),
    "current_timestamp": ("select current_timestamp", "select 'current_timestamp'"),
    "current_date": ("select current_date", "select current_date_day from t"),
    "current_time": ("select current_time", "select current_times from t"),
    "localtimestamp": ("select localtimestamp", "select local_timestamp from t"),
    "sysdate": ("select sysdate", 'select "sysdate" from t'),
    "now (": ("select now()", "select now from t"),
    "getdate (": ("select getdate()", "select getdate from t"),
    "today (": ("select today()", "select today from t"),
    "random (": ("select random()", "select random from t"),
    "uuid (": ("select uuid()", "select uuid from t"),
    "gen_random_uuid (": ("select gen_random_uuid()", "select gen_random_uuid from t"),
    "ignore nulls": (
        "select lag(a ignore nulls) over (order by b) from t",
        "select ignore, nulls from t order by a nulls last",
    ),
    "respect nulls": ("select lag(a respect nulls) over (order by b) from t", "select respect from t"),
    "median (": ("select median(a) from t", "select median_value, sum(median) from t"),
    "percentile_cont (": (
        "select percentile_cont(0.5) within group (order by a) from t",
        "select percentile_cont from t",
    ),
    "percentile_disc (": (
        "select percentile_disc(0.5) within group (order by a) from t",
        "select percentile_disc from t",
    ),
    "quantile* (": ("select quantile_cont(a, 0.5) from t", "select quantile_cont from t"),
    "ilike": ("select a ilike 'x' from t", "select lower(a) like 'ilike' from t"),
    "similar to": ("select a similar to 'x' from t", "select similar from t"),
    "~": ("select a ~ 'x' from t", "select '~' from t"),
    "!~": ("select a !~ 'x' from t", "select a != 'x' from t"),
    "~*": ("select a ~* 'x' from t", "select '~*' from t"),
    "!~*": ("select a !~* 'x' from t", "select '!~*' from t"),
    "distinct from": ("select a is distinct from b from t", "select distinct a from t"),
    "lateral": ("select * from t, lateral (select 1)", "select lateral_a from t"),
    "recursive": ("with recursive a as (select 1) select * from a", "with a as (select 1) select * from a"),
    "bool_or (": ("select bool_or(a) from t", "select bool_or from t"),
    "bool_and (": ("select bool_and(a) from t", "select bool_and from t"),
    "every (": ("select every(a) from t", "select every from t"),
    "string_agg (": ("select string_agg(a, ',') from t", "select string_agg from t"),
    "listagg (": ("select listagg(a, ',') from t", "select listagg from t"),
    "group_concat (": ("select group_concat(a) from t", "select group_concat from t"),
    "array [": ("select array [1, 2]", "select array from t"),
    "array*_* (": ("select array_agg(a) from t", "select array_agg from t"),
    "list (": ("select list(a) from t", "select list from t"),
    "list_* (": ("select list_sum(a) from t", "select list_price from t"),
    "unnest (": ("select unnest(a) from t", "select unnest from t"),
    "[": ("select a[1] from t", "select '[' from t"),
    "{": ("select {'a': 1}", "select '{' from t"),
    "->": ("select a -> 'x' from t", "select a - b from t where a > 0"),
    "->>": ("select a ->> 'x' from t", "select '->>' from t"),
    "==": ("select a == 1 from t", "select a = 1 from t"),
    "**": ("select a ** 2 from t", "select a * 2, count(*) from t"),
    "try_cast (": ("select try_cast(a as date) from t", "select cast(a as date) from t"),
    "concat (": ("select concat(a, b) from t", "select a || b as concat from t"),
    "concat_ws (": ("select concat_ws(',', a, b) from t", "select concat_ws from t"),
    "nvl (": ("select nvl(a, 0) from t", "select coalesce(a, 0) from t"),
    "nvl2 (": ("select nvl2(a, 0, 1) from t", "select case when a is null then 1 else 0 end from t"),
    "decode (": ("select decode(a, 1, 2) from t", "select case a when 1 then 2 end from t"),
    "len (": ("select len(a) from t", "select length(a) from t"),
    "charindex (": ("select charindex('a', b) from t", "select position('a' in b) from t"),
    "to_char (": ("select to_char(a, 'YYYY') from t", "select cast(a as varchar(4)) from t"),
    "to_date (": ("select to_date(a, 'YYYY') from t", "select cast(a as date) from t"),
    "initcap (": ("select initcap(a) from t", "select upper(a) from t"),
    "btrim (": ("select btrim(a) from t", "select trim(a) from t"),
    "months_between (": ("select months_between(a, b) from t", "select months_between from t"),
    "add_months (": ("select add_months(a, 1) from t", "select dateadd(month, 1, a) from t"),
    "ratio_to_report (": ("select ratio_to_report(a) over () from t", "select ratio_to_report from t"),
    "approximate count": ("select approximate count(distinct a) from t", "select count(distinct a) from t"),
    "approx_* (": ("select approx_count_distinct(a) from t", "select approx_count from t"),
    "range between": (
        "select sum(a) over (order by b range between 1 preceding and current row) from t",
        "select sum(a) over (order by b rows between 1 preceding and current row) from t",
    ),
    "range unbounded": (
        "select sum(a) over (order by b range unbounded preceding) from t",
        "select sum(a) over (order by b rows unbounded preceding) from t",
    ),
    "groups between": (
        "select sum(a) over (order by b groups between 1 preceding and current row) from t",
        "select groups from t where a between 1 and 2",
    ),
    "delete from": ("delete from t where a = 1", "select a as delete_from from t"),
    "natural join": ("select * from t natural join u", "select * from t inner join u on t.a = u.a"),
    "asof join": ("select * from t asof join u on t.a >= u.a", "select * from t inner join u on t.a >= u.a"),
    "positional join": ("select * from t positional join u", "select * from t cross join u"),
}


def found(sql: str, dialect: str = "duckdb", *, may_use_regexp: bool = False) -> list[str]:
    return [words for _, words, _ in breaches(sql, dialect, may_use_regexp=may_use_regexp)]


def test_every_phrase_has_an_example() -> None:
    assert EXAMPLES.keys() == PHRASES.keys()


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_refused_and_its_replacement_is_not(phrase: str) -> None:
    refused, accepted = EXAMPLES[phrase]
    assert phrase in found(refused.upper())
    assert found(accepted) == []


WHOLE = "cast(a as {type}) {sign} cast(count(*) as {type})"
TYPES = {"duckdb": "hugeint", "redshift": "bigint"}


@pytest.mark.parametrize(("dialect", "sign"), [("duckdb", "//"), ("redshift", "/")])
def test_whole_numbers_are_divided_by_the_sign_of_the_dialect(dialect: str, sign: str) -> None:
    assert found(f"select ({WHOLE.format(sign=sign, type=TYPES[dialect])}) from t", dialect) == []


def test_duckdb_may_divide_bigints_too() -> None:
    assert found(f"select ({WHOLE.format(sign='//', type='bigint')}) from t", "duckdb") == []


@pytest.mark.parametrize(("dialect", "sign"), [("duckdb", "/"), ("redshift", "//")])
def test_the_sign_of_the_other_dialect_is_refused(dialect: str, sign: str) -> None:
    assert found(f"select {WHOLE.format(sign=sign, type=TYPES[dialect])} from t", dialect) == [sign]


@pytest.mark.parametrize(
    "division",
    [
        "a / b",
        "cast(a as bigint) / b",
        "a / cast(b as bigint)",
        "sum(a) / cast(b as bigint)",
        "cast(a as decimal(18, 2)) / cast(b as bigint)",
        "cast(a as bigint) / cast(b as decimal(18, 2))",
        "cast(a as bigint) / (cast(b as bigint))",
        "coalesce(cast(a as bigint)) / cast(b as bigint)",
    ],
)
def test_division_of_anything_else_is_refused(division: str) -> None:
    assert found(f"select {division} from t", "redshift") == ["/"]


@pytest.mark.parametrize(
    "window",
    [
        "sum(a) over (partition by b)",
        "sum(a) over (order by b rows unbounded preceding)",
        "row_number() over (partition by b order by c)",
        "lag(a, 1) over (order by b)",
        "max(a) over (partition by (select 1 order by 1))",
    ],
)
def test_windows_that_both_engines_read_alike_are_accepted(window: str) -> None:
    assert found(f"select {window} from t") == []


@pytest.mark.parametrize("call", ["sum(a)", "count(*)", "last_value(coalesce(a, 0))"])
def test_an_ordered_aggregate_must_say_which_rows_it_takes(call: str) -> None:
    name = call.split("(")[0]
    assert found(f"select {call} over (partition by b order by c) from t") == [
        f"{name}(…) over (… order by …)"
    ]


def test_the_widest_whole_number_is_refused_where_the_engine_has_none() -> None:
    sql = "select cast(a as hugeint) from t"
    assert found(sql, "duckdb") == []
    assert found(sql, "redshift") == ["hugeint"]


def test_a_named_window_is_refused() -> None:
    assert found("select sum(a) over w from t window w as (partition by b)") == ["over w"]


def test_replacing_by_pattern_is_for_cleaning_alone() -> None:
    sql = "select regexp_replace(a, 'x', 'y') from t"
    assert found(sql) == ["regexp_replace"]
    assert found(sql, may_use_regexp=True) == []


def test_comments_and_quotes_are_not_read_and_lines_are_counted() -> None:
    sql = "-- now()\nselect 'it''s now()', \"now()\", /* now()\n */ a\nfrom t\nwhere b = now()"
    assert [(line, words) for line, words, _ in breaches(sql, "duckdb")] == [(5, "now (")]


def node(name: str, compiled: str | None, *, package: str = "shop", **more: object) -> dict[str, object]:
    return {
        "name": name,
        "package_name": package,
        "resource_type": "model",
        "original_file_path": f"models/{name}.sql",
        "fqn": ["shop", "marts", name],
        "raw_code": "{{ some_macro() }}",
        "compiled_code": compiled,
        **more,
    }


def checked(folder: Path, *nodes: dict[str, object]) -> list[str]:
    manifest = {
        "metadata": {"project_name": "shop"},
        "nodes": {str(index): n for index, n in enumerate(nodes)},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return [str(finding) for finding in check_dialect(folder, "redshift")]


def test_a_finding_names_file_line_words_and_replacement(tmp_path: Path) -> None:
    assert checked(tmp_path, node("sales", "select\n    nvl(a, 0)\nfrom t")) == [
        "models/sales.sql (sales, compiled):2: 'nvl (' must not stand here: "
        "DuckDB does not know it: write coalesce, case, length or a macro in macros/cross_db"
    ]


def test_a_model_that_was_not_compiled_is_found(tmp_path: Path) -> None:
    assert checked(tmp_path, node("sales", None)) == [
        "models/sales.sql (sales, compiled): it has not been compiled; `dbt compile` does"
    ]


def test_tests_are_checked_and_seeds_and_other_packages_are_not(tmp_path: Path) -> None:
    bad = "select now()"
    findings = checked(
        tmp_path,
        node("a_test", bad, resource_type="test", test_metadata={"namespace": None}),
        node("a_seed", None, resource_type="seed"),
        node("elsewhere", bad, package="dbt_utils"),
    )
    assert [finding.split(":")[0] for finding in findings] == ["models/a_test.sql (a_test, compiled)"]


def test_macros_may_use_patterns_where_text_is_cleaned_and_so_may_packaged_tests(tmp_path: Path) -> None:
    sql = "select regexp_replace(a, 'x', 'y') from t"
    expectation = {"namespace": "dbt_expectations"}
    accepted = [
        node("stg", sql, fqn=["shop", "staging", "stg"]),
        node("reconciles", sql, resource_type="test"),
        node("matches", sql, resource_type="test", test_metadata=expectation),
    ]
    refused = [
        node("mart", sql),
        node("written_out", sql, fqn=["shop", "staging", "written_out"], raw_code=sql),
        node("expression", sql, resource_type="test", test_metadata={"namespace": "dbt_utils"}),
    ]
    names = [finding.split(" ")[0] for finding in checked(tmp_path, *accepted, *refused)]
    assert names == ["models/mart.sql", "models/written_out.sql", "models/expression.sql"]


def test_a_folder_without_artifacts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="dbt compile"):
        check_dialect(tmp_path, "duckdb")
