{% snapshot customer_status_snapshot %}

{% set statuses = {
    'clv_tier': 'lifetimes', 'rfm_segment': 'segments', 'churn_status': 'churn_indicators',
    'is_loyalty_member': 'customers'
} %}

{{ config(
    schema='snapshots',
    unique_key='customer_id',
    strategy='check',
    check_cols=statuses.keys() | list,
    updated_at='observed_at'
) }}

{% set observed_before = execute and flags.INTROSPECT and load_cached_relation(this) is not none %}

with
lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

segments as (
    select * from {{ ref('customer_segments') }}
),

churn_indicators as (
    select * from {{ ref('customer_churn_indicators') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

final as (
    select
        lifetimes.customer_id,
        cast(lifetimes.as_of_date as timestamp) as observed_at,
        lifetimes.clv_tier,
        segments.rfm_segment,
        churn_indicators.churn_status,
        customers.is_loyalty_member
    from lifetimes
    inner join segments
        on lifetimes.customer_id = segments.customer_id
    inner join churn_indicators
        on lifetimes.customer_id = churn_indicators.customer_id
    inner join customers
        on lifetimes.customer_id = customers.customer_id
    {% if observed_before -%}
        left join {{ this }} as observed
            on
                lifetimes.customer_id = observed.customer_id
                and observed.dbt_valid_to is null
        where
            -- A run for a past day must not write over what was observed since.
            lifetimes.as_of_date >= (select max(cast(dbt_valid_from as date)) from {{ this }})
            -- dbt compares all that it is given several times over.
            and (
                observed.customer_id is null
                {% for status, source in statuses.items() -%}
                or observed.{{ status }} <> {{ source }}.{{ status }}
                {% endfor %}
            )
    {%- endif %}
)

select * from final

{% endsnapshot %}
