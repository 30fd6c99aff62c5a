-- The arithmetic of whole numbers, every quotient rounded once. Amounts are cents until they are stored.
create or replace temp macro half_up(dividend, divisor) as (2 * dividend + divisor) // (2 * divisor);

create or replace temp macro rounded(dividend, divisor) as
    case
        when divisor = 0 then null
        when (dividend < 0) = (divisor < 0) then half_up(abs(dividend), abs(divisor))
        else -half_up(abs(dividend), abs(divisor))
    end;

create or replace temp macro millionths(dividend, divisor) as
    cast(half_up(cast(dividend as hugeint) * 1000000, divisor) as bigint);

create or replace temp macro cents(amount) as cast(amount * 100 as bigint);
create or replace temp macro hundredth(whole) as cast(whole * cast(0.01 as decimal(3, 2)) as decimal(18, 2));
create or replace temp macro ten_thousandth(whole) as
    cast(whole * cast(0.0001 as decimal(5, 4)) as decimal(18, 4));
create or replace temp macro four_places(whole) as ten_thousandth(half_up(whole, 100));

create or replace temp macro average(dividend, divisor) as hundredth(rounded(dividend, divisor));
create or replace temp macro rate(part, whole) as
    ten_thousandth(rounded(cast(10000 as hugeint) * part, whole));

create or replace temp macro month_number(day) as cast(year(day) * 12 + month(day) - 1 as integer);
create or replace temp macro month_end(number) as
    last_day(make_date(cast(number // 12 as bigint), cast(number % 12 + 1 as bigint), 1));

-- With the values of all customers in order, a score rises where one, two, three and four fifths of them are
-- passed, so four values tell all scores; two tell the tiers. No customer has to be ranked for that.
create or replace temp macro fifths(amount) as quantile_disc(amount, [0.2, 0.4, 0.6, 0.8]);
create or replace temp macro score(amount, edge_1, edge_2, edge_3, edge_4) as
    1 + (amount > edge_1)::tinyint + (amount > edge_2)::tinyint
    + (amount > edge_3)::tinyint + (amount > edge_4)::tinyint;
create or replace temp macro highest_edge(amount) as quantile_disc(amount, 0.8);
create or replace temp macro lowest_edge(amount) as -quantile_disc(-amount, 0.8);
create or replace temp macro tier(amount, lowest, highest) as
    case when amount > highest then 'High' when amount < lowest then 'Low' else 'Medium' end;
create or replace temp macro recency_score(days) as
    1 + (days <= 180)::tinyint + (days <= 90)::tinyint + (days <= 45)::tinyint + (days <= 15)::tinyint;
create or replace temp macro segment(days, frequency, monetary, days_since_first) as
    case
        when days > 45 and frequency <= 2 then 'Churn Risk'
        when days > 45 then 'Lapsing'
        when frequency >= 4 and monetary >= 4 then 'VIP'
        when frequency <= 2 and days_since_first <= 90 then 'New Customer'
        else 'Regular'
    end;

-- Expected value.
create or replace temp macro pace(order_count, age_days, half_days) as
    half_up(cast(2 * order_count - 1 as bigint) * 1000000, 2 * (age_days + half_days));
create or replace temp macro expected_orders(pace, worth) as half_up(pace * 365 * worth, 4000000);
create or replace temp macro order_band(order_count) as
    1 + (order_count >= 2)::tinyint + (order_count >= 3)::tinyint + (order_count >= 5)::tinyint
    + (order_count >= 10)::tinyint + (order_count >= 20)::tinyint + (order_count >= 50)::tinyint;
create or replace temp macro missed_band(missed, promised) as
    1 + (missed >= 25 * promised)::tinyint + (missed >= 50 * promised)::tinyint
    + (missed >= 100 * promised)::tinyint + (missed >= 200 * promised)::tinyint
    + (missed >= 300 * promised)::tinyint + (missed >= 500 * promised)::tinyint
    + (missed >= 800 * promised)::tinyint + (missed >= 1300 * promised)::tinyint
    + (missed >= 2100 * promised)::tinyint;
create or replace temp macro expected_band(orders) as
    1 + (orders >= 20000)::tinyint + (orders >= 50000)::tinyint + (orders >= 100000)::tinyint
    + (orders >= 150000)::tinyint + (orders >= 200000)::tinyint + (orders >= 300000)::tinyint
    + (orders >= 400000)::tinyint + (orders >= 550000)::tinyint + (orders >= 750000)::tinyint
    + (orders >= 1000000)::tinyint + (orders >= 1400000)::tinyint + (orders >= 2000000)::tinyint
    + (orders >= 3000000)::tinyint + (orders >= 5000000)::tinyint;
