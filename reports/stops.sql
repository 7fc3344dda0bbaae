-- Stops and searches by one thing that is told of them, and how many had an outcome that is linked
-- to the object of search.
-- @by (ethnicity, self-defined, object, outcome, age, gender, legislation, type, force or month),
-- @monthList (JSON), and what /* place */ stands for
select
  ifnull(
    nullif(
      case @by
        when 'ethnicity' then officer_defined_ethnicity
        when 'self-defined' then self_defined_ethnicity
        when 'object' then object_of_search
        when 'outcome' then outcome
        when 'age' then age_range
        when 'gender' then gender
        when 'legislation' then legislation
        when 'type' then type
        when 'month' then month
        else reported_by
      end,
      ''
    ),
    '(not told)'
  ) as what,
  count(*) as stops,
  round(100.0 * count(*) / sum(count(*)) over (), 1) as percent,
  sum(outcome_linked_to_object_of_search) as linked,
  round(
    100.0 * sum(outcome_linked_to_object_of_search) / count(outcome_linked_to_object_of_search), 1
  ) as linked_percent
from stops
where month in (select value from json_each(@monthList))
  and /* place */ true
group by what
order by case @by when 'month' then what end, stops desc, what;
