-- Redshift's functions whose meaning or type differs from PostgreSQL's, or which PostgreSQL lacks.
-- The rewriter puts `rs.` in front of every call of a name that is created here, so all overloads of a name stand here.

create schema rs;
grant usage on schema rs to public;

-- How the stand-in makes PostgreSQL raise one of Redshift's errors, so that the transaction is aborted as it would be there.
create function rs.refuse(code text, message text, explanation text) returns void language plpgsql as $$
begin
    raise exception using errcode = code, message = message, detail = explanation;
end
$$;

-- Volatile, or PostgreSQL would call it while it plans.
create function rs.too_long(bytes integer) returns boolean language plpgsql volatile as $$
begin
    raise exception using errcode = '22001', message = format('value too long for type character varying(%s)', bytes);
end
$$;

-- Dates and times: always without time zone, and in UTC.
create function rs.getdate() returns timestamp language sql stable
return date_trunc('second', statement_timestamp() at time zone 'UTC');

create function rs.sysdate() returns timestamp language sql stable
return transaction_timestamp() at time zone 'UTC';

create function rs.datepart(name text) returns text language plpgsql immutable as $$
declare
    unit text := case
        when lower(name) in ('year', 'years', 'y', 'yr', 'yrs') then 'year'
        when lower(name) in ('quarter', 'quarters', 'qtr', 'qtrs') then 'quarter'
        when lower(name) in ('month', 'months', 'mon', 'mons') then 'month'
        when lower(name) in ('week', 'weeks', 'w') then 'week'
        when lower(name) in ('day', 'days', 'd') then 'day'
        when lower(name) in ('hour', 'hours', 'h', 'hr', 'hrs') then 'hour'
        when lower(name) in ('minute', 'minutes', 'm', 'min', 'mins') then 'minute'
        when lower(name) in ('second', 'seconds', 's', 'sec', 'secs') then 'second'
        when lower(name) in ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs') then 'millisecond'
        when lower(name) in ('microsecond', 'microseconds', 'us', 'usec', 'usecs') then 'microsecond'
    end;
begin
    if unit is null then
        raise exception using errcode = '22023', message = format('the stand-in does not know the date part "%s"', name);
    end if;
    return unit;
end
$$;

create function rs.dateadd(part text, amount bigint, moment timestamp) returns timestamp language sql immutable
return moment + amount * case rs.datepart(part)
    when 'quarter' then interval '3 months'
    when 'year' then interval '1 year'
    when 'month' then interval '1 month'
    when 'week' then interval '7 days'
    when 'day' then interval '1 day'
    when 'hour' then interval '1 hour'
    when 'minute' then interval '1 minute'
    when 'second' then interval '1 second'
    when 'millisecond' then interval '1 millisecond'
    when 'microsecond' then interval '1 microsecond'
end;

-- Counts the boundaries between two moments. Where a week begins is not documented: it is refused, not guessed.
create function rs.datediff(part text, earlier timestamp, later timestamp) returns bigint language plpgsql immutable as $$
declare
    unit text := rs.datepart(part);
    months integer := 12 * (extract(year from later) - extract(year from earlier))
        + extract(month from later) - extract(month from earlier);
begin
    return case
        when unit = 'year' then extract(year from later) - extract(year from earlier)
        when unit = 'quarter' then 4 * (extract(year from later) - extract(year from earlier))
            + extract(quarter from later) - extract(quarter from earlier)
        when unit = 'month' then months
        when unit = 'day' then later::date - earlier::date
        when unit = 'hour' then (extract(epoch from date_trunc(unit, later)) - extract(epoch from date_trunc(unit, earlier))) / 3600
        when unit = 'minute' then (extract(epoch from date_trunc(unit, later)) - extract(epoch from date_trunc(unit, earlier))) / 60
        when unit = 'second' then extract(epoch from date_trunc(unit, later)) - extract(epoch from date_trunc(unit, earlier))
        when unit = 'millisecond' then floor(extract(epoch from later) * 1000) - floor(extract(epoch from earlier) * 1000)
        when unit = 'microsecond' then (extract(epoch from later) - extract(epoch from earlier)) * 1000000
        else rs.unknown_week()
    end;
end
$$;

create function rs.unknown_week() returns bigint language plpgsql volatile as $$
begin
    raise exception using errcode = '0A000', message = 'the stand-in does not know on which day datediff begins a week';
end
$$;

create function rs.date_trunc(part text, moment timestamp) returns timestamp language sql immutable
return pg_catalog.date_trunc(part, moment);

create function rs.date_part(part text, moment timestamp) returns double precision language sql immutable
return pg_catalog.date_part(part, moment);

create function rs.convert_timezone(source text, target text, moment timestamp) returns timestamp language sql immutable
return (moment at time zone source) at time zone target;

create function rs.convert_timezone(target text, moment timestamp) returns timestamp language sql immutable
return (moment at time zone 'UTC') at time zone target;

create function rs.last_day(day timestamp) returns date language sql immutable
return (pg_catalog.date_trunc('month', day) + interval '1 month - 1 day')::date;

-- Unlike dateadd, the last day of a month stays the last day of a month.
create function rs.add_months(moment timestamp, months bigint) returns timestamp language sql immutable
return case
    when moment::date = rs.last_day(moment) then rs.last_day(moment + months * interval '1 month') + moment::time
    else moment + months * interval '1 month'
end;

create function rs.months_between(later timestamp, earlier timestamp) returns double precision language sql immutable
return rs.datediff('month', earlier, later) + case
    when extract(day from later) = extract(day from earlier) then 0
    when later::date = rs.last_day(later) and earlier::date = rs.last_day(earlier) then 0
    else (extract(epoch from later - pg_catalog.date_trunc('month', later))
        - extract(epoch from earlier - pg_catalog.date_trunc('month', earlier))) / (31 * 86400.0)
end;

-- Text.
create function rs.len(value text) returns integer language sql immutable
return char_length(value);

create function rs.charindex(part text, whole text) returns integer language sql immutable
return strpos(whole, part);

-- In PostgreSQL concat leaves nulls out.
create function rs.concat(a text, b text) returns text language sql immutable
return a || b;

create function rs.strtol(digits text, base integer) returns bigint language plpgsql immutable as $$
declare
    total bigint := 0;
    digit text;
begin
    foreach digit in array regexp_split_to_array(lower(ltrim(digits, '+-')), '') loop
        if strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) not between 1 and base then
            raise exception using errcode = '22023', message = format('The input %s is not valid to be converted to base %s', digits, base);
        end if;
        total := total * base + strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1;
    end loop;
    return case when digits like '-%' then -total else total end;
end
$$;

create function rs.sha2(value text, bits integer) returns text language sql immutable
return encode(case bits
    when 224 then sha224(convert_to(value, 'UTF8'))
    when 384 then sha384(convert_to(value, 'UTF8'))
    when 512 then sha512(convert_to(value, 'UTF8'))
    else sha256(convert_to(value, 'UTF8'))
end, 'hex');

create function rs.split_part(value text, delimiter text, part integer) returns text language plpgsql immutable as $$
begin
    if part < 1 then
        raise exception using errcode = '22023', message = 'field position must be greater than zero';
    end if;
    return pg_catalog.split_part(value, delimiter, part);
end
$$;

create function rs.regexp_flags(parameters text) returns text language plpgsql immutable as $$
begin
    if parameters !~ '^[ci]*$' then
        raise exception using errcode = '0A000',
            message = format('the stand-in does not know the regular expression parameters "%s"', parameters);
    end if;
    return parameters;
end
$$;

-- Replaces every match, and takes a position before the parameters.
create function rs.regexp_replace(
    source text, pattern text, replacement text default '', start integer default 1, parameters text default 'c'
) returns text language sql immutable
return pg_catalog.regexp_replace(source, pattern, replacement, start, 0, rs.regexp_flags(parameters));

-- Gives an empty text, not null, when nothing matches.
create function rs.regexp_substr(
    source text, pattern text, start integer default 1, occurrence integer default 1, parameters text default 'c'
) returns text language sql immutable
return case
    when source is not null and pattern is not null
        then coalesce(pg_catalog.regexp_substr(source, pattern, start, occurrence, rs.regexp_flags(parameters)), '')
end;

create function rs.regexp_count(source text, pattern text, start integer default 1, parameters text default 'c')
returns integer language sql immutable
return pg_catalog.regexp_count(source, pattern, start, rs.regexp_flags(parameters));

-- Numbers. PostgreSQL rounds a double half to even, and cannot round it to a number of places.
create function rs.round(value double precision, places integer default 0) returns double precision language sql immutable
return sign(value) * floor(abs(value) * 10::double precision ^ places + 0.5) / 10::double precision ^ places;

create function rs.round(value numeric, places integer default 0) returns numeric language sql immutable
return pg_catalog.round(value, places);

create function rs.round(value bigint, places integer default 0) returns bigint language sql immutable
return pg_catalog.round(value::numeric, places)::bigint;

create function rs.round(value integer, places integer default 0) returns integer language sql immutable
return pg_catalog.round(value::numeric, places)::integer;

create function rs.trunc(value double precision, places integer default 0) returns double precision language sql immutable
return pg_catalog.trunc(value::numeric, places)::double precision;

create function rs.trunc(value numeric, places integer default 0) returns numeric language sql immutable
return pg_catalog.trunc(value, places);

create function rs.trunc(moment timestamp) returns date language sql immutable
return moment::date;

-- Aggregates. PostgreSQL's avg of whole numbers keeps the fraction, and its sum of bigint is a numeric.
create function rs.whole_average(state bigint[]) returns bigint language sql immutable
return state[2] / nullif(state[1], 0);

create function rs.add_to_average(state numeric[], value bigint) returns numeric[] language sql immutable strict
return array[state[1] + 1, state[2] + value];

create function rs.whole_average(state numeric[]) returns bigint language sql immutable
return pg_catalog.trunc(state[2] / nullif(state[1], 0))::bigint;

create aggregate rs.avg(smallint) (sfunc = int2_avg_accum, stype = bigint[], initcond = '{0,0}', finalfunc = rs.whole_average);
create aggregate rs.avg(integer) (sfunc = int4_avg_accum, stype = bigint[], initcond = '{0,0}', finalfunc = rs.whole_average);
create aggregate rs.avg(bigint) (sfunc = rs.add_to_average, stype = numeric[], initcond = '{0,0}', finalfunc = rs.whole_average);
create aggregate rs.avg(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg);
create aggregate rs.avg(double precision) (sfunc = float8_accum, stype = float8[], initcond = '{0,0,0}', finalfunc = float8_avg);

create aggregate rs.sum(bigint) (sfunc = int8pl, stype = bigint, msfunc = int8pl, minvfunc = int8mi, mstype = bigint);
create aggregate rs.sum(integer) (sfunc = int4_sum, stype = bigint);
create aggregate rs.sum(smallint) (sfunc = int2_sum, stype = bigint);
create aggregate rs.sum(numeric) (sfunc = numeric_add, stype = numeric);
create aggregate rs.sum(double precision) (sfunc = float8pl, stype = double precision);

create function rs.middle(ordered numeric[]) returns numeric language sql immutable
return (select percentile_cont(0.5) within group (order by value)::numeric from unnest(ordered) as value);

create aggregate rs.median(numeric) (sfunc = array_append, stype = numeric[], finalfunc = rs.middle);

create function rs.join_text(so_far text, value text, delimiter text) returns text language plpgsql immutable as $$
begin
    if value is null then
        return so_far;
    end if;
    if octet_length(coalesce(so_far || delimiter, '') || value) > 65535 then
        raise exception using errcode = '54000', message = 'Result size exceeds LISTAGG limit';
    end if;
    return coalesce(so_far || delimiter, '') || value;
end
$$;

create aggregate rs.listagg(text, text) (sfunc = rs.join_text, stype = text);

-- Redshift does not cast a boolean to text. Where PostgreSQL keeps its casts, it is told to call this.
create function rs.text_of_boolean(value boolean) returns text language plpgsql volatile as $$
begin
    raise exception using errcode = '42846', message = 'cannot cast type boolean to character varying';
end
$$;

set allow_system_table_mods = on;
update pg_cast set castfunc = 'rs.text_of_boolean(boolean)'::regprocedure
where castsource = 'boolean'::regtype and casttarget in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype);
reset allow_system_table_mods;
