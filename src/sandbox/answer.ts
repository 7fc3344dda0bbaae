import { KINDS } from "../types.ts";
import type { Kind, Month, Point, Ring } from "../types.ts";
import { bare } from "./reply.ts";
import type { HttpReply } from "./reply.ts";
import type { World } from "./world.ts";

export type ApiRequest = { method: string; path: string; params: URLSearchParams };

/** The reply where nothing stands in its way; `records` is how many of an area and month there are. */
export type Answered = HttpReply & { records: number; month?: Month };

/** Where each kind is asked for by area. */
const PATHS = {
  crimes: "/crimes-street/all-crime",
  outcomes: "/outcomes-at-location",
} satisfies Record<Kind, string>;

/** The kind of records that a path gives for an area; undefined where it gives none. */
export function kindOf(path: string): Kind | undefined {
  return KINDS.find((kind) => PATHS[kind] === path);
}

/** Replies as the API does, quirks included and limits left out: those are obstacles. */
export function answer(world: World, { method, path, params }: ApiRequest): Answered {
  const kind = kindOf(path);
  if (kind !== undefined) return answerArea(world, kind, params);
  if (method !== "GET") return failure(405);
  switch (path) {
    case "/crimes-street-dates":
      return json(world.months.toReversed().map((date) => ({ date, "stop-and-search": [] })));
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

/** A month that is missing or misspelt is the latest one; before the window 404, after it nothing. */
function answerArea(world: World, kind: Kind, params: URLSearchParams): Answered {
  const ring = parsePoly(params.get("poly"));
  if (ring === undefined) return failure(404);
  if (ring.length < 3) return failure(502);
  const asked = params.get("date") ?? "";
  const month: Month = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : newest(world);
  const records = world.records(kind, month);
  const found = records?.find(ring) ?? [];
  const [oldest] = world.months;
  if (oldest === undefined || month < oldest) {
    return { ...failure(404), month, records: found.length };
  }
  const body = () => `[${found.map((index) => records?.json(index) ?? "null").join(",")}]`;
  return { status: 200, body, month, records: found.length };
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
