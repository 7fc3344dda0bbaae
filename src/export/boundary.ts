type Position = [longitude: number, latitude: number];

export type Polygon = { type: "Polygon"; coordinates: [Position[]] };

/** A ring of fewer is not a polygon in GeoJSON, WKT and WKB. */
const FEWEST = 4;

/**
 * A stored boundary with its ring anticlockwise, as RFC 7946 and GeoParquet want it: the API gives
 * either way round. Null where there is none, or none that encloses anything.
 */
export function readBoundary(text: string | null): Polygon | null {
  if (text === null) return null;
  const { coordinates }: Polygon = JSON.parse(text);
  const [ring] = coordinates;
  if (ring.length < FEWEST) return null;
  const turned = doubleArea(ring) < 0 ? ring.toReversed() : ring;
  return { type: "Polygon", coordinates: [turned] };
}

/** Above 0: anticlockwise. Measured from the first point, so that little is lost in rounding. */
function doubleArea(ring: readonly Position[]): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[index + 1] ?? [x0, y0];
    return sum + (x - x0) * (nextY - y0) - (nextX - x0) * (y - y0);
  }, 0);
}
