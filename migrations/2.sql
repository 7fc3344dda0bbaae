-- From schema 1 to 2: complete months can be fetched again, counts and runs are kept.
-- It runs in one transaction, with foreign keys off.

create table new_sweeps (
  id integer primary key,
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes')),
  plan text not null check (plan in ('tiles', 'neighbourhoods')),
  scope text not null,
  release text not null, -- /crime-last-updated when it began
  refresh integer not null default 0 check (refresh in (0, 1)), -- 1: what it brings is staged
  unique (month, kind, plan, scope, refresh)
) strict;

insert into new_sweeps (id, month, kind, plan, scope, release)
select id, month, kind, plan, scope, release from sweeps;

drop table sweeps;
alter table new_sweeps rename to sweeps;

-- A complete month that is being fetched again. What the API gives is staged, and takes the place
-- of the month's rows when all of it is there.
create table refreshes (
  month text primary key,
  scope text not null,
  release text not null,
  begun_at text not null
) strict, without rowid;

create table staged_crimes (
  id integer primary key,
  persistent_id text,
  category text not null,
  month text not null,
  street_id integer,
  latitude real,
  longitude real,
  location_type text,
  location_subtype text,
  context text,
  outcome_category text,
  outcome_date text,
  force_id text,
  neighbourhood_id text
) strict;

create table staged_outcomes (
  id integer primary key,
  crime_id integer not null,
  category text not null,
  date text not null,
  person_id integer,
  crime_category text not null,
  crime_month text not null,
  crime_persistent_id text,
  street_id integer,
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text
) strict;

create unique index staged_outcomes_once
on staged_outcomes (crime_id, category, date, ifnull(person_id, -1));

-- Months that were covered as a whole, so that the records in no force's boundaries are there, too.
create table whole_months (
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes')),
  release text not null,
  primary key (month, kind)
) strict, without rowid;

-- Counts of what is complete, so that a chart or a map need not read millions of rows. A month is
-- counted anew when one of its forces is complete. '' is the force or neighbourhood of none.
create table force_counts (
  kind text not null check (kind in ('crimes', 'outcomes')),
  month text not null,
  category text not null,
  force_id text not null,
  records integer not null,
  primary key (kind, month, category, force_id)
) strict, without rowid;

create table neighbourhood_counts (
  kind text not null check (kind in ('crimes', 'outcomes')),
  month text not null,
  category text not null,
  force_id text not null,
  neighbourhood_id text not null,
  records integer not null,
  primary key (kind, month, category, force_id, neighbourhood_id)
) strict, without rowid;

-- Runs of the crawl, the newest last. One without an end is under way, or was killed.
create table runs (
  id integer primary key,
  pid integer not null,
  started_at text not null,
  seen_at text not null, -- its last sign of life
  ended_at text,
  exit_code integer,
  requests integer not null default 0,
  records integer not null default 0
) strict;

drop view months;

create view months as
select
  month,
  count(distinct force_id) filter (where kind = 'crimes') as forces_with_crimes,
  count(distinct force_id) filter (where kind = 'outcomes') as forces_with_outcomes,
  min(release) as oldest_release,
  max(completed_at) as completed_at,
  exists (select 1 from refreshes where refreshes.month = coverage.month) as refreshing
from coverage
group by month;

-- Months that are there already are counted as a crawl counts them.
insert into force_counts (kind, month, category, force_id, records)
select 'crimes', month, category, ifnull(force_id, ''), count(*)
from crimes
where month in (select month from coverage where kind = 'crimes')
group by month, category, ifnull(force_id, '')
union all
select 'outcomes', date, category, ifnull(force_id, ''), count(*)
from outcomes
where date in (select month from coverage where kind = 'outcomes')
group by date, category, ifnull(force_id, '');

insert into neighbourhood_counts (kind, month, category, force_id, neighbourhood_id, records)
select 'crimes', month, category, ifnull(force_id, ''), ifnull(neighbourhood_id, ''), count(*)
from crimes
where month in (select month from coverage where kind = 'crimes')
group by month, category, ifnull(force_id, ''), ifnull(neighbourhood_id, '')
union all
select 'outcomes', date, category, ifnull(force_id, ''), ifnull(neighbourhood_id, ''), count(*)
from outcomes
where date in (select month from coverage where kind = 'outcomes')
group by date, category, ifnull(force_id, ''), ifnull(neighbourhood_id, '');

-- Which forces' boundaries moved was not kept: it may be any.
update facts set value = (select json_group_array(id) from forces) where name = 'boundaries_moved';
