import Database from "better-sqlite3";
import { STEADY_KINDS } from "../../src/completeness.ts";
import { boundingBox } from "../../src/geo/box.ts";
import type { Box } from "../../src/geo/box.ts";
import type { RecordList } from "../../src/sandbox/record-list.ts";
import type { World } from "../../src/sandbox/world.ts";
import type { Kind, Month, Point, Ring } from "../../src/types.ts";
import { sideOfRing, toWhole } from "./exact.ts";

/** A row as text: columns in a fixed order, JSON. The last is the force of its cell. */
export type Rows = string[];

/** Null where nobody can tell: a release came while the month was being fetched. */
export type Truth = Record<Kind, Map<Month, Rows | null>>;

type Located = { forceId: string; id: string; box: Box; whole: ReturnType<typeof toWhole> };
type Raw = Record<string, unknown>;

const EVERYWHERE: Ring = [
  { latitude: -90, longitude: -180 },
  { latitude: -90, longitude: 180 },
  { latitude: 90, longitude: 180 },
  { latitude: 90, longitude: -180 },
];

/**
 * The rows that a complete crawl has to hold, month by month, from the world alone; nothing of
 * the crawl's own reading, geometry or SQL is asked. `inside`: those in some boundary, no others.
 */
export function truthOf(world: World, { inside = false } = {}): Truth {
  const boundaries = boundariesOf(world);
  const places = new Map<string, [string, string] | [null, null]>();
  const locate = (point: Point): [string, string] | [null, null] => {
    const key = `${point.latitude},${point.longitude}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const found = boundaries.find(
      ({ box, whole }) => isIn(box, point) && sideOfRing(whole, point) !== "outside",
    );
    const area: [string, string] | [null, null] =
      found === undefined ? [null, null] : [found.forceId, found.id];
    places.set(key, area);
    return area;
  };
  const truth: Truth = { crimes: new Map(), outcomes: new Map(), stops: new Map() };
  const locatePlace = (raw: Raw) =>
    raw["location"] === null ? [null, null] : locate(pointOf(raw));
  for (const month of world.months) {
    const stops = (world.stopForces?.(month) ?? []).flatMap((forceId) =>
      listJson(world.stops?.(forceId, month)).map((raw) =>
        JSON.stringify([...stopColumns(raw, month), ...locatePlace(raw), forceId, forceId]),
      ),
    );
    truth.stops.set(month, stops.sort());
  }
  const unlocated = (month: Month): Rows =>
    world.forces.flatMap(({ id }) =>
      listJson(world.unlocated?.(id, month)).map((raw) =>
        JSON.stringify([...crimeColumns(raw), null, null, id, id]),
      ),
    );
  for (const kind of STEADY_KINDS) {
    for (const month of world.months) {
      const records = world.records(kind, month);
      const rows = (records?.find(EVERYWHERE) ?? []).flatMap((index) => {
        const raw: Raw = JSON.parse(records?.json(index) ?? "null");
        const crime = kind === "crimes" ? raw : objectOf(raw, "crime");
        const [force, area] = locate(pointOf(crime));
        if (inside && force === null) return [];
        const columns = kind === "crimes" ? crimeColumns(raw) : outcomeColumns(raw);
        return JSON.stringify([...columns, force, area, null, force ?? ""]);
      });
      const more = kind === "crimes" ? unlocated(month) : [];
      truth[kind].set(month, [...rows, ...more].sort());
    }
  }
  return truth;
}

function listJson(list: RecordList | undefined): Raw[] {
  return Array.from({ length: list?.count ?? 0 }, (_, at) => JSON.parse(list?.json(at) ?? "null"));
}

function boundariesOf(world: World): Located[] {
  return world.forces
    .flatMap(({ id: forceId }) =>
      (world.neighbourhoods(forceId) ?? []).map(({ id }) => ({ forceId, id })),
    )
    .sort((a, b) => compare(a.forceId, b.forceId) || compare(a.id, b.id))
    .flatMap(({ forceId, id }) => {
      const ring = (world.boundary(forceId, id) ?? []).map((point) => pointOf({ location: point }));
      if (ring.length === 0) return [];
      return [{ forceId, id, box: boundingBox(ring), whole: toWhole(ring) }];
    });
}

function isIn({ south, west, north, east }: Box, { latitude: y, longitude: x }: Point): boolean {
  return y >= south && y <= north && x >= west && x <= east;
}

/** As SQLite compares text: by bytes. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function crimeColumns(raw: Raw): unknown[] {
  const status = raw["outcome_status"] === null ? {} : objectOf(raw, "outcome_status");
  return [
    raw["id"],
    raw["persistent_id"] || null,
    raw["category"],
    raw["month"],
    ...placeColumns(raw),
    raw["location_type"],
    raw["location_subtype"],
    raw["context"],
    status["category"] ?? null,
    status["date"] ?? null,
  ];
}

function outcomeColumns(raw: Raw): unknown[] {
  const crime = objectOf(raw, "crime");
  return [
    crime["id"],
    objectOf(raw, "category")["code"],
    raw["date"],
    raw["person_id"],
    crime["category"],
    crime["month"],
    crime["persistent_id"] || null,
    ...placeColumns(crime),
  ];
}

function stopColumns(raw: Raw, month: Month): unknown[] {
  const flag = (key: string) => (typeof raw[key] === "boolean" ? Number(raw[key]) : null);
  const text = (key: string) => raw[key] ?? null;
  const object = raw["outcome_object"] === undefined ? {} : objectOf(raw, "outcome_object");
  return [
    month,
    ...["type", "datetime", "gender", "age_range", "self_defined_ethnicity"].map(text),
    ...["officer_defined_ethnicity", "legislation", "object_of_search", "operation_name"].map(text),
    ...["involved_person", "outcome_linked_to_object_of_search"].map(flag),
    ...["removal_of_more_than_outer_clothing", "operation"].map(flag),
    raw["outcome"] || null,
    object["id"] ?? null,
    object["name"] ?? null,
    ...placeColumns(raw),
  ];
}

function placeColumns(crime: Raw): unknown[] {
  if (crime["location"] === null) return [null, null, null];
  const { latitude, longitude } = pointOf(crime);
  return [objectOf(objectOf(crime, "location"), "street")["id"], latitude, longitude];
}

function pointOf(crime: Raw): Point {
  const { latitude, longitude } = objectOf(crime, "location");
  return { latitude: Number(latitude), longitude: Number(longitude) };
}

function objectOf(raw: Raw, key: string): Raw {
  const value = raw[key];
  if (typeof value !== "object" || value === null) throw new Error(`${key} is no object`);
  return { ...value };
}

const SELECT: Record<Kind, string> = {
  crimes: `select id, persistent_id, category, month, street_id, latitude, longitude,
    location_type, location_subtype, context, outcome_category, outcome_date,
    force_id, neighbourhood_id, reported_by, coalesce(force_id, reported_by, '')
  from crimes
  where month = ?`,
  outcomes: `select crime_id, category, date, person_id, crime_category, crime_month,
    crime_persistent_id, street_id, latitude, longitude, force_id, neighbourhood_id,
    null, ifnull(force_id, '')
  from outcomes
  where date = ?`,
  stops: `select month, type, datetime, gender, age_range, self_defined_ethnicity,
    officer_defined_ethnicity, legislation, object_of_search, operation_name, involved_person,
    outcome_linked_to_object_of_search, removal_of_more_than_outer_clothing, operation, outcome,
    outcome_object_id, outcome_object_name, street_id, latitude, longitude,
    force_id, neighbourhood_id, reported_by, reported_by
  from stops
  where month = ?`,
};

/** The rows of a kind and month that are stored. */
export function readRows(db: Database.Database, kind: Kind, month: Month): Rows {
  const rows = db.prepare<[string], unknown[]>(SELECT[kind]).raw().all(month);
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Rows of the truth that are not stored, and stored rows that are not of the truth. */
export function compareRows(truth: Rows, stored: Rows): { lost: Rows; surplus: Rows } {
  return { lost: less(truth, stored), surplus: less(stored, truth) };
}

/** What is left of `rows` when each of `others` is taken out once. */
function less(rows: Rows, others: Rows): Rows {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
