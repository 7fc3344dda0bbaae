import type { MultiPolygon } from "../geo/find-area.ts";

/** The polygons of a stored boundary; none where its text is not what is stored here. */
export function readPolygons(text: string): MultiPolygon {
  const found = parse(text);
  const isWhole = typeof found === "object" && found !== null && "coordinates" in found;
  if (!isWhole) return [];
  return isMultiPolygon(found.coordinates) ? found.coordinates : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMultiPolygon(value: unknown): value is MultiPolygon {
  const isPosition = (at: unknown) => Array.isArray(at) && at.every((x) => typeof x === "number");
  const isRing = (ring: unknown) => Array.isArray(ring) && ring.every(isPosition);
  const isPolygon = (polygon: unknown) => Array.isArray(polygon) && polygon.every(isRing);
  return Array.isArray(value) && value.every(isPolygon);
}
