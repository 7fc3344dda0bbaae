-- Records of one area, to stand beside those of others: by category, or @by month. It is asked for
-- each area, which becomes a column of the answer.
-- @layer, @area, @kind, @category (null: all), @since, @until, @months (how many), @per and
-- @population, @by
select
  case @by when 'month' then month
    else coalesce(crime_categories.name, outcome_categories.name, category) end as what,
  sum(records) as records,
  round(
    sum(records) * 12.0 * @per / case @by when 'month' then 1 else @months end / @population, 2
  ) as rate
from records_by_area
left join crime_categories on kind = 'crimes' and crime_categories.id = category
left join outcome_categories on kind = 'outcomes' and outcome_categories.id = category
where layer = @layer and area = @area and kind = @kind
  and month between @since and @until
  and (@category is null or category = @category)
group by what
order by what;
