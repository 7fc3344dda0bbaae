-- Records of several areas side by side: by category, or @by month. An area is a row here, and a
-- column in the answer.
-- @areas (JSON: [["layer", "area", population], …]), @kind, @category (null: all), @since, @until,
-- @months (how many), @per, @by
select
  chosen.key as nth,
  case @by when 'month' then month
    else ifnull(ifnull(crime_categories.name, outcome_categories.name), category) end as what,
  sum(records) as records,
  round(
    sum(records) * 12.0 * @per / case @by when 'month' then 1 else @months end
      / (chosen.value ->> 2),
    2
  ) as rate
from json_each(@areas) as chosen
cross join records_by_area
  on layer = chosen.value ->> 0 and area = chosen.value ->> 1
left join crime_categories on kind = 'crimes' and crime_categories.id = category
left join outcome_categories on kind = 'outcomes' and outcome_categories.id = category
where kind = @kind
  and month between @since and @until
  and (@category is null or category = @category)
group by nth, what
order by what, nth;
