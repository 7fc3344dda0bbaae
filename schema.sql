-- The database of ukpolice. Everything in it comes from data.police.uk, from its API or from its
-- bulk archive; names and values are as they are given there. Months are text, 'YYYY-MM'; degrees are WGS 84.

pragma application_id = 0x756b706f; -- 'ukpo'
pragma user_version = 1;

create table forces (
  id text primary key,
  name text not null,
  listed integer not null default 1, -- 0: in no list of the API's, but it publishes stops
  listed_at text, -- when its neighbourhoods were last listed, ISO 8601; null: never
  -- Whether the API knows it at /crimes-no-location; null: never asked.
  unlocated integer check (unlocated in (0, 1))
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
  id integer primary key, -- the API's; negative: ours, of a name that the archive gives alone
  name text not null
) strict;

create unique index streets_of_archive on streets (name) where id < 0;

-- Lower layer super output areas, as the archive names them.
create table lsoas (
  code text primary key,
  name text not null,
  district text not null, -- the name without its last word
  vintage integer not null check (vintage in (2011, 2021)), -- the newest that was met
  name_2011 text -- what it was called then, where that is another name
) strict, without rowid;

-- In which LSOA a point of the map lies, learnt from the archive's crimes of 2023-06 on. A point
-- keeps its LSOA until the list of points is renewed: it tells those of 2022-07 on, and no others.
create table points (
  latitude real not null,
  longitude real not null,
  lsoa_code text references lsoas (code), -- null: it was met in several
  primary key (latitude, longitude)
) strict, without rowid;

create table crimes (
  month text not null,
  -- The API's, unique within a month of one release; negative: ours, of a row of the archive. The
  -- rows of a file go down from the first.
  id integer not null,
  persistent_id text, -- 64 hex digits, not unique; null for anti-social behaviour and BTP
  category text not null references crime_categories (id),
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
  reported_by text references forces (id), -- who published it, where the source says so
  lsoa_code text references lsoas (code), -- the archive's; of a crime of the API, by its point
  primary key (month, id),
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

-- Persistent ids are random: whole, they would cost a third of all insertion and a sixth of the
-- room. Eight digits find a crime as well, when a search names them as the index does:
--   where substr(persistent_id, 1, 8) = substr(:id, 1, 8) and persistent_id = :id
-- Month first, so that the index does not grow slower; a search without a month tries them one by
-- one (a skip-scan, which the statistics that a crawl keeps make possible).
create index crimes_by_persistent_id on crimes (month, substr(persistent_id, 1, 8))
where persistent_id is not null;
create index crimes_by_month on crimes (month, category, force_id, neighbourhood_id, id);

-- What is near: where month in (…) and latitude between … and longitude between …, or without a
-- month (a skip-scan). By point alone it would be as large, and would grow slower with each month.
create index crimes_by_point on crimes (month, latitude, longitude) where latitude is not null;

-- Those without a location, and others in no boundaries whose publisher is known; with all that it
-- takes to count them. Of the archive, whose publishers are always known, those without a location.
create index crimes_without_force on crimes (month, category, reported_by, latitude, force_id, id)
where force_id is null and reported_by is not null and (id > 0 or latitude is null);

create table outcomes (
  id integer primary key, -- ours: the API gives none
  -- No foreign key: its crime is often of a month that is not here. Null, as what the archive does
  -- not tell of the crime, for all that are from there.
  crime_id integer,
  category text not null references outcome_categories (id),
  date text not null,
  person_id integer,
  nth integer not null, -- 1, or 2 and more for outcomes that are equal to the letter
  crime_category text references crime_categories (id),
  crime_month text,
  crime_persistent_id text,
  street_id integer references streets (id),
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text,
  reported_by text references forces (id), -- who published it, where the source says so
  lsoa_code text references lsoas (code),
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

create unique index outcomes_once
on outcomes (crime_month, crime_id, category, date, ifnull(person_id, -1), nth)
where crime_id is not null;
create index outcomes_of_archive on outcomes (date, reported_by) where crime_id is null;
create index outcomes_by_month on outcomes (date, category, force_id, neighbourhood_id);

create table stops (
  id integer primary key, -- ours: the API gives none
  month text not null, -- that it was asked for: cut by local time, where datetime is in UTC
  type text not null,
  datetime text not null, -- as given
  involved_person integer, -- flags: 1, 0, or null where it is not said
  gender text,
  age_range text,
  self_defined_ethnicity text, -- of the census
  officer_defined_ethnicity text, -- White, Black, Asian, Mixed or Other
  legislation text,
  object_of_search text,
  outcome text, -- null: none was given
  outcome_object_id text,
  outcome_object_name text,
  outcome_linked_to_object_of_search integer,
  removal_of_more_than_outer_clothing integer,
  operation integer,
  operation_name text,
  street_id integer references streets (id),
  latitude real, -- null: no location
  longitude real,
  force_id text, -- found by the point and the boundaries; not who searched
  neighbourhood_id text,
  reported_by text not null references forces (id),
  lsoa_code text references lsoas (code), -- by its point: neither source gives it
  nth integer not null, -- 1, or 2 and more for stops that are equal to the letter
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

create index stops_by_month on stops (month, reported_by, type);
create index stops_by_place on stops (month, force_id, neighbourhood_id, type);

-- Which forces' stops the API publishes, by month: a force that is not here published none.
create table stops_published (
  month text not null,
  force_id text not null,
  primary key (month, force_id)
) strict, without rowid;

-- How far the crawl is. A cell is a month of a kind for a force; the force '' stands for what
-- lies in no force's boundaries. Crimes without a location belong to the cell of the force that
-- published them, and so do all stops, and all that is from the archive.

-- The cells of which every question is answered, or whose file of the archive is imported. All
-- cells of a month and kind are of one source.
create table coverage (
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  force_id text not null,
  source text not null check (source in ('api', 'archive')),
  -- /crime-last-updated when its sweep began, '' where that was not known; of the archive the first
  -- of the month that it was released for.
  release text not null,
  completed_at text not null,
  records integer not null, -- in the force's area; of the archive, rows of its file
  primary key (month, kind, force_id)
) strict, without rowid;

-- A sweep is one covering of cells of a month and kind by questions. It is deleted when its last
-- question is done and its cells are covered.
create table sweeps (
  id integer primary key,
  month text not null,
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  plan text not null check (plan in ('tiles', 'neighbourhoods', 'forces')),
  release text not null, -- /crime-last-updated when it began; '' where that was not known
  staged integer not null check (staged in (0, 1)), -- 1: what it brings waits for its whole month
  opened_at text -- when its questions were chosen, ISO 8601; null: not yet
) strict;

create unique index sweeps_staged on sweeps (month, kind) where staged = 1;

create table sweep_cells (
  sweep_id integer not null references sweeps (id) on delete cascade,
  force_id text not null,
  primary key (sweep_id, force_id)
) strict, without rowid;

create table questions (
  id integer primary key,
  sweep_id integer not null references sweeps (id) on delete cascade,
  force_id text, -- the neighbourhood that is asked for, or a piece of it; null: a tile
  neighbourhood_id text, -- null beside a force: what the force publishes and no area has
  ring text, -- [[latitude, longitude], …]; null: the neighbourhood's whole boundary
  depth integer not null default 0, -- how often it was cut
  expected real, -- records forecast
  state text not null default 'open' check (state in ('open', 'done', 'failed')),
  records integer, -- that came back
  reason text, -- why it failed
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;

create index questions_by_state on questions (sweep_id, state);

-- What staged sweeps brought: it takes the place of a month's rows when all of it is there.
create table staged_crimes (
  month text not null,
  id integer not null,
  persistent_id text,
  category text not null,
  street_id integer,
  latitude real,
  longitude real,
  location_type text,
  location_subtype text,
  context text,
  outcome_category text,
  outcome_date text,
  force_id text,
  neighbourhood_id text,
  reported_by text,
  lsoa_code text,
  primary key (month, id)
) strict;

create table staged_outcomes (
  id integer primary key,
  crime_id integer,
  category text not null,
  date text not null,
  person_id integer,
  nth integer not null,
  crime_category text,
  crime_month text,
  crime_persistent_id text,
  street_id integer,
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text,
  reported_by text,
  lsoa_code text
) strict;

create unique index staged_outcomes_once
on staged_outcomes (crime_month, crime_id, category, date, ifnull(person_id, -1), nth);

create table staged_stops (
  id integer primary key,
  month text not null,
  type text not null,
  datetime text not null,
  involved_person integer,
  gender text,
  age_range text,
  self_defined_ethnicity text,
  officer_defined_ethnicity text,
  legislation text,
  object_of_search text,
  outcome text,
  outcome_object_id text,
  outcome_object_name text,
  outcome_linked_to_object_of_search integer,
  removal_of_more_than_outer_clothing integer,
  operation integer,
  operation_name text,
  street_id integer,
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text,
  reported_by text not null,
  lsoa_code text,
  nth integer not null
) strict;

-- Counts of what is complete, so that a chart or a map need not read millions of rows. A month is
-- counted anew when one of its forces is complete. '' is the force or neighbourhood of none.
create table force_counts (
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  month text not null,
  category text not null,
  force_id text not null,
  records integer not null,
  primary key (kind, month, category, force_id)
) strict, without rowid;

create table neighbourhood_counts (
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  month text not null,
  category text not null,
  force_id text not null,
  neighbourhood_id text not null,
  records integer not null,
  primary key (kind, month, category, force_id, neighbourhood_id)
) strict, without rowid;

-- Of how many records of the API the LSOA is known. Months since 2022-07, once there are points.
create table lsoa_counts (
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  month text not null,
  located integer not null, -- records with a point whose LSOA can be learnt
  found integer not null, -- of them: whose LSOA is
  primary key (kind, month)
) strict, without rowid;

-- What each replacement of a month's cells by a newer answer of the source changed there, by force
-- and category. A record whose id is another is one that was removed and one that was added. Cells
-- that were not covered before have no line, nor has what a refresh of the same release left alone.
create table revisions (
  month text not null,
  nth integer not null, -- counts the replacements of the month, from 1; one is of one kind
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  force_id text not null, -- of the cell; where a record lies, or lay that was removed
  category text not null, -- of the record as it is, or was when it was removed
  from_release text not null, -- of the cell before; '' where that was not known
  to_release text not null, -- the same, of what took its place
  revised_at text not null, -- when it was put in place here, ISO 8601
  kept integer not null, -- records that the source left as they were
  added integer not null,
  changed integer not null, -- records in which anything differs that the source says
  outcomes_changed integer not null, -- those of them whose latest outcome differs
  removed integer not null,
  primary key (month, nth, force_id, category)
) strict, without rowid;

-- How the latest outcome of a crime changed from release to release. A crime that is removed has
-- no line for it, nor has one that returns.
create table crime_outcome_history (
  month text not null,
  nth integer not null, -- of the replacement in revisions
  crime_id integer not null,
  from_category text, -- the outcome's name as given; null: none
  from_date text,
  to_category text,
  to_date text,
  from_release text not null,
  to_release text not null,
  primary key (month, nth, crime_id)
) strict, without rowid;

-- Stops by what is told of them. `field` is a column of stops, `value` what it holds; '' where that
-- is null or empty. Of the records that are neither linked nor unlinked, it is not told.
create table stop_counts (
  month text not null,
  reported_by text not null,
  field text not null,
  value text not null,
  records integer not null,
  linked integer not null, -- of them: with an outcome linked to the object of search
  unlinked integer not null,
  primary key (month, reported_by, field, value)
) strict, without rowid;

-- Layers: areas in which records are counted by their points. Those of the user's own come from a
-- file of GeoJSON; neighbourhoods, forces, lsoas and districts are there without one.
create table layers (
  name text primary key,
  file text not null, -- the name of the file
  added_at text not null -- ISO 8601
) strict, without rowid;

create table layer_areas (
  layer text not null references layers (name) on delete cascade,
  id text not null,
  nth integer not null, -- its place in the file: where areas overlap, a point is the first's
  label text not null,
  flaw text, -- why it has no boundary that a point can lie in; null: it has one
  boundary text, -- GeoJSON MultiPolygon
  primary key (layer, id)
) strict;

-- In which area each point lies at which there is a record.
create table layer_points (
  layer text not null references layers (name) on delete cascade,
  latitude real not null,
  longitude real not null,
  area text, -- null: in none
  others integer not null, -- further areas in which it lies, where the layer overlaps itself
  primary key (layer, latitude, longitude)
) strict, without rowid;

-- People by area, for rates: of any layer.
create table area_populations (
  layer text not null,
  id text not null, -- as in the view areas
  population real not null,
  primary key (layer, id)
) strict, without rowid;

-- Records by area: of the layers from files, of lsoas and of districts. '' is the area of what has a
-- point that lies in none. What has no point is not counted.
create table area_counts (
  layer text not null,
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  month text not null,
  category text not null,
  area text not null,
  records integer not null,
  primary key (layer, kind, month, category, area)
) strict, without rowid;

-- The latest outcomes of the crimes of a month: of the same layers but lsoas, of forces and of
-- neighbourhoods.
create table area_outcomes (
  layer text not null,
  month text not null,
  category text not null,
  area text not null,
  outcome text not null, -- its name as given; '': none
  records integer not null,
  primary key (layer, month, category, area, outcome)
) strict, without rowid;

-- Months that were counted since a layer last was: it has no counts of them yet.
create table uncounted (
  layer text not null,
  kind text not null check (kind in ('crimes', 'outcomes', 'stops')),
  month text not null,
  primary key (layer, kind, month)
) strict, without rowid;

-- Runs of crawls and imports, the newest last. One without an end is under way, or was killed.
create table runs (
  id integer primary key,
  command text not null default 'crawl' check (command in ('crawl', 'import')),
  pid integer not null,
  started_at text not null,
  seen_at text not null, -- its last sign of life
  ended_at text,
  exit_code integer,
  requests integer not null default 0,
  records integer not null default 0,
  waited_ms integer not null default 0, -- since it first asked for records: for outages, and pauses
  asking_since text, -- when it first asked for records; null, as all below: not yet
  month text, -- the oldest of its months of which a question is left
  nth integer, -- which one of its months that is
  months integer,
  questions integer, -- of all its months; estimated where they are not chosen yet
  questions_done integer,
  questions_failed integer
) strict;

create table facts (
  name text primary key,
  value text not null
) strict, without rowid;

create view months as
select
  month,
  count(distinct force_id) filter (where kind = 'crimes' and force_id <> '') as forces_with_crimes,
  count(distinct force_id) filter (where kind = 'outcomes' and force_id <> '')
    as forces_with_outcomes,
  min(release) as oldest_release,
  max(completed_at) as completed_at,
  exists (select 1 from sweeps where sweeps.month = coverage.month and staged = 1) as refreshing
from coverage
group by month;

-- The records with the names of their LSOA and district: select district, count(*) … group by district
create view crimes_by_lsoa as
select crimes.*, lsoas.name as lsoa_name, lsoas.district
from crimes left join lsoas on lsoas.code = crimes.lsoa_code;

create view outcomes_by_lsoa as
select outcomes.*, lsoas.name as lsoa_name, lsoas.district
from outcomes left join lsoas on lsoas.code = outcomes.lsoa_code;

create view stops_by_lsoa as
select stops.*, lsoas.name as lsoa_name, lsoas.district
from stops left join lsoas on lsoas.code = stops.lsoa_code;

-- Every layer's areas, and records by them.
create view areas as
select layer, id, label, population
from (
  select layer, id, label from layer_areas
  union all
  select 'neighbourhoods', force_id || '/' || id, name from neighbourhoods
  union all
  select 'forces', id, name from forces
  union all
  select 'lsoas', code, name from lsoas
  union all
  select 'districts', district, district from lsoas group by district
)
left join area_populations using (layer, id);

create view records_by_area as
select layer, kind, month, category, area, records from area_counts
union all
select 'forces', kind, month, category, force_id, records from force_counts
union all
select
  'neighbourhoods', kind, month, category,
  case force_id when '' then '' else force_id || '/' || neighbourhood_id end, records
from neighbourhood_counts;
