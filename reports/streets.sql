-- The streets, or rather the map points, with the most crimes of an area or near a point.
-- @area or what else /* place */ stands for, found by the index that suits it; @category (null: all), @monthList (JSON)
select
  ifnull(streets.name, '(not named)') as street,
  count(*) as crimes,
  round(100.0 * count(*) / sum(count(*)) over (), 1) as percent,
  latitude,
  longitude
from crimes /* index */
left join streets on streets.id = street_id
where month in (select value from json_each(@monthList))
  and category in (select id from crime_categories where @category is null or id = @category)
  and latitude is not null
  and /* place */ true
group by latitude, longitude, street_id
order by crimes desc, street, latitude, longitude;
