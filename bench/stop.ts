import type { RawStop } from "../src/sandbox/world.ts";
import type { Month } from "../src/types.ts";
import { mix, streetOf } from "./record.ts";
import type { Snap } from "./month.ts";

/** A force and month; the force has the snap points from one to another. */
export type StopsOptions = {
  seed: number;
  month: Month;
  force: number;
  snap: Snap;
  points: { from: number; to: number };
};

/** A stop as `/stops-force` gives it, and the snap point that it stands on; null: it has no place. */
export type DrawnStop = { stop: RawStop; point: number | null };

/** Value and its share of a hundred stops, as in the files of January 2024. */
const GENDERS = spread([
  ["Male", 88],
  ["Female", 10],
  [null, 2],
]);
const AGES = spread([
  ["18-24", 31],
  ["25-34", 25],
  ["over 34", 22],
  ["10-17", 15],
  [null, 7],
]);
const SELF = spread([
  ["White - English/Welsh/Scottish/Northern Irish/British", 44],
  ["Other ethnic group - Not stated", 21],
  ["Black/African/Caribbean/Black British - Any other Black/African/Caribbean background", 15],
  ["Asian/Asian British - Bangladeshi", 12],
  [null, 8],
]);
/** The codes that some forces publish. */
const SELF_CODED = spread([
  ["White - White British (W1)", 70],
  ["Black or Black British - African (B2)", 20],
  ["Not Stated (NS)", 10],
]);
const OFFICER = spread([
  ["White", 55],
  ["Black", 22],
  ["Asian", 13],
  ["Other", 4],
  [null, 6],
]);
const LEGISLATION = spread([
  ["Misuse of Drugs Act 1971 (section 23)", 62],
  ["Police and Criminal Evidence Act 1984 (section 1)", 34],
  ["Firearms Act 1968 (section 47)", 1],
  [null, 3],
]);
const OBJECTS = spread([
  ["Controlled drugs", 62],
  ["Offensive weapons", 14],
  ["Stolen goods", 11],
  ["Article for use in theft", 8],
  [null, 5],
]);
const OUTCOMES = spread([
  ["A no further action disposal", 68],
  ["Arrest", 14],
  ["Community resolution", 8],
  ["Khat or Cannabis warning", 4],
  [null, 6],
]);
const TYPES = spread([
  ["Person search", 78],
  ["Person and Vehicle search", 20],
  ["Vehicle search", 2],
]);
const FLAGS = spread<boolean | null>([
  [false, 70],
  [true, 20],
  [null, 10],
]);

/** Each so many stops one is equal to the one before it. */
const EQUAL_EVERY = 60;
/** The share of stops without a place. */
const UNPLACED = 0.1;

/** Draws stops by their index: the same options always give the same stop. */
export function createStops(options: StopsOptions): (record: number) => DrawnStop {
  const { seed, month, force, snap, points } = options;
  const key = mix(mix(seed + 1) ^ Number(month.replace("-", ""))) ^ mix(force * 65_537 + 3);
  const momentOf = createClock(month);
  return (record) => {
    const own = record % EQUAL_EVERY === EQUAL_EVERY - 1 ? record - 1 : record;
    const start = mix(key ^ own);
    const hash = (nth: number) => mix(start + Math.imul(nth, 0x9e3779b1));
    const pick = <T>(values: readonly T[], nth: number): T | null =>
      values[hash(nth) % values.length] ?? null;
    const point = hash(1) < UNPLACED * 2 ** 32 ? null : pointAt(snap, points, hash(2) / 2 ** 32);
    const type = pick(TYPES, 3) ?? "";
    const stop: RawStop = {
      age_range: pick(AGES, 4),
      ...outcomeOf(pick(OUTCOMES, 5), force),
      involved_person: type !== "Vehicle search",
      self_defined_ethnicity: pick(force % 9 === 5 ? SELF_CODED : SELF, 6),
      gender: pick(GENDERS, 7),
      legislation: pick(LEGISLATION, 8),
      outcome_linked_to_object_of_search: pick(FLAGS, 9),
      datetime: momentOf(hash(10)),
      removal_of_more_than_outer_clothing: pick(FLAGS, 11),
      location: point === null ? null : placeAt(snap, point),
      operation: force % 2 === 0 ? false : null,
      officer_defined_ethnicity: pick(OFFICER, 12),
      type,
      operation_name: null,
      object_of_search: pick(OBJECTS, 13),
    };
    return { stop, point };
  };
}

/** Forces differ in how they write no outcome, and one in seven has no `outcome_object`. */
function outcomeOf(
  name: string | null,
  force: number,
): Pick<RawStop, "outcome" | "outcome_object"> {
  if (force % 7 === 4) return { outcome: name ?? false };
  const short = (name ?? "").replace(/^A (.*) disposal$/, "$1").toLowerCase();
  const id = short === "" ? "" : `bu-${short.replaceAll(" ", "-")}`;
  return {
    outcome: name ?? (force % 7 === 3 ? null : ""),
    outcome_object: { id, name: name ?? "" },
  };
}

/** The point that a share, 0 to 1, of the weight of a force's points leads to. */
function pointAt({ cumulative }: Snap, { from, to }: { from: number; to: number }, share: number) {
  const before = cumulative[from - 1] ?? 0;
  const wanted = before + share * ((cumulative[to - 1] ?? 0) - before);
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeAt(snap: Snap, point: number): RawStop["location"] {
  return {
    latitude: (snap.latitude[point] ?? 0).toFixed(6),
    street: streetOf(point),
    longitude: (snap.longitude[point] ?? 0).toFixed(6),
  };
}

/** Minutes of a month in Britain, written in UTC: in summer its first hour is of the month before. */
function createClock(month: Month): (hash: number) => string {
  const start = Date.parse(`${month}-01T00:00:00Z`);
  const next = new Date(start);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const minutes = (next.getTime() - start) / 60_000;
  const year = Number(month.slice(0, 4));
  const [summer, winter] = [lastSunday(year, 2), lastSunday(year, 9)];
  return (hash) => {
    const local = start + (hash % minutes) * 60_000;
    const isSummer = local >= summer && local < winter;
    const moment = new Date(isSummer ? local - 3_600_000 : local);
    return `${moment.toISOString().slice(0, 19)}+00:00`;
  };
}

/** Two o'clock on the last Sunday of a month that has 31 days. */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31, 2));
  return last.setUTCDate(31 - last.getUTCDay());
}

function spread<T>(shares: readonly [T, number][]): T[] {
  return shares.flatMap(([value, share]) => Array<T>(share).fill(value));
}
