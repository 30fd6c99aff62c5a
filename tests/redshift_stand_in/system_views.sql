-- Redshift's system tables and views, as far as dbt-redshift and the loader read them.
-- The rewriter puts `rs.` in front of every name that is created here as a view.

create table rs.loads (
    query_id bigint primary key, session_id integer, table_id integer, table_name text, data_source text, status text,
    start_time timestamp, end_time timestamp, loaded_rows bigint, source_file_count bigint, error_count bigint
);

create table rs.load_errors (
    query_id bigint, file_name text, line_number bigint, column_name text, column_type text, column_length text,
    position integer, error_code integer, error_message text, raw_field_value text
);

create view rs.sys_load_history as
select
    100 as user_id, query_id, query_id as transaction_id, session_id, current_database()::text as database_name, status,
    table_name, start_time, end_time, (extract(epoch from end_time - start_time) * 1000000)::bigint as duration, data_source,
    'csv' as file_format, loaded_rows, null::bigint as loaded_bytes, source_file_count, error_count
from rs.loads;

create view rs.sys_load_error_detail as
select
    100 as user_id, query_id, query_id as transaction_id, session_id, current_database()::character(64) as database_name,
    table_id, start_time, file_name::character(256), line_number, column_name::character(127), column_type::character(10),
    column_length::character(10), position, error_code, error_message::character(512)
from rs.load_errors
inner join rs.loads using (query_id);

create view rs.stl_load_errors as
select
    100 as userid, 0 as slice, table_id as tbl, start_time as starttime, session_id as session, query_id as query,
    file_name::character(256) as filename, line_number, column_name::character(127) as colname,
    column_type::character(10) as type, column_length::character(10) as col_length, position, ''::character(1024) as raw_line,
    raw_field_value::character(1024), error_code as err_code, error_message::character(100) as err_reason
from rs.load_errors
inner join rs.loads using (query_id);

create view rs.sys_query_detail as
select query_id, table_id, 'insert' as step_name, start_time, end_time
from rs.loads;

-- -1 until the session has run a COPY; the session keeps both in settings of its own.
create function rs.pg_last_copy_id() returns bigint language sql stable
return coalesce(nullif(current_setting('rs.last_copy_id', true), ''), '-1')::bigint;

create function rs.pg_last_copy_count() returns bigint language sql stable
return coalesce(nullif(current_setting('rs.last_copy_count', true), ''), '0')::bigint;

create function rs.pg_last_unload_count() returns bigint language sql stable
return coalesce(nullif(current_setting('rs.last_unload_count', true), ''), '0')::bigint;

create function rs.pg_last_query_id() returns bigint language sql stable
return rs.pg_last_copy_id();

create view rs.stv_db_isolation_level as
select oid::integer as db_id, datname::character(128) as db_name, 'Snapshot Isolation'::character(20) as isolation_level
from pg_catalog.pg_database;

-- The columns of late-binding views are found by a function of their own, and not here.
create view rs.pg_attribute as
select attrelid, attname, atttypid, attlen, attnum, atttypmod, attnotnull, atthasdef, attisdropped
from pg_catalog.pg_attribute
where attrelid not in (select view_id from rs.late_binding_views);

create view rs.columns as
select *
from information_schema.columns
where (quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass not in (select view_id from rs.late_binding_views);

create function rs.pg_get_late_binding_view_cols() returns setof record language sql stable as $$
    select nspname, relname, attname, format_type(atttypid, atttypmod)::varchar, attnum::integer
    from rs.late_binding_views
    inner join pg_catalog.pg_class on pg_class.oid = view_id
    inner join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
    inner join pg_catalog.pg_attribute on attrelid = view_id and attnum > 0
$$;

create view rs.svv_table_info as
select
    current_database()::text as "database",
    nspname::text as "schema",
    pg_class.oid as table_id,
    relname::text as "table",
    'Y'::text as encoded,
    'AUTO(EVEN)'::text as diststyle,
    null::text as sortkey1,
    (
        select max(atttypmod - 4) from pg_catalog.pg_attribute
        where attrelid = pg_class.oid and atttypid = 'varchar'::regtype and attnum > 0
    ) as max_varchar,
    null::text as sortkey1_enc,
    0 as sortkey_num,
    (pg_relation_size(pg_class.oid) / 1048576 + 1) as size,
    0::numeric(10, 4) as pct_used,
    0::bigint as empty,
    null::numeric(5, 2) as unsorted,
    0::numeric(5, 2) as stats_off,
    greatest(reltuples, 0)::numeric(38, 0) as tbl_rows,
    null::numeric(19, 2) as skew_sortkey1,
    null::numeric(19, 2) as skew_rows
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
where relkind = 'r' and relpersistence = 'p' and nspname !~ '^(pg_|rs$|information_schema$)';

create view rs.svv_relation_privileges as
select
    nspname::text as namespace_name,
    relname::text as relation_name,
    privilege.privilege_type,
    coalesce(rolname, 'public')::text as identity_name,
    case when rolname is null then 'public' when rolcanlogin then 'user' else 'role' end as identity_type
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
cross join aclexplode(relacl) as privilege
left join pg_catalog.pg_roles on pg_roles.oid = privilege.grantee;

create view rs.svv_external_columns as
select
    null::text as schemaname, null::text as tablename, null::text as columnname, null::text as external_type,
    null::integer as columnnum
where false;

create view rs.svv_mv_info as
select null::text as database_name, null::text as schema_name, null::text as name, null::text as autorefresh
where false;

grant select on all tables in schema rs to public;
