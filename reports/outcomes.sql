-- How far the crimes recorded in some months are: their latest outcomes, or with @by = 'month' what
-- share of each month's crimes has come so far, after how many months. Anti-social behaviour has no
-- outcomes, and is left out unless it is the @category.
-- @layer, @area (null: all), @category (null: all), @since, @until, @release (month), @by
with latest as (
  select
    month,
    outcome,
    records,
    case
      when outcome in ('', 'Under investigation') then 'open'
      when outcome = 'Status update unavailable' then 'not told'
      when outcome in (
        'Local resolution', 'Offender given a caution', 'Offender given penalty notice',
        'Offender given a drugs possession warning'
      ) then 'out of court'
      when outcome glob 'Suspect charged*' or outcome glob 'Offender *'
        or outcome glob 'Defendant *' or outcome glob '* court *' or outcome glob 'Court *'
        then 'charged'
      else 'closed'
    end as state
  from area_outcomes
  where layer = @layer
    and month between @since and @until
    and (@area is null or area = @area)
    and category = ifnull(@category, category)
    and (@category is not null or category <> 'anti-social-behaviour')
)
select
  case @by when 'month' then month when 'state' then state
    else case outcome when '' then '(none yet)' else outcome end end as what,
  case @by when 'outcome' then state end as state,
  sum(records) as crimes,
  round(100.0 * sum(records) / sum(sum(records)) over (), 1) as percent,
  case @by when 'month' then
    round(100.0 * total(records) filter (where state = 'charged') / sum(records), 1)
  end as charged_percent,
  case @by when 'month' then
    round(100.0 * total(records) filter (where state = 'open') / sum(records), 1)
  end as open_percent,
  case @by when 'month' then
    (substr(@release, 1, 4) - substr(max(month), 1, 4)) * 12
      + substr(@release, 6, 2) - substr(max(month), 6, 2) end as months_since
from latest
group by what
order by case @by when 'month' then what end, crimes desc, what;
