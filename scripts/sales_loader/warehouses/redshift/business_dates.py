"""Business dates of rows on Redshift, computed by Redshift itself."""

from sales_loader.settings.business_calendar import BusinessCalendar

_DATES = """
    select distinct
        cast(dateadd(hour, -{start_hour}, convert_timezone('UTC', {timezone}, creation_time_utc)) as date)
            as value
    from {source}
    {join}
    where {condition}"""
_JOIN = "left join ({locations}) as locations on {table}.restaurant_id = locations.location_id"


def business_dates_sql(calendar: BusinessCalendar, source: str, condition: str) -> str:
    """SQL of the business dates of some order lines, each once.

    Args:
        calendar: time zones and the hour at which a business day begins.
        source: table with columns restaurant_id and creation_time_utc.
        condition: SQL that picks the rows.
    """
    default = _literal(calendar.default_timezone)
    if not calendar.timezones:
        return _DATES.format(
            start_hour=calendar.start_hour, timezone=default, source=source, join="", condition=condition
        )
    locations = " union all ".join(
        f"select cast({_literal(location_id)} as varchar(64)) as location_id, "
        f"cast({_literal(timezone)} as varchar(64)) as timezone"
        for location_id, timezone in calendar.timezones.items()
    )
    return _DATES.format(
        start_hour=calendar.start_hour,
        timezone=f"coalesce(locations.timezone, {default})",
        source=source,
        join=_JOIN.format(locations=locations, table=source.rpartition(".")[2]),
        condition=condition,
    )


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
