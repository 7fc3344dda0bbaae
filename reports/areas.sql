-- Records by area of a layer, the most first, or the highest rates where @per asks for them.
-- @layer, @area (null: all), @kind, @category (null: all), @since, @until, @months (how many), @per
with counted as (
  select area as id, sum(records) as records
  from records_by_area
  where layer = @layer and kind = @kind
    and month between @since and @until
    and (@area is null or area = @area)
    and (@category is null or category = @category)
  group by area
)
select
  id,
  case id when '' then '(in none of the areas)' else ifnull(label, id) end as area,
  records,
  round(100.0 * records / sum(records) over (), 1) as percent,
  population,
  round(records * 12.0 * @per / @months / population, 2) as rate
from counted
left join areas using (id)
where areas.layer = @layer or areas.layer is null
order by counted.id = '', rate desc nulls last, records desc, counted.id;
