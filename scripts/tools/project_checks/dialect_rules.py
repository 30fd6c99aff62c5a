"""What compiled SQL must not contain, as DuckDB and Redshift read it differently, or one not at all.

Most rules are a phrase: words and signs separated by spaces; ``*`` inside a word stands for any letters. The
rest, which must look further than the next few words, are functions.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from tools.project_checks.sql_tokens import Token, closing, opening

Breach = tuple[int, str, str]
"""Line in the compiled SQL, the words found there, and what to write instead."""

MACRO_DIVISION = "write {{ integer_divide(a, b) }} or a macro built on it"
NAMED_TYPE = "give the type its length or precision: varchar(n), decimal(p, s)"
NO_CLOCK = "a model reads no clock and no chance: take the date from int_as_of_date"
NO_DOUBLE = "write decimal(p, s): a double is a cent off sooner or later"
ONE_CTE_MORE = "number the rows with row_number() in one CTE and filter in the next"
REDSHIFT_ONLY = "DuckDB does not know it: write coalesce, case, length or a macro in macros/cross_db"
NO_LISTS = "Redshift has no lists: write rows and join them"
TEXT_JOIN = "write a macro in macros/cross_db: each engine has its own name for it"
PLAIN_TYPE = "write bigint or boolean: Redshift does not know this type"

PHRASES: dict[str, str] = {
    "filter (": "write sum(case when … then … end)",
    "distinct on": ONE_CTE_MORE,
    "qualify": ONE_CTE_MORE,
    "group by all": "name the columns",
    "order by all": "name the columns",
    "* exclude": "name the columns",
    "* replace": "name the columns",
    "* rename": "name the columns",
    "columns (": "name the columns",
    "generate_series (": "on Redshift it fails beside tables: join day_numbers(), as dim_dates does",
    "range (": "on Redshift it fails beside tables: join day_numbers(), as dim_dates does",
    "values (": "write select … union all select …, or a seed",
    "avg (": "on Redshift it cuts whole numbers: write {{ average(sum, count) }}",
    "::": "write cast(… as …)",
    "as varchar )": NAMED_TYPE,
    "as character varying )": NAMED_TYPE,
    "as char )": NAMED_TYPE,
    "as text": NAMED_TYPE,
    "as string": NAMED_TYPE,
    "as decimal )": NAMED_TYPE,
    "as numeric )": NAMED_TYPE,
    "float": NO_DOUBLE,
    "float4": NO_DOUBLE,
    "float8": NO_DOUBLE,
    "real": NO_DOUBLE,
    "double": NO_DOUBLE,
    "tinyint": PLAIN_TYPE,
    "utinyint": PLAIN_TYPE,
    "usmallint": PLAIN_TYPE,
    "uinteger": PLAIN_TYPE,
    "ubigint": PLAIN_TYPE,
    "uhugeint": PLAIN_TYPE,
    "interval": "write {{ add_months(…) }}, or date + n for days",
    "current_timestamp": NO_CLOCK,
    "current_date": NO_CLOCK,
    "current_time": NO_CLOCK,
    "localtimestamp": NO_CLOCK,
    "sysdate": NO_CLOCK,
    "now (": NO_CLOCK,
    "getdate (": NO_CLOCK,
    "today (": NO_CLOCK,
    "random (": NO_CLOCK,
    "uuid (": NO_CLOCK,
    "gen_random_uuid (": NO_CLOCK,
    "ignore nulls": "carry a value forward with max() over row numbers",
    "respect nulls": "leave it out",
    "median (": "PostgreSQL has none: number the rows and average the middle two",
    "percentile_cont (": "it gives a double: number the rows and average the middle two",
    "percentile_disc (": "number the rows and take the one in the middle",
    "quantile* (": "number the rows and take the one in the middle",
    "ilike": "write lower(…) like …",
    "similar to": "write like, or a macro in macros/cross_db",
    "~": "write like, or a macro in macros/cross_db",
    "!~": "write not like, or a macro in macros/cross_db",
    "~*": "write lower(…) like …",
    "!~*": "write lower(…) not like …",
    "distinct from": "write (a <> b or (a is null) <> (b is null))",
    "lateral": "write a join to a CTE",
    "recursive": "write a join to dim_dates",
    "bool_or (": "write max(case when … then 1 else 0 end) = 1",
    "bool_and (": "write min(case when … then 1 else 0 end) = 1",
    "every (": "write min(case when … then 1 else 0 end) = 1",
    "string_agg (": TEXT_JOIN,
    "listagg (": TEXT_JOIN,
    "group_concat (": TEXT_JOIN,
    "array [": NO_LISTS,
    "array*_* (": NO_LISTS,
    "list (": NO_LISTS,
    "list_* (": NO_LISTS,
    "unnest (": NO_LISTS,
    "[": NO_LISTS,
    "{": "Redshift has no structs: write columns",
    "->": "Redshift has no lambdas and no JSON signs: write columns",
    "->>": "Redshift has no lambdas and no JSON signs: write columns",
    "==": "write =",
    "**": "write a product",
    "try_cast (": "the loader has checked the value: write cast",
    "concat (": "null makes it null on Redshift and not on DuckDB: write coalesce(a, '') || coalesce(b, '')",
    "concat_ws (": "write coalesce(a, '') || coalesce(b, '')",
    "nvl (": REDSHIFT_ONLY,
    "nvl2 (": REDSHIFT_ONLY,
    "decode (": REDSHIFT_ONLY,
    "len (": REDSHIFT_ONLY,
    "charindex (": REDSHIFT_ONLY,
    "to_char (": REDSHIFT_ONLY,
    "to_date (": REDSHIFT_ONLY,
    "initcap (": REDSHIFT_ONLY,
    "btrim (": REDSHIFT_ONLY,
    "months_between (": REDSHIFT_ONLY,
    "add_months (": REDSHIFT_ONLY,
    "ratio_to_report (": REDSHIFT_ONLY,
    "approximate count": "write count(distinct …)",
    "approx_* (": "write count(distinct …)",
    "range between": "Redshift frames count rows: write rows between … and …",
    "range unbounded": "Redshift frames count rows: write rows between … and …",
    "groups between": "Redshift frames count rows: write rows between … and …",
    "delete from": "a model only selects",
    "natural join": "name the columns in on",
    "asof join": "join on the latest row, numbered in a CTE",
    "positional join": "join on a column",
}
PATTERNS = {phrase: (phrase.split(" "), advice) for phrase, advice in PHRASES.items()}

REGEXP_PHRASE, REGEXP_ADVICE = (
    "regexp_*",
    "write like; patterns are for the cleaning macros, in staging and in integrity tests",
)

WIDE = "hugeint"
# The sign that divides whole numbers, and the types, token by token, between which it does.
DIVISIONS = {
    "duckdb": ("//", ((WIDE,), ("bigint",))),
    "redshift": ("/", (("bigint",), ("decimal", "(", "38", ",", "0", ")"))),
}

RANKING = {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead"}
FRAME = "Redshift refuses it: add rows between unbounded preceding and current row"
NO_WINDOW_NAMES = "Redshift has no named windows: write the window out"


def phrase_breaches(tokens: Sequence[Token]) -> Iterator[Breach]:
    """Yield each occurrence of one of the phrases."""
    for index, token in enumerate(tokens):
        for phrase, (words, advice) in PATTERNS.items():
            found = tokens[index : index + len(words)]
            if len(found) == len(words) and all(map(_matches, found, words)):
                yield token.line, phrase, advice


def regexp_breaches(tokens: Sequence[Token]) -> Iterator[Breach]:
    """Yield each call of a function whose name begins with regexp."""
    for token in tokens:
        if fnmatchcase(token.text, REGEXP_PHRASE):
            yield token.line, token.text, REGEXP_ADVICE


def division_breaches(tokens: Sequence[Token], dialect: str) -> Iterator[Breach]:
    """Yield each division except integer_divide's: its sign between two whole numbers cast to one type."""
    sign, types = DIVISIONS[dialect]
    for index, token in enumerate(tokens):
        if token.text not in ("/", "//"):
            continue
        if token.text != sign or not any(_stands_between(whole, tokens, index) for whole in types):
            yield token.line, token.text, MACRO_DIVISION


def wide_type_breaches(tokens: Sequence[Token], dialect: str) -> Iterator[Breach]:
    """Yield each hugeint where the engine has none; on DuckDB the macros may use it."""
    for token in tokens:
        if token.text == WIDE and (WIDE,) not in DIVISIONS[dialect][1]:
            yield token.line, WIDE, PLAIN_TYPE


def window_breaches(tokens: Sequence[Token]) -> Iterator[Breach]:
    """Yield each named window, and each ordered aggregate window that does not say which rows it takes."""
    for index, token in enumerate(tokens[:-1]):
        if token.text != "over":
            continue
        if tokens[index + 1].text != "(":
            yield token.line, f"over {tokens[index + 1].text}", NO_WINDOW_NAMES
        elif _called(tokens, index - 1) not in RANKING and _lacks_frame(tokens, index + 1):
            yield token.line, f"{_called(tokens, index - 1)}(…) over (… order by …)", FRAME


def _matches(token: Token, word: str) -> bool:
    # A sign such as * or [ means itself; only in words does * stand for other letters.
    return token.text == word or (word[0].isalpha() and "*" in word and fnmatchcase(token.text, word))


def _stands_between(whole: Sequence[str], tokens: Sequence[Token], index: int) -> bool:
    if index == 0 or index + 2 >= len(tokens):
        return False
    left = range(opening(tokens, index - 1), index) if tokens[index - 1].text == ")" else range(0)
    right = range(index + 2, closing(tokens, index + 2) + 1) if tokens[index + 2].text == "(" else range(0)
    return _is_cast_to(whole, tokens, left) and _is_cast_to(whole, tokens, right)


def _is_cast_to(whole: Sequence[str], tokens: Sequence[Token], parentheses: range) -> bool:
    if len(parentheses) < 4 or parentheses.start < 1:
        return False
    inside = [tokens[index].text for index in parentheses if index < len(tokens)]
    return tokens[parentheses.start - 1].text == "cast" and inside[-len(whole) - 2 :] == ["as", *whole, ")"]


def _called(tokens: Sequence[Token], closing_at: int) -> str:
    """Return the name of the function whose call ends here."""
    return tokens[opening(tokens, closing_at) - 1].text


def _lacks_frame(tokens: Sequence[Token], opening_at: int) -> bool:
    depth, words = 0, []
    for token in tokens[opening_at : closing(tokens, opening_at)]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 1:
            words.append(token.text)
    return "order" in words and "rows" not in words
