create table work.menu_category_corrections as
from read_csv(getvariable('seeds') || '/menu_category_corrections.csv', header = true, all_varchar = true);

create table work.excluded_apps as
from read_csv(getvariable('seeds') || '/excluded_apps.csv', header = true, all_varchar = true);

create table work.excluded_customers as
from read_csv(getvariable('seeds') || '/excluded_customers.csv', header = true, all_varchar = true);

create table work.dayparts as
from read_csv(
    getvariable('seeds') || '/dayparts.csv', header = true, columns = {'hour': 'bigint', 'daypart': 'varchar'}
);

create table work.locations as
select
    location_id,
    location_name,
    region,
    timezone,
    cast(opened_on as date) as opened_on
from read_csv(getvariable('seeds') || '/locations.csv', header = true, all_varchar = true);
