import { gzipSync } from "node:zlib";
import type { Kind, Month } from "../types.ts";
import type { Sent } from "./reply.ts";

/** What would be told, were it not for the lie; `url` is the one that was asked. */
export type Truth = { kind: Kind; month: Month; body: string; url: URL };

type Lie = (truth: Truth) => Sent;
type Json = Record<string, unknown>;

const MIB = 2 ** 20;
const HUGE_MIB = 200;
const BOMB_MIB = 500;
const NESTED = 100_000;
const ESCAPES = "\u001B[2J\u001B]0;owned\u0007\u009B31m \u202Eevil\u2066 \u200B";

/** How each lie is made from the truth about an area: nothing of its reply is to be believed. */
const LIES = {
  "wrong-type": inFirst((crime) => ({ ...crime, category: 7 })),
  "missing-key": inFirst((crime) => ({ ...crime, category: undefined })),
  "latitude-nan": inFirst((crime) => ({ ...crime, location: placeAt("NaN") })),
  "latitude-91": inFirst((crime) => ({ ...crime, location: placeAt("91.000000") })),
  "id-string": inFirst((crime) => ({ ...crime, id: String(crime["id"]) })),
  "id-huge": inFirst((crime) => ({ ...crime, id: 2 ** 60 })),
  "other-month": (truth) => changeFirst(truth, (record) => ({ ...record, ...datedOf(truth) })),
  "huge-body": ({ body }) => ({ body: pad(body, HUGE_MIB) }),
  "gzip-bomb": ({ body }) => ({ headers: { "content-encoding": "gzip" }, body: packed(body) }),
  "deep-nesting": () => ({ body: "[".repeat(NESTED) + "]".repeat(NESTED) }),
  "duplicate-keys": duplicateKeys,
  // Names may hold anything: it is the terminal that must not see it.
  "escapes-in-names": inFirst((crime) => ({ ...crime, location: renamed(crime["location"]) })),
  "escapes-in-dates": (truth) =>
    changeFirst(truth, (record) => ({ ...record, month: ESCAPES, date: ESCAPES })),
  // Only a computed key of this name is a key of the object's own.
  "proto-key": inFirst(({ category, ...crime }) => ({ ...crime, ["__proto__"]: { category } })),
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

/** A lie about the crime of the first record; of a made-up one where there is none. */
function inFirst(change: (crime: Json) => Json): Lie {
  return (truth) =>
    changeFirst(truth, (record) =>
      truth.kind === "crimes"
        ? change(record)
        : { ...record, crime: change(toObject(record["crime"])) },
    );
}

function changeFirst({ kind, month, body }: Truth, change: (record: Json) => Json): Sent {
  const records: unknown[] = JSON.parse(body);
  const first = records.length === 0 ? madeUp(kind, month) : toObject(records[0]);
  return { body: JSON.stringify([change(first), ...records.slice(1)]) };
}

/** The first record with a key twice: parsers take the last of them, people read the first. */
function duplicateKeys(truth: Truth): Sent {
  const { body } = changeFirst(truth, (record) => record);
  const key = truth.kind === "crimes" ? `"id":${2 ** 40}` : `"person_id":${2 ** 40}`;
  return { body: String(body).replace("[{", `[{${key},`) };
}

function datedOf({ kind }: Truth): Json {
  return kind === "crimes" ? { month: "2015-01" } : { date: "2015-01" };
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

function madeUp(kind: Kind, month: Month): Json {
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
  if (kind === "crimes") return { ...crime, outcome_status: null };
  const category = { code: "charged", name: "Suspect charged" };
  return { category, date: month, person_id: null, crime };
}

function placeAt(latitude: string) {
  return { latitude, longitude: "-0.100000", street: { id: 1, name: "On or near Nowhere" } };
}

function renamed(location: unknown): Json {
  const place = toObject(location);
  return { ...place, street: { ...toObject(place["street"]), name: ESCAPES } };
}

function toObject(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
