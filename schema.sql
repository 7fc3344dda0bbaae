-- The database of ukpolice. Everything in it comes from data.police.uk; names and
-- values are as the API gives them. Months are text, 'YYYY-MM'; degrees are WGS 84.

pragma application_id = 0x756b706f; -- 'ukpo'
pragma user_version = 2;

create table forces (
  id text primary key,
  name text not null,
  listed_at text -- when its neighbourhoods were last listed, ISO 8601; null: never
) strict, without rowid;

create table neighbourhoods (
  force_id text not null references forces (id),
  id text not null,
  name text not null,
  boundary text, -- GeoJSON Polygon; null: none known
  boundary_at text, -- when the boundary was last asked for, ISO 8601; null: never
  listed integer not null default 1, -- 0: the API no longer lists it
  primary key (force_id, id)
) strict, without rowid;

create table crime_categories (
  id text primary key,
  name text not null
) strict, without rowid;

create table outcome_categories (
  id text primary key,
  name text not null
) strict, without rowid;

create table streets (
  id integer primary key,
  name text not null
) strict;

create table crimes (
  id integer primary key,
  persistent_id text, -- 64 hex digits, not unique; null for anti-social behaviour and BTP
  category text not null references crime_categories (id),
  month text not null,
  street_id integer references streets (id),
  latitude real,
  longitude real,
  location_type text,
  location_subtype text,
  context text,
  outcome_category text, -- the latest outcome's name as given, not a category's id
  outcome_date text,
  force_id text, -- found by the point and the boundaries; null: in none
  neighbourhood_id text,
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

-- Month first: persistent ids are random, and an index led by them would be written all over for
-- every reply, the slower the larger it is. A search by persistent_id alone uses it as well (a
-- skip-scan over the months, which the statistics that a crawl keeps make possible).
create index crimes_by_persistent_id on crimes (month, persistent_id)
where persistent_id is not null;
create index crimes_by_month on crimes (month, force_id, neighbourhood_id);

create table outcomes (
  id integer primary key, -- ours: the API gives none
  crime_id integer not null, -- no foreign key: its crime is often of a month that is not here
  category text not null references outcome_categories (id),
  date text not null,
  person_id integer,
  crime_category text not null references crime_categories (id),
  crime_month text not null,
  crime_persistent_id text,
  street_id integer references streets (id),
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text,
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

create unique index outcomes_once on outcomes (crime_id, category, date, ifnull(person_id, -1));
create index outcomes_by_date on outcomes (date, force_id, neighbourhood_id);

-- How far the crawl is.

-- A sweep is one covering of a month by polygons, for a scope: 'all' or ids of forces,
-- comma-separated. It is deleted when its last polygon is done, and becomes coverage.
create table sweeps (
  id integer primary key,
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes')),
  plan text not null check (plan in ('tiles', 'neighbourhoods')),
  scope text not null,
  release text not null, -- /crime-last-updated when it began
  refresh integer not null default 0 check (refresh in (0, 1)), -- 1: what it brings is staged
  unique (month, kind, plan, scope, refresh)
) strict;

create table polygons (
  id integer primary key,
  sweep_id integer not null references sweeps (id) on delete cascade,
  force_id text, -- the neighbourhood it is, or is a piece of; null: a tile
  neighbourhood_id text,
  ring text, -- [[latitude, longitude], …]; null: the neighbourhood's whole boundary
  depth integer not null default 0, -- how often it was cut
  expected real, -- records forecast
  state text not null default 'open' check (state in ('open', 'done', 'failed')),
  records integer, -- that came back
  reason text, -- why it failed
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

create index polygons_by_state on polygons (sweep_id, state);

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

-- Which months are complete, for which forces.
create table coverage (
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes')),
  force_id text not null references forces (id),
  release text not null,
  completed_at text not null,
  primary key (month, kind, force_id)
) strict, without rowid;

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

create table facts (
  name text primary key,
  value text not null
) strict, without rowid;

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
