import type { Context, Hono } from "hono";
import { z } from "zod";
import { findKnownGap } from "../store/read/known-gaps.ts";
import type { AreaCount, AreaMonth, MapReader } from "../store/read/map.ts";
import type { Month } from "../types.ts";
import { gatherPoints } from "./map-points.ts";
import type { ShapeSource } from "./map-shapes.ts";

const STREETS = 8;
const DEEPEST = 19;

export type MapTools = { reader: MapReader; shapes: ShapeSource };

const id = z.string().min(1).max(200);
const degrees = (limit: number) => z.coerce.number().min(-limit).max(limit);
const chosen = z.object({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  category: id.optional(),
});
const chosenArea = chosen.extend({ force: id, id });
const chosenView = chosen.extend({
  force: id.optional(),
  south: degrees(90),
  north: degrees(90),
  west: degrees(180),
  east: degrees(180),
  zoom: z.coerce.number().int().min(0).max(DEEPEST),
});

/** What the map's script asks for, under /data/map; 400 for what makes no sense. */
export function addMapData(app: Hono, { reader, shapes }: MapTools): void {
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
  app.get("/data/map/counts", (context) => {
    const query = parse(chosen, context, reader);
    if (query === undefined) return refuse(context);
    return context.json(countAreas(reader, query.month, query.category ?? null));
  });
  app.get("/data/map/area", (context) => {
    const query = parse(chosenArea, context, reader);
    const found = query && describeArea(reader, query);
    return found === undefined ? refuse(context) : context.json(found);
  });
  app.get("/data/map/points", async (context) => {
    const query = parse(chosenView, context, reader);
    if (query === undefined || query.south >= query.north || query.west >= query.east)
      return refuse(context);
    const { areas } = await shapes.find();
    return context.json(
      gatherPoints(reader, areas, { ...query, category: query.category ?? null }),
    );
  });
}

function refuse(context: Context): Response {
  return context.json({ error: "there is no such month, category, neighbourhood or view" }, 400);
}

/** The query, where it fits and names a month and a category that are here. */
function parse<T extends { month: string; category?: string | undefined }>(
  schema: z.ZodType<T>,
  context: Context,
  reader: MapReader,
): T | undefined {
  const given = Object.entries(context.req.query()).filter(([, value]) => value !== "");
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (!parsed.success || !reader.listMonths().includes(parsed.data.month)) return undefined;
  const { category } = parsed.data;
  if (category === undefined) return parsed.data;
  return reader.listCategories().some((one) => one.id === category) ? parsed.data : undefined;
}

/** Crimes by force and neighbourhood; a force that is not among the complete has no figures. */
function countAreas(reader: MapReader, month: Month, category: string | null) {
  const counted = reader.listCounts(month, category);
  const counts = counted.map(({ forceId, neighbourhoodId, records }) => [
    forceId,
    neighbourhoodId,
    records,
  ]);
  const all = category === null ? counted : reader.listCounts(month, null);
  const complete = reader.listComplete(month);
  const gaps = complete.flatMap((forceId) => {
    const gap = findKnownGap({ forceId, kind: "crimes", month }, sumOf(all, forceId));
    return gap === undefined ? [] : [{ force: forceId, why: gap.why }];
  });
  return { month, category, complete, gaps, counts };
}

function sumOf(counts: readonly AreaCount[], forceId: string): number {
  return counts.reduce((sum, count) => (count.forceId === forceId ? sum + count.records : sum), 0);
}

/** A neighbourhood's figures; undefined where there is none of the name. */
function describeArea(
  reader: MapReader,
  query: { force: string; id: string; month: Month; category?: string | undefined },
) {
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
