import type { Kind, Month } from "../src/types.ts";

export type RecordOptions = {
  kind: Kind;
  month: Month;
  monthIndex: number;
  /** Its index in the month. */
  record: number;
  street: number;
  latitude: number;
  longitude: number;
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
const PER_MONTH = 1_000_000;

/** One record as the API writes it; the same options always give the same text. */
export function writeRecord(options: RecordOptions): string {
  const { kind, month, monthIndex, record } = options;
  const hash = mix(record * 31 + monthIndex * 7_919 + (kind === "crimes" ? 1 : 2));
  if (kind === "crimes")
    return writeCrime(options, hash, { id: idOf(monthIndex, record), month, status: true });
  const { code, name } = OUTCOME_OF[hash % OUTCOME_OF.length] ?? { code: "", name: "" };
  const isEarlier = (hash >>> 8) % 2 === 0;
  const id = idOf(isEarlier ? monthIndex - 1 : monthIndex, record) + 400_000_000;
  const crime = writeCrime(options, hash, {
    id,
    month: isEarlier ? before(month) : month,
    status: false,
  });
  return `{"category":{"code":"${code}","name":"${name}"},"date":"${month}","person_id":null,"crime":${crime}}`;
}

type CrimeOptions = { id: number; month: Month; status: boolean };

function writeCrime(
  { street, latitude, longitude, month: asked }: RecordOptions,
  hash: number,
  { id, month, status }: CrimeOptions,
): string {
  const category = CATEGORY_OF[hash % CATEGORY_OF.length] ?? "";
  const isQuiet = category === "anti-social-behaviour";
  const type = (hash >>> 4) % 50 === 0 ? "BTP" : "Force";
  const persistent = isQuiet || type === "BTP" ? "" : hex(hash, id);
  const { name } = OUTCOME_OF[(hash >>> 3) % OUTCOME_OF.length] ?? { name: "" };
  const outcome = isQuiet ? "null" : `{"category":"${name}","date":"${asked}"}`;
  const place = PLACES[street % PLACES.length] ?? "";
  return (
    `{"category":"${category}","location_type":"${type}","location":{"latitude":"${latitude.toFixed(6)}",` +
    `"street":{"id":${900_000 + street},"name":"On or near ${place}"},"longitude":"${longitude.toFixed(6)}"},` +
    `"context":"",${status ? `"outcome_status":${outcome},` : ""}"persistent_id":"${persistent}",` +
    `"id":${id},"location_subtype":"","month":"${month}"}`
  );
}

function idOf(monthIndex: number, record: number): number {
  return 60_000_000 + (monthIndex + 1) * PER_MONTH + record;
}

function before(month: Month): Month {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 7);
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

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
