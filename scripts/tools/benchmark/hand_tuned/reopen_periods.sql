delete from marts.sales_weekly where week_start_date >= getvariable('week_start');
delete from marts.sales_by_category_weekly where week_start_date >= getvariable('week_start');
delete from marts.sales_monthly where month_start_date >= getvariable('month_start');
delete from marts.sales_by_category_monthly where month_start_date >= getvariable('month_start');
