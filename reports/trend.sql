-- Records by month, of an area or of all, beside those of the year before.
-- @layer, @area (null: all), @kind, @category (null: all), @since, @until, @per and @population
with counted as (
  select month, sum(records) as records
  from records_by_area
  where layer = @layer and kind = @kind
    and month between @yearBefore and @until
    and (@area is null or area = @area)
    and (@category is null or category = @category)
  group by month
)
select
  now.month,
  now.records,
  earlier.records as year_before,
  round(100.0 * (now.records - earlier.records) / earlier.records, 1) as change_percent,
  round(now.records * 12.0 * @per / @population, 2) as rate
from counted as now
left join counted as earlier
  on earlier.month = printf('%04d%s', substr(now.month, 1, 4) - 1, substr(now.month, 5))
where now.month >= @since
order by now.month;
