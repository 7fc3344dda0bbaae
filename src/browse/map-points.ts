import Supercluster from "supercluster";
import type { PointFeature } from "supercluster";
import type { Box } from "../geo/box.ts";
import type { MapReader, PointCount } from "../store/read/map.ts";
import type { Month } from "../types.ts";
import type { PlacedArea } from "./map-shapes.ts";
import type { Circle, MapPoints } from "./messages.ts";

/** Map points nearer than so many pixels are one circle, up to this zoom. */
const RADIUS = 58;
const CLUSTERED_ZOOM = 17;
/** Crimes that are read for a view, at most; the map asks only when zoomed in. */
const MOST_CRIMES = 20_000;
const MOST_AREAS = 600;

export type PointView = Box & {
  month: Month;
  category: string | null;
  force?: string | undefined;
  zoom: number;
};

/** The crimes of the neighbourhoods in view, counted by map point; the nearest to the middle first. */
export function gatherPoints(
  reader: MapReader,
  areas: readonly PlacedArea[],
  view: PointView,
): MapPoints {
  const inView = areas
    .filter(
      ({ forceId, box }) =>
        (view.force === undefined || view.force === forceId) && overlaps(box, view),
    )
    .toSorted((a, b) => distance(a.box, view) - distance(b.box, view));
  const found = view.force === undefined ? reader.listUnplaced(view, view) : [];
  let records = sum(found);
  let asked = 0;
  for (const area of inView.slice(0, MOST_AREAS)) {
    if (records > MOST_CRIMES) break;
    asked += 1;
    for (const point of reader.listPoints(area, view)) {
      found.push(point);
      records += point.records;
    }
  }
  return { isWhole: asked === inView.length, circles: cluster(reader, found, view) };
}

type Spot = { records: number; streetId: number | null; categories: Map<string, number> };

function cluster(reader: MapReader, found: readonly PointCount[], view: PointView): Circle[] {
  const index = new Supercluster<Spot, { records: number }>({
    radius: RADIUS,
    maxZoom: CLUSTERED_ZOOM,
    map: ({ records }) => ({ records }),
    reduce: (into, { records }) => void (into.records += records),
  });
  index.load(mergePoints(found));
  const { west, south, east, north } = view;
  return index
    .getClusters([west, south, east, north], view.zoom)
    .map(({ geometry, properties }) => {
      const [longitude = 0, latitude = 0] = geometry.coordinates;
      const circle = { latitude, longitude, records: properties.records };
      if ("cluster_id" in properties)
        return { ...circle, opensAt: index.getClusterExpansionZoom(properties.cluster_id) };
      const { streetId, categories } = properties;
      return {
        ...circle,
        street: streetId === null ? null : (reader.findStreet(streetId) ?? null),
        categories: [...categories]
          .map(([id, records]) => ({ id, records }))
          .toSorted((a, b) => b.records - a.records),
      };
    });
}

/** One feature for each place: crimes of several categories and neighbourhoods share it. */
function mergePoints(found: readonly PointCount[]): PointFeature<Spot>[] {
  const places = new Map<string, PointFeature<Spot>>();
  for (const { latitude, longitude, streetId, category, records } of found) {
    const key = `${latitude},${longitude}`;
    const place = places.get(key) ?? placeAt(longitude, latitude, streetId);
    const { properties } = place;
    properties.records += records;
    properties.categories.set(category, (properties.categories.get(category) ?? 0) + records);
    places.set(key, place);
  }
  return [...places.values()];
}

function placeAt(longitude: number, latitude: number, streetId: number | null): PointFeature<Spot> {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: { records: 0, streetId, categories: new Map() },
  };
}

function overlaps(a: Box, b: Box): boolean {
  return a.south <= b.north && a.north >= b.south && a.west <= b.east && a.east >= b.west;
}

/** Between the middles of two boxes, squared, in degrees: enough to sort by. */
function distance(a: Box, b: Box): number {
  return (
    (a.south + a.north - b.south - b.north) ** 2 + ((a.west + a.east - b.west - b.east) * 0.6) ** 2
  );
}

function sum(points: readonly PointCount[]): number {
  return points.reduce((total, { records }) => total + records, 0);
}
