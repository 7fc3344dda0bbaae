import { isMonth } from "../months.ts";
import type { Month, Point, Ring } from "../types.ts";
import type { RecordList } from "./record-list.ts";
import { bare } from "./reply.ts";
import type { HttpReply } from "./reply.ts";
import { DATES, subjectOf } from "./subjects.ts";
import type { AreaKind } from "./subjects.ts";
import type { World } from "./world.ts";

export type ApiRequest = { method: string; path: string; params: URLSearchParams };

/** The reply where nothing stands in its way; `records` is how many there are of what was asked. */
export type Answered = HttpReply & { records: number; month?: Month };

/** It publishes records, but the list of forces lacks it. */
const TRANSPORT_POLICE = "btp";

/** Replies as the API does, quirks included and limits left out: those are obstacles. */
export function answer(world: World, { method, path, params }: ApiRequest): Answered {
  const subject = subjectOf(path);
  if (subject === "stops") return answerStops(world, params);
  if (subject === "unlocated") return answerUnlocated(world, params);
  if (subject !== undefined) return answerArea(world, subject, params);
  if (method !== "GET") return failure(405);
  switch (path) {
    case DATES:
      return json(listMonths(world));
    case "/crime-last-updated":
      return json({ date: world.released ?? `${newest(world)}-01` });
    case "/crime-categories":
      return json(Object.entries(world.categories).map(([url, name]) => ({ url, name })));
    case "/forces":
      return json(world.forces);
    default:
      return answerForce(world, path);
  }
}

/** Older replies do not say which forces have published stops. */
function listMonths({ months, stopForces }: World) {
  return months
    .toReversed()
    .map((date) =>
      stopForces === undefined
        ? { date }
        : { date, "stop-and-search": stopForces(date).toSorted() },
    );
}

function answerForce(world: World, path: string): Answered {
  const [forceId = "", second, third, ...rest] = segmentsOf(path);
  if (second === undefined || rest.length > 0) return failure(404);
  const found =
    third === undefined && second === "neighbourhoods"
      ? world.neighbourhoods(forceId)
      : third === "boundary"
        ? world.boundary(forceId, second)
        : undefined;
  return found === undefined ? failure(404) : json(found);
}

/** The segments of a path, decoded. */
export function segmentsOf(path: string): string[] {
  return path.split("/").slice(1).map(decode);
}

/** A segment of a path; one that is not well encoded names nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

/** A force that is not known has published nothing. */
function answerStops(world: World, params: URLSearchParams): Answered {
  const month = monthAsked(world, params);
  return replyList(world, month, world.stops?.(params.get("force") ?? "", month));
}

/** A force that is not known is 502; a category that is not known means all crime. */
function answerUnlocated(world: World, params: URLSearchParams): Answered {
  const force = params.get("force") ?? "";
  const isKnown = force === TRANSPORT_POLICE || world.forces.some(({ id }) => id === force);
  if (!isKnown) return failure(502);
  const month = monthAsked(world, params);
  const all = world.unlocated?.(force, month);
  const category = params.get("category") ?? "";
  const isOne = category !== "all-crime" && Object.hasOwn(world.categories, category);
  return replyList(world, month, isOne ? ofCategory(all, category) : all);
}

function ofCategory(list: RecordList | undefined, category: string): RecordList {
  const found = toJsons(list).filter((crime) => JSON.parse(crime).category === category);
  return { count: found.length, json: (index) => found[index] ?? "null" };
}

/** All records of a force and month: there is no limit to them. Before the window it is 502. */
function replyList(world: World, month: Month, list: RecordList | undefined): Answered {
  const records = list?.count ?? 0;
  if (isBefore(world, month)) return { ...failure(502), month, records };
  return { status: 200, body: () => `[${toJsons(list).join(",")}]`, month, records };
}

function toJsons(list: RecordList | undefined): string[] {
  return Array.from({ length: list?.count ?? 0 }, (_, index) => list?.json(index) ?? "null");
}

/** Before the window an area is 404, after it nothing. */
function answerArea(world: World, kind: AreaKind, params: URLSearchParams): Answered {
  const ring = parsePoly(params.get("poly"));
  if (ring === undefined) return failure(404);
  if (ring.length < 3) return failure(502);
  const month = monthAsked(world, params);
  const records = world.records(kind, month);
  const found = records?.find(ring) ?? [];
  if (isBefore(world, month)) return { ...failure(404), month, records: found.length };
  const body = () => `[${found.map((index) => records?.json(index) ?? "null").join(",")}]`;
  return { status: 200, body, month, records: found.length };
}

/** A month that is missing or misspelt is the latest one. */
function monthAsked(world: World, params: URLSearchParams): Month {
  const asked = params.get("date") ?? "";
  return isMonth(asked) ? asked : newest(world);
}

/** Whether a month has left the window. */
function isBefore({ months: [oldest] }: World, month: Month): boolean {
  return oldest === undefined || month < oldest;
}

/** The ring of a `poly`; undefined where it cannot be read. */
export function parsePoly(text: string | null): Ring | undefined {
  if (text === null) return undefined;
  const ring: Point[] = [];
  for (const pair of text.split(":")) {
    const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(pair);
    if (match === null) return undefined;
    ring.push({ latitude: Number(match[1]), longitude: Number(match[2]) });
  }
  return ring;
}

function newest({ months }: World): Month {
  return months.at(-1) ?? "";
}

function json(value: unknown): Answered {
  return { status: 200, body: () => JSON.stringify(value), records: 0 };
}

/** No answer at all to what was asked. */
export function failure(status: number): Answered {
  return { ...bare(status), records: 0 };
}
