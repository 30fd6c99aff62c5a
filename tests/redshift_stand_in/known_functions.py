"""Which functions Redshift has, so that what only PostgreSQL has does not pass."""

from . import shadow_functions, system_views


def _names(*lists: str) -> frozenset[str]:
    return frozenset(name for names in lists for name in names.split())


_AGGREGATES = """
    any_value bit_and bit_or bool_and bool_or count max min percentile_cont percentile_disc stddev stddev_pop
    stddev_samp var_pop var_samp variance
"""
_RANKING = "cume_dist dense_rank lag lead ntile percent_rank rank row_number"
_WINDOW = "first_value last_value nth_value"
_CONDITIONS = "coalesce greatest least nullif"
_TEXT = """
    ascii btrim chr initcap left lower lpad ltrim md5 octet_length quote_ident quote_literal regexp_instr
    repeat replace reverse right rpad rtrim strpos substr substring to_hex translate trim upper
"""
_NUMBERS = """
    abs acos asin atan atan2 cbrt ceil ceiling cos cot degrees exp floor ln log mod pi pow power radians
    random sign sin sqrt tan
"""
_DATES = "to_char to_date to_number to_timestamp timezone"
_SYSTEM = "current_database format_type pg_backend_pid pg_cancel_backend pg_terminate_backend version"
_REWRITTEN = "char_length character_length decode isnull length listagg nvl nvl2 replicate textlen"
_LEADER_ONLY = """
    age current_schema current_schemas current_setting generate_series has_database_privilege
    has_schema_privilege has_table_privilege now pg_get_late_binding_view_cols set_config
"""
# Made for the stand-in's own use.
_PRIVATE = """
    add_to_average apply_table_rules create_late_binding_view datepart is_type join_text middle refuse
    regexp_flags text_of_boolean too_long unknown_week whole_average
"""

RANKING = _names(_RANKING)
"""Window functions that take no frame."""
LEADER_ONLY = _names(_LEADER_ONLY)
"""Functions that run on the leader node alone: beside a table of the user's they fail."""
KNOWN = (
    _names(_AGGREGATES, _RANKING, _WINDOW, _CONDITIONS, _TEXT, _NUMBERS, _DATES, _SYSTEM, _REWRITTEN)
    | LEADER_ONLY
    | shadow_functions.SHADOWED
    | system_views.SYSTEM_FUNCTIONS
) - _names(_PRIVATE)
"""All functions that may be called."""
