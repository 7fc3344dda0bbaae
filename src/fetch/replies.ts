import { z } from "zod";
import type { Category, Crime, Force, Month, Neighbourhood, Outcome, Place } from "../types.ts";
import type { Point } from "../types.ts";
import { InvalidReplyError } from "./errors.ts";

/** Ids of forces and neighbourhoods become parts of paths, so they are bounded. */
const pathId = z.string().min(1).max(300);
const text = z.string();
const number = z.int().nonnegative();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const degrees = z.string().regex(/^-?\d{1,3}(\.\d{1,20})?(e-?\d{1,2})?$/i);
const latitude = degrees.refine((value) => Math.abs(Number(value)) <= 90, "not from -90 to 90");
const longitude = degrees.refine((value) => Math.abs(Number(value)) <= 180, "not from -180 to 180");

const location = z.object({
  latitude,
  longitude,
  street: z.object({ id: number, name: text }),
});

const crimeBase = {
  id: number,
  category: text,
  persistent_id: text,
  location: location.nullable(),
  location_type: text.nullable(),
  location_subtype: text.nullish(),
  context: text.nullish(),
};

/** Shapes of the API's replies; keys that we do not know are left out. */
const crime = z.object({
  ...crimeBase,
  month: text, // compared with the month that was asked for
  outcome_status: z.object({ category: text, date: month }).nullish(),
});
const outcome = z.object({
  category: z.object({ code: text, name: text }),
  date: text, // compared with the month that was asked for
  person_id: number.nullish(),
  crime: z.object({ ...crimeBase, month }),
});

export const replies = {
  months: z.array(z.object({ date: month })).min(1),
  lastUpdated: z.object({ date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  categories: z.array(z.object({ url: pathId, name: text })),
  forces: z.array(z.object({ id: pathId, name: text })).min(1),
  neighbourhoods: z.array(z.object({ id: pathId, name: text })),
  boundary: z.array(z.object({ latitude, longitude })),
  crimes: z.array(crime),
  outcomes: z.array(outcome),
};

/** Checks a reply against its shape; an InvalidReplyError names the first thing that is wrong. */
export function parseReply<T>(request: string, shape: z.ZodType<T>, reply: unknown): T {
  const result = shape.safeParse(reply);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new InvalidReplyError(request, `${where}: ${issue?.message ?? "unknown"}`);
}

/** Fails when a record is of another month than was asked for. */
export function checkMonth(request: string, asked: Month, got: readonly Month[]): void {
  const other = got.find((date) => date !== asked);
  if (other !== undefined) throw new InvalidReplyError(request, `a record of ${other}`);
}

export function toCategories(reply: z.infer<typeof replies.categories>): Category[] {
  return reply
    .filter(({ url }) => url !== "all-crime")
    .map(({ url, name: label }) => ({ id: url, name: label }));
}

export function toForces(reply: z.infer<typeof replies.forces>): Force[] {
  return reply;
}

export function toNeighbourhoods(reply: z.infer<typeof replies.neighbourhoods>): Neighbourhood[] {
  return reply;
}

export function toRing(reply: z.infer<typeof replies.boundary>): Point[] {
  return reply.map((point) => ({
    latitude: Number(point.latitude),
    longitude: Number(point.longitude),
  }));
}

export function toCrime(raw: z.infer<typeof crime>): Crime {
  return {
    id: raw.id,
    persistentId: raw.persistent_id || null,
    category: raw.category,
    month: raw.month,
    place: toPlace(raw.location),
    area: null,
    locationType: raw.location_type,
    locationSubtype: raw.location_subtype ?? null,
    context: raw.context ?? null,
    outcomeCategory: raw.outcome_status?.category ?? null,
    outcomeDate: raw.outcome_status?.date ?? null,
  };
}

export function toOutcome(raw: z.infer<typeof outcome>): Outcome {
  return {
    category: { id: raw.category.code, name: raw.category.name },
    date: raw.date,
    personId: raw.person_id ?? null,
    crimeId: raw.crime.id,
    crimeCategory: raw.crime.category,
    crimeMonth: raw.crime.month,
    crimePersistentId: raw.crime.persistent_id || null,
    place: toPlace(raw.crime.location),
    area: null,
  };
}

function toPlace(raw: z.infer<typeof location> | null): Place | null {
  if (raw === null) return null;
  return {
    street: raw.street,
    latitude: Number(raw.latitude),
    longitude: Number(raw.longitude),
  };
}
