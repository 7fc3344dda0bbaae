-- The tables of records as they were until schema 2: a crime is found by its id alone, and lies in
-- the order of the ids. Kept to measure against.

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
