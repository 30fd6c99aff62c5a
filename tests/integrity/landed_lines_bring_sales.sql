{{ config(severity='warn') }}

with
counts as (
    select
        (select count(*) from {{ ref('int_current_order_lines') }}) as landed_lines,
        (select count(*) from {{ ref('fct_order_lines') }}) as sales_lines
),

final as (
    select *
    from counts
    where
        landed_lines > 0
        and sales_lines = 0
)

select * from final
