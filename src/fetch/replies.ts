import * as v from "@badrap/valita";
import { nextMonth } from "../months.ts";
import { isMonth } from "../months.ts";
import { canBeRelease } from "../police-api.ts";
import type { Category, Crime, Force, Month, Neighbourhood, Outcome, Place } from "../types.ts";
import type { Point, Published, Stop } from "../types.ts";
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

/** The oldest lack `outcome_object`; the outcome is a text, "", null or false. */
const stop = v.object({
  type: text,
  datetime: text, // compared with the month that was asked for
  involved_person: v.boolean().nullable().optional(),
  gender: text.nullable().optional(),
  age_range: text.nullable().optional(),
  self_defined_ethnicity: text.nullable().optional(),
  officer_defined_ethnicity: text.nullable().optional(),
  legislation: text.nullable().optional(),
  object_of_search: text.nullable().optional(),
  outcome: v.union(text, v.boolean()).nullable().optional(),
  outcome_object: v.object({ id: text.nullable(), name: text.nullable() }).nullable().optional(),
  outcome_linked_to_object_of_search: v.boolean().nullable().optional(),
  removal_of_more_than_outer_clothing: v.boolean().nullable().optional(),
  operation: v.boolean().nullable().optional(),
  operation_name: text.nullable().optional(),
  location: location.nullable().optional(),
});

export const replies = {
  months: listOf(v.object({ date: month, "stop-and-search": listOf(pathId).optional() }), 1),
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
  stops: listOf(stop),
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

const DAY_MS = 24 * 3_600_000;

/**
 * Fails when a moment is not of the month that was asked for. Months are cut by local time and
 * moments are in UTC, so that they may be of the day before or after.
 */
export function checkDay(request: string, asked: Month, moment: string): void {
  const ms = Date.parse(moment);
  const from = Date.parse(asked) - DAY_MS;
  const until = Date.parse(nextMonth(asked)) + DAY_MS;
  if (!(ms >= from && ms < until)) throw new InvalidReplyError(request, `a record of ${moment}`);
}

export function toCategories(reply: v.Infer<typeof replies.categories>): Category[] {
  return uniqueBy(reply, ({ url }) => url)
    .filter(({ url }) => url !== "all-crime")
    .map(({ url, name: label }) => ({ id: url, name: label }));
}

/** The newest month first. */
export function toPublished(reply: v.Infer<typeof replies.months>): Published {
  const stops = new Map<Month, string[]>();
  for (const { date, "stop-and-search": forces = [] } of reply) {
    stops.set(date, [...new Set([...(stops.get(date) ?? []), ...forces])]);
  }
  return { published: [...stops.keys()].sort().toReversed(), stops };
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

export function toStop(raw: v.Infer<typeof stop>, asked: Month): Stop {
  const object = raw.outcome_object ?? null;
  return {
    month: asked,
    type: raw.type,
    datetime: raw.datetime,
    involvedPerson: raw.involved_person ?? null,
    gender: raw.gender ?? null,
    ageRange: raw.age_range ?? null,
    selfDefinedEthnicity: raw.self_defined_ethnicity ?? null,
    officerDefinedEthnicity: raw.officer_defined_ethnicity ?? null,
    legislation: raw.legislation ?? null,
    objectOfSearch: raw.object_of_search ?? null,
    outcome: typeof raw.outcome === "string" ? raw.outcome || null : null,
    outcomeObject: object === null ? null : { id: object.id ?? "", name: object.name ?? "" },
    outcomeLinkedToObjectOfSearch: raw.outcome_linked_to_object_of_search ?? null,
    removalOfMoreThanOuterClothing: raw.removal_of_more_than_outer_clothing ?? null,
    operation: raw.operation ?? null,
    operationName: raw.operation_name ?? null,
    place: toPlace(raw.location ?? null),
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
