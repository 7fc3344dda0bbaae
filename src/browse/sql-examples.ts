/** Questions to begin with; each is quick on the whole country, too. */
export const EXAMPLES: { title: string; sql: string }[] = [
  {
    title: "Crimes a month",
    sql: `select month, sum(records) as crimes
from force_counts
where kind = 'crimes'
group by month
order by month`,
  },
  {
    title: "Categories of the newest month",
    sql: `select crime_categories.name, sum(records) as crimes
from force_counts
join crime_categories on crime_categories.id = category
where kind = 'crimes'
  and month = (select max(month) from force_counts where kind = 'crimes')
group by category
order by crimes desc`,
  },
  {
    title: "Neighbourhoods with most burglaries",
    sql: `select force_id, neighbourhoods.name, records as burglaries
from neighbourhood_counts
join neighbourhoods using (force_id)
where kind = 'crimes'
  and month = (select max(month) from force_counts where kind = 'crimes')
  and category = 'burglary'
  and neighbourhoods.id = neighbourhood_id
order by burglaries desc
limit 20`,
  },
  {
    title: "Streets of a neighbourhood",
    sql: `with place as (
  select month, force_id, neighbourhood_id
  from neighbourhood_counts
  where kind = 'crimes' and neighbourhood_id <> ''
    and month = (select max(month) from force_counts where kind = 'crimes')
  order by records desc
  limit 1
)
select crimes.neighbourhood_id, streets.name as street, count(*) as crimes
from place
join crimes using (month, force_id, neighbourhood_id)
join streets on streets.id = crimes.street_id
group by streets.id
order by crimes desc
limit 20`,
  },
  {
    title: "What became of it",
    sql: `select outcome_categories.name, sum(records) as outcomes
from force_counts
join outcome_categories on outcome_categories.id = category
where kind = 'outcomes'
group by category
order by outcomes desc`,
  },
  {
    title: "Stops by object, and how many led to it",
    sql: `select value as object_of_search, sum(records) as stops,
  round(100.0 * sum(linked) / sum(linked + unlinked), 1) as linked_percent,
  sum(linked + unlinked) as told_of
from stop_counts
where field = 'object_of_search'
group by value
order by stops desc`,
  },
  {
    title: "Two vocabularies of ethnicity",
    sql: `select officer_defined_ethnicity, self_defined_ethnicity, count(*) as stops
from stops
where month = (select max(month) from stops)
group by 1, 2
order by stops desc`,
  },
  {
    title: "Whose stops are lacking",
    sql: `select month, force_id
from stops_published
left join coverage using (month, force_id)
group by month, force_id
having count(*) filter (where kind = 'stops') = 0
order by month desc, force_id`,
  },
  {
    title: "What is complete",
    sql: `select * from months order by month desc`,
  },
];
