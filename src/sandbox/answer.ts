import type { Kind, Month, Point, Ring } from "../types.ts";
import { MAX_RECORDS } from "./limits.ts";
import type { World } from "./world.ts";

export type Question = { method: string; path: string; params: URLSearchParams };

/** A reply; `records` is how many it holds, or would hold: latency follows from it. */
export type Answered = { status: number; body: string; records: number };

const AREA_PATHS: Record<string, Kind> = {
  "/crimes-street/all-crime": "crimes",
  "/outcomes-at-location": "outcomes",
};

/** The kind of records that a path gives for an area; undefined where it gives none. */
export function kindOf(path: string): Kind | undefined {
  return Object.hasOwn(AREA_PATHS, path) ? AREA_PATHS[path] : undefined;
}

/** Answers as the API does, quirks included. */
export function answer(world: World, { method, path, params }: Question): Answered {
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
  const [forceId = "", second, third, ...rest] = path.split("/").slice(1).map(decode);
  if (second === undefined || rest.length > 0) return failure(404);
  const found =
    third === undefined && second === "neighbourhoods"
      ? world.neighbourhoods(forceId)
      : third === "boundary"
        ? world.boundary(forceId, second)
        : undefined;
  return found === undefined ? failure(404) : json(found);
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
  if (month < (world.months[0] ?? "")) return failure(404);
  const records = world.records(kind, month);
  const found = records?.find(ring) ?? [];
  if (found.length > MAX_RECORDS) return { status: 503, body: "", records: found.length };
  const texts = found.map((index) => records?.json(index) ?? "null");
  return { status: 200, body: `[${texts.join(",")}]`, records: found.length };
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
  return { status: 200, body: JSON.stringify(value), records: 0 };
}

function failure(status: number): Answered {
  return { status, body: "", records: 0 };
}
