{% set most = 100 * var('expected_value_max_order_weight') %}

with
priors as (
    select * from {{ ref('int_expected_value_priors') }}
),

spreads as (
    select * from {{ ref('int_expected_value_order_value_spreads') }}
    where
        customer_count > 1
        and order_count > customer_count
),

squares as (
    select
        run_as_of,
        {{ millionths('(squared_distance - squared_distance_of_customers)', '(order_count - customer_count)') }}
            as mean_square_within,
        squared_distance_of_customers - {{ half_up('distance * distance', 'order_count') }} as between_customers,
        customer_count - 1 as degrees_between,
        order_count * order_count - squared_order_count as size_dividend,
        order_count * (customer_count - 1) as size_divisor
    from spreads
),

mean_squares as (
    select
        run_as_of,
        mean_square_within,
        {{ millionths('greatest(between_customers, 0)', 'degrees_between') }} as mean_square_between,
        {{ millionths('size_dividend', 'size_divisor') }} as group_size
    from squares
),

variances as (
    select
        run_as_of,
        mean_square_within as variance_within,
        {{ millionths('(mean_square_between - mean_square_within)', 'group_size') }} as variance_between
    from mean_squares
    where mean_square_between > mean_square_within
),

final as (
    select
        priors.run_as_of,
        priors.mean_order_cents,
        least({{ most }}, coalesce(
            case
                when variances.variance_between > 0
                    then {{ half_up('100 * variances.variance_within', 'variances.variance_between') }}
            end, {{ most }}
        )) as order_weight
    from priors
    left join variances
        on priors.run_as_of = variances.run_as_of
)

select * from final
