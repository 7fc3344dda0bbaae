-- Crimes within some metres of a point: by category, or @by month or street.
-- @latitude, @longitude, @within (metres), @south, @north, @west and @east of the box around it,
-- @category (null: all), @monthList (JSON), @by
select
  case @by
    when 'month' then month
    when 'street' then ifnull(streets.name, '(not named)')
    else ifnull(crime_categories.name, category)
  end as what,
  count(*) as crimes,
  round(100.0 * count(*) / sum(count(*)) over (), 1) as percent,
  round(min(distance_m(latitude, longitude, @latitude, @longitude))) as nearest_m
from crimes indexed by crimes_by_point
left join crime_categories on crime_categories.id = category
left join streets on streets.id = street_id
where month in (select value from json_each(@monthList))
  and latitude between @south and @north
  and longitude between @west and @east
  and distance_m(latitude, longitude, @latitude, @longitude) <= @within
  and (@category is null or category = @category)
group by what
order by case @by when 'month' then what end, crimes desc, what;
