-- What Redshift enforces on tables and PostgreSQL does not, and views that do not depend on what they read.

create function rs.is_type(type_name text) returns boolean language sql immutable
return type_name in (
    'smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean', 'character', 'character varying', 'text',
    'date', 'timestamp without time zone', 'timestamp with time zone', 'time without time zone', 'time with time zone'
);

-- Runs after each command that makes or changes a table. Refuses a column of a type that Redshift lacks, which only
-- `create table as` can bring here; gives text the length that Redshift's longest varchar has; and lets varchar(n)
-- hold n bytes where PostgreSQL counts characters.
create function rs.apply_table_rules() returns event_trigger language plpgsql as $$
declare
    changed record;
    columns record;
begin
    for changed in
        select distinct command.objid, command.object_identity
        from pg_event_trigger_ddl_commands() as command
        where command.object_type = 'table' and command.schema_name <> 'rs'
    loop
        for columns in
            select attname, format_type(atttypid, null) as type_name from pg_catalog.pg_attribute
            where attrelid = changed.objid and attnum > 0 and not attisdropped
                and not rs.is_type(format_type(atttypid, null))
        loop
            perform rs.refuse(
                '0A000', format('Column "%s" has unsupported type "%s".', columns.attname, columns.type_name), changed.object_identity
            );
        end loop;

        for columns in
            select string_agg(format('alter column %I type varchar(65535)', attname), ', ') as changes from pg_catalog.pg_attribute
            where attrelid = changed.objid and attnum > 0 and not attisdropped
                and atttypid in ('text'::regtype, 'varchar'::regtype) and atttypmod < 0
            having count(*) > 0
        loop
            execute format('alter table %s %s', changed.object_identity, columns.changes);
        end loop;

        for columns in
            with limits as (
                select
                    attname,
                    atttypmod - 4 as bytes,
                    format('rs_bytes_%s_', attnum) as prefix,
                    format('rs_bytes_%s_%s', attnum, atttypmod - 4) as name
                from pg_catalog.pg_attribute
                where attrelid = changed.objid and attnum > 0 and not attisdropped and atttypid = 'varchar'::regtype and atttypmod > 0
            ),
            changes as (
                select format('drop constraint %I', conname) as change from limits
                inner join pg_catalog.pg_constraint on conrelid = changed.objid and starts_with(conname, prefix) and conname <> name
                union all
                select format('add constraint %I check (octet_length(%I) > %s is not true or rs.too_long(%s))', name, attname, bytes, bytes)
                from limits
                where not exists (select from pg_catalog.pg_constraint where conrelid = changed.objid and conname = name)
            )
            select string_agg(change, ', ') as changes from changes having count(*) > 0
        loop
            execute format('alter table %s %s', changed.object_identity, columns.changes);
        end loop;
    end loop;
end
$$;

create event trigger apply_table_rules on ddl_command_end
when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE') execute function rs.apply_table_rules();

-- A late-binding view: its query is the text of a function, which PostgreSQL reads when the view is read. So the view
-- stays when a table that it reads is dropped, and reads the one that has the name then.
create schema rs_views;
grant usage, create on schema rs_views to public;
create sequence rs.view_numbers;
grant usage on sequence rs.view_numbers to public;

create function rs.create_late_binding_view(schema_name text, view_name text, query text, replaces boolean)
returns void language plpgsql as $$
declare
    function_name text := format('rs_views.query_%s', nextval('rs.view_numbers'));
    results text;
    casts text;
begin
    execute 'create temporary view rs_probe as ' || query;
    select
        string_agg(format('%I %s', attname, format_type(atttypid, null)), ', ' order by attnum),
        string_agg(format('%I::%s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
    into results, casts
    from pg_catalog.pg_attribute
    where attrelid = 'rs_probe'::regclass and attnum > 0;
    drop view rs_probe;
    execute format(
        'create function %s() returns table (%s) language plpgsql as %L',
        function_name, results, format('begin return query execute %L; end', query)
    );
    execute format(
        'create %s view %s%I as select %s from %s()',
        case when replaces then 'or replace' end, quote_ident(nullif(schema_name, '')) || '.', view_name, casts, function_name
    );
end
$$;

create view rs.late_binding_views as
select distinct pg_rewrite.ev_class as view_id
from pg_catalog.pg_rewrite
inner join pg_catalog.pg_depend on pg_depend.objid = pg_rewrite.oid and pg_depend.refclassid = 'pg_proc'::regclass
inner join pg_catalog.pg_proc on pg_depend.refobjid = pg_proc.oid
inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid and pg_namespace.nspname = 'rs_views';
