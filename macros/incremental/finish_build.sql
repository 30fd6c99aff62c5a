{#
    After the last model that keeps its rows, in its transaction: remembers what the orders of this run rest on now, so
    that the next run begins from here. A run of some models only leaves it to the next whole one, a run that waits for
    publication to publish().
    in:  post_hook='{{ finish_build() }}'     out: the statements that advance order_loads and build_status
#}
{% macro finish_build() %}
    {%- if execute and not var('awaits_publication') and not incremental_models().all | reject('in', selected_resources) | list -%}
        {{ finishing_statements() }}
    {%- endif -%}
{% endmacro %}

{% macro finishing_statements() %}
    delete from {{ intermediate_table('state_order_loads') }}
    where order_id in (select order_id from {{ intermediate_table('int_touched_orders') }});
    insert into {{ intermediate_table('state_order_loads') }}
    select order_id, load_id, business_date, customer_id, ordered_at_utc from {{ intermediate_table('int_order_loads') }};
    update {{ intermediate_table('state_build_status') }}
    set
        is_finished = true,
        is_anew = false,
        as_of_date = (select as_of_date from {{ intermediate_table('int_as_of_date') }}),
        last_load_id = (select last_load_id from {{ intermediate_table('state_loads_seen') }})
{% endmacro %}
