import { gzipSync } from "node:zlib";
import type { Month } from "../types.ts";
import type { Sent } from "./reply.ts";
import type { Subject } from "./subjects.ts";
import type { RawStop } from "./world.ts";

/** What would be told, were it not for the lie; `url` is the one that was asked. */
export type Truth = { subject: Subject; month: Month; body: string; url: URL };

type Lie = (truth: Truth) => Sent;
type Json = Record<string, unknown>;

const MIB = 2 ** 20;
const HUGE_MIB = 200;
const BOMB_MIB = 500;
const NESTED = 100_000;
const ESCAPES = "\u001B[2J\u001B]0;owned\u0007\u009B31m \u202Eevil\u2066 \u200B";

/** Where the records of each subject have their kind and their time. */
const KEYS = {
  crimes: { kind: "category", time: "month" },
  outcomes: { kind: "category", time: "date" },
  unlocated: { kind: "category", time: "month" },
  stops: { kind: "type", time: "datetime" },
} satisfies Record<Subject, { kind: string; time: string }>;

/** How each lie is made from the truth: nothing of its reply is to be believed. */
const LIES = {
  "wrong-type": inFirst((record, kind) => ({ ...record, [kind]: 7 })),
  "missing-key": inFirst((record, kind) => ({ ...record, [kind]: undefined })),
  "latitude-nan": inFirst((record) => ({ ...record, location: placeAt("NaN") })),
  "latitude-91": inFirst((record) => ({ ...record, location: placeAt("91.000000") })),
  "id-string": changeId(String),
  "id-huge": changeId(() => 2 ** 60),
  "other-month": dateFirst("2015-01"),
  "huge-body": ({ body }) => ({ body: pad(body, HUGE_MIB) }),
  "gzip-bomb": ({ body }) => ({ headers: { "content-encoding": "gzip" }, body: packed(body) }),
  "deep-nesting": () => ({ body: "[".repeat(NESTED) + "]".repeat(NESTED) }),
  "duplicate-keys": duplicateKeys,
  // Names may hold anything: it is the terminal that must not see it.
  "escapes-in-names": inFirst((record) => {
    const [place, street] = placeOf(record);
    return { ...record, location: { ...place, street: { ...street, name: ESCAPES } } };
  }),
  "escapes-in-dates": dateFirst(ESCAPES),
  // Only a computed key of this name is a key of the object's own.
  "proto-key": inFirst((record, kind) => ({
    ...record,
    [kind]: undefined,
    ["__proto__"]: { [kind]: record[kind] },
  })),
  redirect: ({ url }) => ({ status: 302, headers: { location: elsewhere(url) }, body: "" }),
} satisfies Record<string, Lie>;

export type LieName = keyof typeof LIES;
export const LIE_NAMES = Object.keys(LIES).filter(isLieName);

function isLieName(name: string): name is LieName {
  return Object.hasOwn(LIES, name);
}

/** Tells a lie in the place of the truth. */
export function tellLie(name: LieName, truth: Truth): Sent {
  return LIES[name](truth);
}

/** A lie about the first record, for an outcome its crime; about a made-up one where there is none. */
function inFirst(change: (record: Json, kindKey: string) => Json): Lie {
  return (truth) => {
    const { kind } = KEYS[truth.subject];
    return changeFirst(truth, (record) =>
      truth.subject === "outcomes"
        ? { ...record, crime: change(toObject(record["crime"]), kind) }
        : change(record, kind),
    );
  };
}

/** A lie about an id; stops have none of their own, but their streets have. */
function changeId(change: (id: unknown) => unknown): Lie {
  return inFirst((record) => {
    if ("id" in record) return { ...record, id: change(record["id"]) };
    const [place, street] = placeOf(record);
    return { ...record, location: { ...place, street: { ...street, id: change(street["id"]) } } };
  });
}

function dateFirst(text: string): Lie {
  return (truth) => {
    const { time } = KEYS[truth.subject];
    const isMoment = truth.subject === "stops" && text !== ESCAPES;
    const value = isMoment ? `${text}-15T12:00:00+00:00` : text;
    return changeFirst(truth, (record) => ({ ...record, [time]: value }));
  };
}

function changeFirst({ subject, month, body }: Truth, change: (record: Json) => Json): Sent {
  const records: unknown[] = JSON.parse(body);
  const first = records.length === 0 ? madeUp(subject, month) : toObject(records[0]);
  return { body: JSON.stringify([change(first), ...records.slice(1)]) };
}

const DOUBLED = {
  crimes: `"id":${2 ** 40}`,
  outcomes: `"person_id":${2 ** 40}`,
  unlocated: `"id":${2 ** 40}`,
  stops: `"datetime":"2015-01-15T12:00:00+00:00"`,
} satisfies Record<Subject, string>;

/** The first record with a key twice: parsers take the last of them, people read the first. */
function duplicateKeys(truth: Truth): Sent {
  const { body } = changeFirst(truth, (record) => record);
  const key = DOUBLED[truth.subject];
  return { body: String(body).replace("[{", `[{${key},`) };
}

/** A body that is as good as the true one, but for the blanks in it. */
function* pad(body: string, mebibytes: number): Generator<Buffer, void> {
  const blanks = Buffer.alloc(MIB, " ");
  yield Buffer.from(body.slice(0, -1));
  for (let sent = 0; sent < mebibytes; sent += 1) yield blanks;
  yield Buffer.from(body.slice(-1));
}

/** The same, larger still, in a thousandth of the bytes: gzip files may stand in a row. */
function* packed(body: string): Generator<Buffer, void> {
  const blanks = gzipSync(Buffer.alloc(MIB, " "));
  yield gzipSync(body.slice(0, -1));
  for (let sent = 0; sent < BOMB_MIB; sent += 1) yield blanks;
  yield gzipSync(body.slice(-1));
}

/** The same question to a host of another name, which happens to be this one. */
export function elsewhere(url: URL): string {
  const other = new URL(url);
  other.hostname = "localhost";
  return other.href;
}

function madeUp(subject: Subject, month: Month): Json {
  if (subject === "stops") return madeUpStop(month);
  const crime = {
    category: "burglary",
    location_type: "Force",
    location: placeAt("51.500000"),
    context: "",
    persistent_id: "",
    id: 1,
    location_subtype: "",
    month,
  };
  if (subject === "crimes") return { ...crime, outcome_status: null };
  if (subject === "unlocated") {
    return { ...crime, location: null, location_type: null, outcome_status: null };
  }
  const category = { code: "charged", name: "Suspect charged" };
  return { category, date: month, person_id: null, crime };
}

function madeUpStop(month: Month): RawStop {
  return {
    type: "Person search",
    datetime: `${month}-15T12:00:00+00:00`,
    involved_person: true,
    operation: null,
    operation_name: null,
    location: placeAt("51.500000"),
    gender: null,
    age_range: null,
    self_defined_ethnicity: null,
    officer_defined_ethnicity: null,
    legislation: null,
    object_of_search: null,
    outcome: "",
    outcome_object: { id: "", name: "" },
    outcome_linked_to_object_of_search: null,
    removal_of_more_than_outer_clothing: null,
  };
}

function placeAt(latitude: string) {
  return { latitude, longitude: "-0.100000", street: { id: 1, name: "On or near Nowhere" } };
}

/** The place of a record, a made-up one where it has none, and its street. */
function placeOf({ location }: Json): [place: Json, street: Json] {
  const place = toObject(location ?? placeAt("51.500000"));
  return [place, toObject(place["street"])];
}

function toObject(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
