import { isMonth } from "./months.ts";
import type { Kind, Month } from "./types.ts";

/** What is known of the API, each fact once. https://data.police.uk/docs/ */
export const BASE_URL = "https://data.police.uk/api";

/** Requests a second that it takes on average (https://data.police.uk/docs/api-call-limits/). */
export const RATE = 15;

/** Above so many records of an area and a month it may refuse; it does not have to. */
export const MOST_RECORDS = 10_000;

/**
 * A full reply is 4 to 6 MB; what is twice as large is asked for in parts, and a dozen of them at
 * once have to fit into memory.
 */
export const MOST_BYTES = 12 * 2 ** 20;

/** What a force publishes in a month cannot be asked for in parts: a busy one had 30 MB. */
export const MOST_BYTES_OF_FORCE = 40 * 2 ** 20;

/**
 * The longest path and query of a GET: the whole request line, `GET … HTTP/1.1`, may have 4,094
 * characters (https://data.police.uk/docs/method/crime-street/). A POST has no such limit.
 */
export const LONGEST_GET = 4094 - "GET  HTTP/1.1".length;

/** As observed: a reply takes so long, and so much more for each of its records. */
export const LATENCY = { baseMs: 450, perRecordMs: 1.1 };

/** How many months it publishes; the oldest leaves when a new one comes. */
export const WINDOW_MONTHS = 36;

/** It publishes a month about two months later. */
export const LAG_MONTHS = 2;

/** The first month that was ever published. */
const FIRST_MONTH = "2010-12";

/** Whether a text is a month that can be published by now. Clocks differ: that of tomorrow can. */
export function canBePublished(month: string, nowMs = Date.now()): boolean {
  return isMonth(month) && month >= FIRST_MONTH && month <= tomorrow(nowMs).slice(0, 7);
}

/** Whether a text is a day, `YYYY-MM-DD`, at which there can have been a release. */
export function canBeRelease(day: string, nowMs = Date.now()): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day > tomorrow(nowMs)) return false;
  const time = Date.parse(day); // some engines take the 31st of June for the 1st of July
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
  return isDay && day >= FIRST_MONTH;
}

function tomorrow(nowMs: number): string {
  return new Date(nowMs + 24 * 3_600_000).toISOString().slice(0, 10);
}

type Size = {
  /** Records a month for each neighbourhood of the country, on average. */
  perNeighbourhood: number;
  /** Bytes of JSON a record. */
  bytes: number;
};

/** Measured on recorded replies. */
export const SIZES = {
  crimes: { perNeighbourhood: 114, bytes: 395 },
  outcomes: { perNeighbourhood: 67, bytes: 470 },
  stops: { perNeighbourhood: 7, bytes: 690 },
} satisfies Record<Kind, Size>;

/** Publishes stops, and is in no list of forces. */
export const TRANSPORT_POLICE = { id: "btp", name: "British Transport Police" };

/** As many records as a busy force publishes in a month without an area. */
export const MOST_OF_FORCE = 14_000;

/** What a force is known not to publish: months from the first to the last, null for no end. */
export type KnownGap = {
  forceId: string;
  kinds: readonly Kind[];
  since: Month | null;
  until: Month | null;
  why: string;
};

/** From the notices of data.police.uk, and from what its archive lacks. */
export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    forceId: "greater-manchester",
    kinds: ["crimes", "outcomes", "stops"],
    since: "2019-07",
    until: null,
    why: "publishes none since July 2019",
  },
  {
    forceId: "gwent",
    kinds: ["crimes", "outcomes", "stops"],
    since: "2025-09",
    until: null,
    why: "publishes none since September 2025",
  },
  {
    forceId: "city-of-london",
    kinds: ["crimes", "outcomes"],
    since: "2022-06",
    until: "2022-06",
    why: "published none of June 2022",
  },
  {
    forceId: "northern-ireland",
    kinds: ["outcomes", "stops"],
    since: null,
    until: null,
    why: "publishes no outcomes and no stops",
  },
];

/**
 * More records than this in a month are no longer those of the British Transport Police, which
 * has no areas of its own and is found in everybody's: then the gap is over. Stops come by force.
 */
const GAP_RECORDS: Record<Kind, number> = { crimes: 1000, outcomes: 1000, stops: 0 };

/** The gap that explains why a force has few or no records in a month, if one is known. */
export function findKnownGap(
  { forceId, kind, month }: { forceId: string; kind: Kind; month: Month },
  records: number,
): KnownGap | undefined {
  if (records > GAP_RECORDS[kind]) return undefined;
  return KNOWN_GAPS.find(
    (gap) =>
      gap.forceId === forceId &&
      gap.kinds.includes(kind) &&
      month >= (gap.since ?? "") &&
      (gap.until === null || month <= gap.until),
  );
}

/** A force's months of which less was published than there is: so many records at most. */
export type KnownPart = {
  forceId: string;
  kind: Kind;
  since: Month;
  until: Month;
  most: number;
  why: string;
};

/** What is there and wrong, as the archive was published; later releases may be whole. */
const KNOWN_PARTS: readonly KnownPart[] = [
  {
    forceId: "dyfed-powys",
    kind: "crimes",
    since: "2024-01",
    until: "2024-03",
    most: 1800,
    why: "published in part, 5 to 35%, in the releases of mid 2024",
  },
  {
    forceId: "greater-manchester",
    kind: "crimes",
    since: "2022-08",
    until: "2022-08",
    most: 20,
    why: "a malformed file of 14 rows, which lie in Leicester",
  },
];

/** What is known to be wrong with a force's month that has so few records. */
export function findKnownPart({
  forceId,
  kind,
  month,
  records,
}: {
  forceId: string;
  kind: Kind;
  month: Month;
  records: number;
}): KnownPart | undefined {
  return KNOWN_PARTS.find(
    (part) =>
      part.forceId === forceId &&
      part.kind === kind &&
      records > 0 &&
      records <= part.most &&
      month >= part.since &&
      month <= part.until,
  );
}
