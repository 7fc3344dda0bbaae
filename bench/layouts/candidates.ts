import { readFileSync } from "node:fs";
import type { Ids } from "../record.ts";

/** A form of the tables of records that is measured. */
export type Candidate = {
  schema: string;
  ids?: Ids;
  pageSize?: number;
};

const BY_ID = readFileSync(new URL("by-id.sql", import.meta.url), "utf8");
const PARENTS = BY_ID.slice(0, BY_ID.indexOf("create table crimes"));

const CRIMES = `
  month text not null,
  id integer not null,
  persistent_id text,
  category text not null references crime_categories (id),
  street_id integer references streets (id),
  latitude real,
  longitude real,
  location_type text,
  location_subtype text,
  context text,
  outcome_category text,
  outcome_date text,
  force_id text,
  neighbourhood_id text,
  primary key (month, id),
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
`;

const OUTCOMES = `
create table outcomes (
  id integer primary key,
  crime_month text not null,
  crime_id integer not null,
  category text not null references outcome_categories (id),
  date text not null,
  person_id integer,
  nth integer not null,
  crime_category text not null references crime_categories (id),
  crime_persistent_id text,
  street_id integer references streets (id),
  latitude real,
  longitude real,
  force_id text,
  neighbourhood_id text,
  foreign key (force_id, neighbourhood_id) references neighbourhoods (force_id, id)
) strict;
create unique index outcomes_once
on outcomes (crime_month, crime_id, category, date, ifnull(person_id, -1), nth);
`;

const PERSISTENT = "(month, persistent_id) where persistent_id is not null";
const SHORT = "(month, substr(persistent_id, 1, 8)) where persistent_id is not null";

type Form = { rowid?: boolean; persistent?: string; crimes: string; outcomes: string };

function schemaOf({ rowid = true, persistent = PERSISTENT, crimes, outcomes }: Form): string {
  return `${PARENTS}
    create table crimes (${CRIMES}) strict${rowid ? "" : ", without rowid"};
    create index crimes_by_persistent_id on crimes ${persistent};
    create index crimes_by_month on crimes (${crimes});
    ${OUTCOMES}
    create index outcomes_by_date on outcomes (${outcomes});`;
}

const AREA = {
  crimes: "month, force_id, neighbourhood_id",
  outcomes: "date, force_id, neighbourhood_id",
};
const CATEGORY_FIRST = {
  crimes: "month, category, force_id, neighbourhood_id",
  outcomes: "date, category, force_id, neighbourhood_id",
};
const WITH_ID = { ...CATEGORY_FIRST, crimes: `${CATEGORY_FIRST.crimes}, id` };

export const CANDIDATES: Record<string, Candidate> = {
  "before-ordered": { schema: BY_ID, ids: "ordered" },
  "before-scattered": { schema: BY_ID },
  A: { schema: schemaOf(AREA) },
  B: { schema: schemaOf(CATEGORY_FIRST) },
  C: { schema: schemaOf({ ...CATEGORY_FIRST, rowid: false }) },
  /** Category last. */
  D: {
    schema: schemaOf({
      crimes: `${AREA.crimes}, category`,
      outcomes: AREA.outcomes,
    }),
  },
  /** Short persistent ids. */
  E: {
    schema: schemaOf({ ...CATEGORY_FIRST, persistent: SHORT }),
  },
  /** As E, outcomes by area as before. */
  F: {
    schema: schemaOf({ ...CATEGORY_FIRST, persistent: SHORT, outcomes: AREA.outcomes }),
  },
  /** As F, with ids, so that a month's burglaries are joined without their rows. */
  G: {
    schema: schemaOf({ ...WITH_ID, persistent: SHORT, outcomes: AREA.outcomes }),
  },
  /** As E, with ids. */
  H: { schema: schemaOf({ ...WITH_ID, persistent: SHORT }) },
  /** As H, larger pages. */
  I: { schema: schemaOf({ ...WITH_ID, persistent: SHORT }), pageSize: 8192 },
  J: { schema: schemaOf({ ...WITH_ID, persistent: SHORT }), pageSize: 16_384 },
  /** As B, larger pages. */
  K: { schema: schemaOf(CATEGORY_FIRST), pageSize: 8192 },
};
