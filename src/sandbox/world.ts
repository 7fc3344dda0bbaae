import Flatbush from "flatbush";
import { boundingBox } from "../geo/box.ts";
import { toCloud } from "../geo/cloud.ts";
import { encloses } from "../geo/contain.ts";
import type { Force, Month, Neighbourhood, Point, Ring } from "../types.ts";
import { outcomeCode } from "./categories.ts";
import type { RecordList } from "./record-list.ts";
import type { AreaKind } from "./subjects.ts";

/** A position as the API writes it. */
export type RawPoint = { latitude: string; longitude: string };

type RawPlace = RawPoint & { street: { id: number; name: string } };

/** A crime as `/crimes-street` returns it. */
export type RawCrime = {
  id: number;
  month: Month;
  location: RawPlace | null;
  outcome_status: { category: string; date: Month } | null;
  [key: string]: unknown;
};

/** An outcome as `/outcomes-at-location` returns it. */
export type RawOutcome = {
  category: { code: string; name: string };
  date: Month;
  person_id: number | null;
  crime: Record<string, unknown>;
};

/** A stop as `/stops-force` returns it: sixteen keys; older ones have no `outcome_object`. */
export type RawStop = {
  type: string;
  /** In UTC, as `2018-05-31T23:30:00+00:00`; months are cut by local time. */
  datetime: string;
  involved_person: boolean;
  operation: boolean | null;
  operation_name: string | null;
  location: RawPlace | null;
  gender: string | null;
  age_range: string | null;
  self_defined_ethnicity: string | null;
  officer_defined_ethnicity: string | null;
  legislation: string | null;
  object_of_search: string | null;
  /** No outcome is `""`, null or false. */
  outcome: string | false | null;
  outcome_object?: { id: string; name: string };
  outcome_linked_to_object_of_search: boolean | null;
  removal_of_more_than_outer_clothing: boolean | null;
};

/** Records of one month: which of them lie in an area, and each as JSON. */
export type RecordIndex = {
  find(ring: Ring): number[];
  json(index: number): string;
};

/** What a sandbox serves. */
export type World = {
  forces: readonly Force[];
  neighbourhoods(forceId: string): readonly Neighbourhood[] | undefined;
  boundary(forceId: string, id: string): readonly RawPoint[] | undefined;
  /** Oldest first. */
  months: readonly Month[];
  /** Day of the newest release, `YYYY-MM-DD`; the first of the newest month unless it is said. */
  released?: string | undefined;
  categories: Record<string, string>;
  records(kind: AreaKind, month: Month): RecordIndex | undefined;
  /** The forces that have published stops of a month; where it is left out, it is not said. */
  stopForces?(month: Month): readonly string[];
  stops?(forceId: string, month: Month): RecordList | undefined;
  /** Crimes without location. */
  unlocated?(forceId: string, month: Month): RecordList | undefined;
};

/** Indexes points that many records may share; `find` gives their positions in `points`. */
export function indexRecords(
  points: readonly Point[],
  json: (index: number) => string,
): RecordIndex {
  const byPoint = new Map<string, number[]>();
  points.forEach(({ latitude, longitude }, index) => {
    const key = `${latitude},${longitude}`;
    const there = byPoint.get(key);
    if (there === undefined) byPoint.set(key, [index]);
    else there.push(index);
  });
  const groups = [...byPoint.values()];
  const tree = groups.length === 0 ? undefined : new Flatbush(groups.length);
  for (const [first = 0] of groups) {
    const { longitude = 0, latitude = 0 } = points[first] ?? {};
    tree?.add(longitude, latitude, longitude, latitude);
  }
  tree?.finish();

  return {
    json,
    find(ring) {
      const { south, west, north, east } = boundingBox(ring);
      const outline = toCloud(ring);
      const candidates = tree?.search(west, south, east, north) ?? [];
      return candidates.flatMap((at) => {
        const group = groups[at] ?? [];
        const point = points[group[0] ?? -1];
        return point !== undefined && encloses(outline, point) ? group : [];
      });
    },
  };
}

/** The records of crimes as they were recorded; those without a place are found by no area. */
export function recordsOfCrimes(crimes: readonly RawCrime[]): RecordIndex {
  const placed = crimes.filter(({ location }) => location !== null);
  return indexRecords(placed.map(pointOf), (index) => JSON.stringify(placed[index]));
}

/**
 * The outcomes of a month, derived: every crime whose latest outcome is of that month, in the
 * shape of `/outcomes-at-location`. The API has more: outcomes of older crimes, and earlier ones.
 */
export function recordsOfOutcomes(crimes: readonly RawCrime[], month: Month): RecordIndex {
  const resolved = crimes.filter(({ outcome_status: status }) => status?.date === month);
  const placed = resolved.filter(({ location }) => location !== null);
  return indexRecords(placed.map(pointOf), (index) => {
    const crime = placed[index];
    return JSON.stringify(crime === undefined ? null : deriveOutcome(crime));
  });
}

/** The outcome that a crime's status tells of; null where it tells of none. */
export function deriveOutcome({ outcome_status: status, ...crime }: RawCrime): RawOutcome | null {
  if (status === null) return null;
  return {
    category: { code: outcomeCode(status.category), name: status.category },
    date: status.date,
    person_id: null,
    crime,
  };
}

function pointOf({ location }: RawCrime): Point {
  return { latitude: Number(location?.latitude), longitude: Number(location?.longitude) };
}
