import type { Month } from "../src/types.ts";

/** A crime of a month, by its index in the month, and the snap point that it stands on. */
export type CrimeOptions = {
  month: Month;
  monthIndex: number;
  record: number;
  street: number;
  latitude: number;
  longitude: number;
  ids: Ids;
};

/** How a month's ids lie: scattered as in the field, or in the order of its records. */
export type Ids = "scattered" | "ordered";

export type DrawnCrime = {
  id: number;
  persistentId: string;
  category: string;
  month: Month;
  street: { id: number; name: string };
  latitude: number;
  longitude: number;
  locationType: string;
  outcome: { category: string; date: Month } | null;
};

export type UnlocatedCrime = Pick<
  DrawnCrime,
  "id" | "persistentId" | "category" | "month" | "outcome"
>;

export type DrawnOutcome = {
  category: { code: string; name: string };
  date: Month;
  crime: DrawnCrime;
};

/** Category and its share of a thousand crimes, as in London. */
const CATEGORIES: [string, number][] = [
  ["violent-crime", 219],
  ["anti-social-behaviour", 213],
  ["other-theft", 106],
  ["vehicle-crime", 104],
  ["burglary", 71],
  ["criminal-damage-arson", 56],
  ["public-order", 51],
  ["shoplifting", 47],
  ["theft-from-the-person", 40],
  ["drugs", 30],
  ["robbery", 28],
  ["bicycle-theft", 17],
  ["other-crime", 11],
  ["possession-of-weapons", 7],
];
const CATEGORY_OF = CATEGORIES.flatMap(([name, share]) => Array<string>(share).fill(name));

const OUTCOMES: [string, string, number][] = [
  ["under-investigation", "Under investigation", 78],
  ["no-further-action", "Investigation complete; no suspect identified", 14],
  ["awaiting-court-result", "Awaiting court outcome", 5],
  ["local-resolution", "Local resolution", 2],
  ["cautioned", "Offender given a caution", 1],
];
/** The outcome categories that occur, with their codes. */
export const OUTCOME_CATEGORIES = OUTCOMES.map(([code, name]) => ({ code, name }));
const OUTCOME_OF = OUTCOMES.flatMap(([code, name, share]) =>
  Array<{ code: string; name: string }>(share).fill({ code, name }),
);

const PLACES = [
  "High Street",
  "Hospital",
  "Supermarket",
  "Station Road",
  "Park/Open Space",
  "Church Lane",
];
/** Ids that a month has; about a quarter of them are of crimes. */
const IDS = 2_000_000;
const FIRST_ID = 60_000_000;
/** All bits of the smallest power of two that is larger than IDS. */
const MASK = 2 ** 21 - 1;

/** The same options always give the same crime. */
export function drawCrime(options: CrimeOptions): DrawnCrime {
  const { month, monthIndex, record, street, latitude, longitude, ids } = options;
  const hash = mix(record * 31 + monthIndex * 7_919 + 1);
  const id = idOf(monthIndex, record, ids);
  const category = CATEGORY_OF[hash % CATEGORY_OF.length] ?? "";
  const isQuiet = category === "anti-social-behaviour";
  const locationType = (hash >>> 4) % 50 === 0 ? "BTP" : "Force";
  const { name } = OUTCOME_OF[(hash >>> 3) % OUTCOME_OF.length] ?? { name: "" };
  return {
    id,
    persistentId: isQuiet || locationType === "BTP" ? "" : hex(hash, id),
    category,
    month,
    street: streetOf(street),
    latitude,
    longitude,
    locationType,
    outcome: isQuiet ? null : { category: name, date: month },
  };
}

/** A crime without location; its record is none of a crime that has one. */
export function drawUnlocated(
  options: Pick<CrimeOptions, "month" | "monthIndex" | "record" | "ids">,
): UnlocatedCrime {
  const { id, persistentId, category, month, outcome } = drawCrime({
    ...options,
    street: 0,
    latitude: 0,
    longitude: 0,
  });
  return { id, persistentId, category, month, outcome };
}

/** The street of a snap point. */
export function streetOf(point: number): { id: number; name: string } {
  return { id: 900_000 + point, name: `On or near ${PLACES[point % PLACES.length]}` };
}

/** An outcome of that crime in a month. */
export function drawOutcome(crime: DrawnCrime, date: Month): DrawnOutcome {
  const hash = mix(crime.id * 31 + 2);
  const category = OUTCOME_OF[hash % OUTCOME_OF.length] ?? { code: "", name: "" };
  return { category, date, crime };
}

/** A crime as `/crimes-street` writes it. */
export function writeCrime(crime: DrawnCrime): string {
  const status = crime.outcome === null ? "null" : JSON.stringify(crime.outcome);
  return write(crime, `"outcome_status":${status},`);
}

/** An outcome as `/outcomes-at-location` writes it. */
export function writeOutcome({ category: { code, name }, date, crime }: DrawnOutcome): string {
  return (
    `{"category":{"code":"${code}","name":"${name}"},"date":"${date}","person_id":null,` +
    `"crime":${write(crime, "")}}`
  );
}

/** A crime as `/crimes-no-location` writes it. */
export function writeUnlocated(crime: UnlocatedCrime): string {
  return JSON.stringify({
    category: crime.category,
    location_type: null,
    location: null,
    context: "",
    outcome_status: crime.outcome,
    persistent_id: crime.persistentId,
    id: crime.id,
    location_subtype: "",
    month: crime.month,
  });
}

function write(crime: DrawnCrime, status: string): string {
  const { street, latitude, longitude } = crime;
  return (
    `{"category":"${crime.category}","location_type":"${crime.locationType}",` +
    `"location":{"latitude":"${latitude.toFixed(6)}",` +
    `"street":{"id":${street.id},"name":"${street.name}"},"longitude":"${longitude.toFixed(6)}"},` +
    `"context":"",${status}"persistent_id":"${crime.persistentId}",` +
    `"id":${crime.id},"location_subtype":"","month":"${crime.month}"}`
  );
}

function idOf(monthIndex: number, record: number, ids: Ids): number {
  const key = Math.imul(monthIndex + 1, 0x9e3779b1);
  const at = ids === "ordered" ? record : scatter(record, key);
  return FIRST_ID + (monthIndex + 1) * IDS + at;
}

/** A permutation of the numbers below IDS: one of all that MASK holds, gone on until it is below. */
function scatter(record: number, key: number): number {
  let at = record;
  do {
    at = Math.imul(at ^ (key & MASK), 0x1d4e5) & MASK;
    at ^= at >>> 11;
    at = Math.imul(at, 0x5f3b7) & MASK;
    at ^= at >>> 9;
  } while (at >= IDS);
  return at;
}

/** 64 hex digits. */
function hex(hash: number, id: number): string {
  let text = "";
  for (let part = 0; part < 8; part += 1) {
    text += mix(hash ^ (id * 8 + part))
      .toString(16)
      .padStart(8, "0");
  }
  return text;
}

/** Mixes the bits of a number into one of 32 bits. */
export function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
