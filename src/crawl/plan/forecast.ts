import { boundingBox } from "../../geo/box.ts";
import { joinAll, toCloud } from "../../geo/cloud.ts";
import { SIZES } from "../../police-api.ts";
import type { StoredBoundary } from "../../store/areas.ts";
import type { Store } from "../../store/store.ts";
import type { Cloud, Kind, Month, Point } from "../../types.ts";

export type ForecastOptions = {
  store: Store;
  kind: Kind;
  month: Month;
  /** Where crimes are, when that is known: outcomes are where crimes were. */
  crimes: Cloud | undefined;
};

/**
 * Where the records of a month are to be expected. The nearest complete month tells it; what no
 * stored month tells is guessed from the boundaries, every neighbourhood alike ('blind').
 */
export function forecast(options: ForecastOptions): { cloud: Cloud; blind: boolean } {
  const { store, kind, month, crimes } = options;
  const cover = store.coverage.readCover();
  const source = nearest(cover.listMonths(kind), month);
  if (source === undefined && crimes !== undefined) {
    const share = SIZES[kind].perNeighbourhood / SIZES.crimes.perNeighbourhood;
    return { cloud: thin(crimes, share), blind: false };
  }
  const cells = source === undefined ? [] : cover.listCells(source, kind);
  const covered = new Set(cells.map(({ forceId }) => forceId));
  const boundaries = store.areas.listBoundaries();
  const unknown = boundaries.filter(({ forceId }) => !covered.has(forceId));
  const guess = joinAll(
    unknown.map(({ ring }) => toCloud(spread(ring, SIZES[kind].perNeighbourhood))),
  );
  const known = source === undefined ? [] : [store.records.listPoints(kind, source)];
  return { cloud: joinAll([...known, guess]), blind: unknown.length > boundaries.length / 2 };
}

/** The month nearest to another. */
export function nearest(months: readonly Month[], month: Month): Month | undefined {
  const distance = (other: Month) => Math.abs(Date.parse(other) - Date.parse(month));
  return [...months].sort((a, b) => distance(a) - distance(b))[0];
}

/** Every so many points, evenly over the cloud. */
function thin({ latitude, longitude }: Cloud, share: number): Cloud {
  const keep = (_: number, index: number) =>
    Math.floor((index + 1) * share) > Math.floor(index * share);
  return { latitude: latitude.filter(keep), longitude: longitude.filter(keep) };
}

/** Points for a neighbourhood: half along its boundary, drawn in towards the middle. */
function spread(ring: StoredBoundary["ring"], count: number): Point[] {
  const { south, west, north, east } = boundingBox(ring);
  const middle = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
  return Array.from({ length: count }, (_, index) => {
    const vertex = ring[Math.floor((index / count) * ring.length)] ?? middle;
    const inwards = (index % 4) / 4;
    return {
      latitude: vertex.latitude + (middle.latitude - vertex.latitude) * inwards,
      longitude: vertex.longitude + (middle.longitude - vertex.longitude) * inwards,
    };
  });
}
