import * as v from "@badrap/valita";
import { isMonth } from "../months.ts";
import { canBeRelease } from "../police-api.ts";
import type { Category, Crime, Force, Month, Neighbourhood, Outcome, Place } from "../types.ts";
import type { Point } from "../types.ts";
import { InvalidReplyError } from "./errors.ts";

const DEGREES = /^-?\d{1,3}(\.\d{1,20})?([eE]-?\d{1,2})?$/;

const text = v.string();
/** Ids of forces and neighbourhoods become parts of paths, so they are bounded. */
const pathId = text.assert(
  ({ length }) => length > 0 && length <= 300,
  "not of 1 to 300 characters",
);
const number = v
  .number()
  .assert((value) => Number.isSafeInteger(value) && value >= 0, "not a whole number from 0 up");
const month = text.assert(isMonth, "not a month");
const latitude = degrees(90);
const longitude = degrees(180);

const location = v.object({
  latitude,
  longitude,
  street: v.object({ id: number, name: text }),
});

const crimeBase = {
  id: number,
  category: text,
  persistent_id: text,
  location: location.nullable(),
  location_type: text.nullable(),
  location_subtype: text.nullable().optional(),
  context: text.nullable().optional(),
};

/** Shapes of the API's replies; keys that we do not know are let through, and never read. */
const crime = v.object({
  ...crimeBase,
  month: text, // compared with the month that was asked for
  outcome_status: v.object({ category: text, date: month }).nullable().optional(),
});
const outcome = v.object({
  category: v.object({ code: text, name: text }),
  date: text, // compared with the month that was asked for
  person_id: number.nullable().optional(),
  crime: v.object({ ...crimeBase, month }),
});

export const replies = {
  months: listOf(v.object({ date: month }), 1),
  lastUpdated: v.object({
    date: text.assert(
      (value) => canBeRelease(value),
      "not a day of a release; is the clock of this machine right?",
    ),
  }),
  categories: listOf(v.object({ url: pathId, name: text })),
  forces: listOf(v.object({ id: pathId, name: text }), 1),
  neighbourhoods: listOf(v.object({ id: pathId, name: text })),
  boundary: listOf(v.object({ latitude, longitude })),
  crimes: listOf(crime),
  outcomes: listOf(outcome),
};

/** Checks a reply against its shape; an InvalidReplyError names the first thing that is wrong. */
export function parseReply<T>(request: string, shape: v.Type<T>, reply: unknown): T {
  const result = shape.try(reply, { mode: "passthrough" });
  if (result.ok) return result.value;
  const { path, message } = firstIssue(result);
  throw new InvalidReplyError(request, `${path.join(".") || "the whole"}: ${message}`);
}

/** Degrees as the API writes them, in a string. */
function degrees(limit: number): v.Type<string> {
  const isWithin = (value: string) => DEGREES.test(value) && Math.abs(Number(value)) <= limit;
  return text.assert(isWithin, `not from -${limit} to ${limit}`);
}

/** Not `v.array`: it would gather all that is wrong with a million records before it says so. */
function listOf<T>(record: v.Type<T>, least = 0): v.Type<T[]> {
  return v.array().chain((values, options) => {
    if (values.length < least) return v.err(`expected at least ${least}`);
    const records: T[] = [];
    for (const [index, value] of values.entries()) {
      const result = record.try(value, options);
      if (!result.ok) {
        const { path, message } = firstIssue(result);
        return v.err({ path: [index, ...path], message });
      }
      records.push(result.value);
    }
    return v.ok(records);
  });
}

function firstIssue({ issues: [issue] }: v.Err) {
  return { path: issue?.path ?? [], message: issue === undefined ? "unknown" : explain(issue) };
}

function explain(issue: v.Err["issues"][number]): string {
  if (issue.code === "missing_value") return "missing";
  if (issue.code === "invalid_type") return `expected ${issue.expected.join(" or ")}`;
  return (issue.code === "custom_error" && issue.message) || issue.code;
}

/** Fails when a record is of another month than was asked for. */
export function checkMonth(request: string, asked: Month, got: Month): void {
  if (got !== asked) throw new InvalidReplyError(request, `a record of ${got}`);
}

export function toMonths(reply: v.Infer<typeof replies.months>): Month[] {
  return [...new Set(reply.map(({ date }) => date))].sort((a, b) => (a < b ? 1 : -1));
}

export function toCategories(reply: v.Infer<typeof replies.categories>): Category[] {
  return uniqueBy(reply, ({ url }) => url)
    .filter(({ url }) => url !== "all-crime")
    .map(({ url, name: label }) => ({ id: url, name: label }));
}

export function toForces(reply: v.Infer<typeof replies.forces>): Force[] {
  return uniqueBy(reply, ({ id }) => id).map(({ id, name }) => ({ id, name }));
}

export function toNeighbourhoods(reply: v.Infer<typeof replies.neighbourhoods>): Neighbourhood[] {
  return uniqueBy(reply, ({ id }) => id).map(({ id, name }) => ({ id, name }));
}

/** What is listed twice is meant once: the first counts. */
function uniqueBy<T>(list: readonly T[], keyOf: (item: T) => string): T[] {
  const found = new Map<string, T>();
  for (const item of list) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
  return [...found.values()];
}

export function toRing(reply: v.Infer<typeof replies.boundary>): Point[] {
  return reply.map((point) => ({
    latitude: Number(point.latitude),
    longitude: Number(point.longitude),
  }));
}

export function toCrime(raw: v.Infer<typeof crime>): Crime {
  return {
    id: raw.id,
    persistentId: raw.persistent_id || null,
    category: raw.category,
    month: raw.month,
    place: toPlace(raw.location),
    locationType: raw.location_type,
    locationSubtype: raw.location_subtype ?? null,
    context: raw.context ?? null,
    outcomeCategory: raw.outcome_status?.category ?? null,
    outcomeDate: raw.outcome_status?.date ?? null,
  };
}

export function toOutcome(raw: v.Infer<typeof outcome>): Outcome {
  return {
    category: { id: raw.category.code, name: raw.category.name },
    date: raw.date,
    personId: raw.person_id ?? null,
    crimeId: raw.crime.id,
    crimeCategory: raw.crime.category,
    crimeMonth: raw.crime.month,
    crimePersistentId: raw.crime.persistent_id || null,
    place: toPlace(raw.crime.location),
  };
}

function toPlace(raw: v.Infer<typeof location> | null): Place | null {
  if (raw === null) return null;
  return {
    street: { id: raw.street.id, name: raw.street.name },
    latitude: Number(raw.latitude),
    longitude: Number(raw.longitude),
  };
}
