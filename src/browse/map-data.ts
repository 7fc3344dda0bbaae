import * as v from "@badrap/valita";
import type { Context, Hono } from "hono";
import { findKnownGap } from "../police-api.ts";
import { MAP_KINDS } from "../store/read/map.ts";
import type { AreaCount, AreaMonth, MapKind, MapReader } from "../store/read/map.ts";
import type { Month } from "../types.ts";
import { gatherPoints } from "./map-points.ts";
import type { PlacedArea, ShapeSource } from "./map-shapes.ts";
import type { MapArea, MapCounts, MapReplies } from "./messages.ts";

const STREETS = 8;
const DEEPEST = 19;
/** Neighbourhoods without a record in the month that are looked up in all others, at most. */
const MOST_BARE = 1000;

export type MapTools = { readers: Record<MapKind, MapReader>; shapes: ShapeSource };

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const id = v.string().assert(({ length }) => length > 0 && length <= 200);
const number = v.string().map(Number);
const degrees = (limit: number) => number.assert((value) => Math.abs(value) <= limit);
const chosen = v.object({
  month: v.string().assert((value) => MONTH.test(value)),
  category: id.optional(),
  kind: v.union(...MAP_KINDS.map((kind) => v.literal(kind))).optional(),
});
const chosenArea = chosen.extend({ force: id, id });
const chosenView = chosen.extend({
  force: id.optional(),
  south: degrees(90),
  north: degrees(90),
  west: degrees(180),
  east: degrees(180),
  zoom: number.assert((value) => Number.isInteger(value) && value >= 0 && value <= DEEPEST),
});

/** What the map's script asks for, under /data/map; 400 for what makes no sense. */
export function addMapData(app: Hono, { readers, shapes }: MapTools): void {
  app.get("/data/map/shapes", async (context) => {
    const { etag, content } = await shapes.find();
    const headers = { etag, "cache-control": "no-cache", vary: "accept-encoding" };
    if (context.req.header("if-none-match") === etag) return context.body(null, 304, headers);
    return context.body(new Uint8Array(content), 200, {
      ...headers,
      "content-type": "application/json",
      "content-encoding": "gzip",
    });
  });
  serve(app, "/data/map/counts", async (context) => {
    const query = parse(chosen, context, readers);
    if (query === undefined) return undefined;
    const { areas } = await shapes.find();
    return countAreas(readers[query.kind ?? "crimes"], areas, query);
  });
  serve(app, "/data/map/area", (context) => {
    const query = parse(chosenArea, context, readers);
    return query && describeArea(readers[query.kind ?? "crimes"], query);
  });
  serve(app, "/data/map/points", async (context) => {
    const query = parse(chosenView, context, readers);
    if (query === undefined || query.south >= query.north || query.west >= query.east)
      return undefined;
    const { areas } = await shapes.find();
    return gatherPoints(readers[query.kind ?? "crimes"], areas, {
      ...query,
      category: query.category ?? null,
    });
  });
}

type Found<Path extends keyof MapReplies> = MapReplies[Path] | undefined;

/** Replies with JSON; what there is none of is refused. */
function serve<Path extends keyof MapReplies>(
  app: Hono,
  path: Path,
  find: (context: Context) => Found<Path> | Promise<Found<Path>>,
): void {
  app.get(path, async (context) => {
    const found = await find(context);
    if (found !== undefined) return context.json<object>(found);
    return context.json({ error: "there is no such month, category, neighbourhood or view" }, 400);
  });
}

/** The query, where it fits and names a month and a category that are here. */
function parse<
  T extends { month: string; category?: string | undefined; kind?: MapKind | undefined },
>(schema: v.Type<T>, context: Context, readers: MapTools["readers"]): T | undefined {
  const given = Object.entries(context.req.query()).filter(([, value]) => value !== "");
  const parsed = schema.try(Object.fromEntries(given), { mode: "strip" });
  const reader = readers[parsed.ok ? (parsed.value.kind ?? "crimes") : "crimes"];
  if (!parsed.ok || !reader.listMonths().includes(parsed.value.month)) return undefined;
  const { category } = parsed.value;
  if (category === undefined) return parsed.value;
  return reader.listCategories().some((one) => one.id === category) ? parsed.value : undefined;
}

/** Records by force and neighbourhood; a force that is not among the complete has no figures. */
function countAreas(
  reader: MapReader,
  areas: readonly PlacedArea[],
  query: { month: Month; category?: string | undefined; kind?: MapKind | undefined },
): MapCounts {
  const { month, category = null, kind = "crimes" } = query;
  const counted = reader.listCounts(month, category);
  const counts = counted.map(
    ({ forceId, neighbourhoodId, records }): MapCounts["counts"][number] => [
      forceId,
      neighbourhoodId,
      records,
    ],
  );
  const all = category === null ? counted : reader.listCounts(month, null);
  const complete = reader.listComplete(month);
  const gaps = complete.flatMap((forceId) => {
    const gap = findKnownGap({ forceId, kind, month }, sumOf(all, forceId));
    return gap === undefined ? [] : [{ force: forceId, why: gap.why }];
  });
  const silent = new Set(gaps.map(({ force }) => force));
  const loud = new Set(complete.filter((forceId) => !silent.has(forceId)));
  const bare = listBare(
    reader,
    areas.filter(({ forceId }) => loud.has(forceId)),
    all,
  );
  return { month, category, complete, gaps, counts, bare };
}

/** Only those with nothing in this month are looked up in all others. */
function listBare(
  reader: MapReader,
  areas: readonly PlacedArea[],
  counted: readonly AreaCount[],
): MapCounts["bare"] {
  const known = new Set(counted.map((area) => `${area.forceId}/${area.neighbourhoodId}`));
  return areas
    .filter((area) => !known.has(`${area.forceId}/${area.neighbourhoodId}`))
    .slice(0, MOST_BARE)
    .filter((area) => !reader.hasRecords(area))
    .map(({ forceId, neighbourhoodId }) => [forceId, neighbourhoodId]);
}

function sumOf(counts: readonly AreaCount[], forceId: string): number {
  return counts.reduce((sum, count) => (count.forceId === forceId ? sum + count.records : sum), 0);
}

/** A neighbourhood's figures; undefined where there is none of the name. */
function describeArea(
  reader: MapReader,
  query: { force: string; id: string; month: Month; category?: string | undefined },
): MapArea | undefined {
  const area = { forceId: query.force, neighbourhoodId: query.id };
  const found = reader.findArea(area);
  if (found === undefined) return undefined;
  const category = query.category ?? null;
  const counts = reader.listTrend(area);
  const complete = new Set(reader.listCompleteMonths(query.force));
  const trend = reader.listMonths().map((month) => ({
    month,
    records: complete.has(month) ? countIn(counts, month, category) : null,
  }));
  const categories = reader
    .listCategories()
    .map((one) => ({ ...one, records: countIn(counts, query.month, one.id) }))
    .filter(({ records }) => records > 0)
    .toSorted((a, b) => b.records - a.records);
  const streets = reader.listStreets(area, { month: query.month, category, limit: STREETS });
  return { ...found, trend, categories, streets };
}

function countIn(counts: readonly AreaMonth[], month: Month, category: string | null): number {
  return counts
    .filter((count) => count.month === month && (category === null || count.category === category))
    .reduce((sum, { records }) => sum + records, 0);
}
