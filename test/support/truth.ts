import Database from "better-sqlite3";
import { boundingBox } from "../../src/geo/box.ts";
import type { Box } from "../../src/geo/box.ts";
import type { World } from "../../src/sandbox/world.ts";
import { KINDS } from "../../src/types.ts";
import type { Kind, Month, Point, Ring } from "../../src/types.ts";
import { sideOfRing, toWhole } from "./exact.ts";

/** A row as text: columns in a fixed order, JSON. */
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
  const truth: Truth = { crimes: new Map(), outcomes: new Map() };
  for (const kind of KINDS) {
    for (const month of world.months) {
      const records = world.records(kind, month);
      const rows = (records?.find(EVERYWHERE) ?? []).flatMap((index) => {
        const raw: Raw = JSON.parse(records?.json(index) ?? "null");
        const crime = kind === "crimes" ? raw : objectOf(raw, "crime");
        const [force, area] = locate(pointOf(crime));
        if (inside && force === null) return [];
        const columns = kind === "crimes" ? crimeColumns(raw) : outcomeColumns(raw);
        return JSON.stringify([...columns, force, area]);
      });
      truth[kind].set(month, rows.sort());
    }
  }
  return truth;
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

function placeColumns(crime: Raw): unknown[] {
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
    force_id, neighbourhood_id
  from crimes
  where month = ?`,
  outcomes: `select crime_id, category, date, person_id, crime_category, crime_month,
    crime_persistent_id, street_id, latitude, longitude, force_id, neighbourhood_id
  from outcomes
  where date = ?`,
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
