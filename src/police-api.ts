import { isMonth } from "./months.ts";
import type { Kind, Month, Source } from "./types.ts";

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

/** Outcomes of earlier months were never published. */
export const FIRST_OUTCOMES = "2012-01";

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
    forceId: "devon-and-cornwall",
    kinds: ["crimes", "outcomes"],
    since: "2022-11",
    until: "2022-12",
    why: "is of November and December 2022 in zips of February 2024 to late 2025 alone",
  },
  {
    forceId: "btp",
    kinds: ["crimes", "outcomes"],
    since: "2016-02",
    until: "2016-12",
    why: "published none from February to December 2016",
  },
  {
    forceId: "btp",
    kinds: ["crimes", "outcomes"],
    since: "2025-02",
    until: null,
    why: "publishes none since February 2025",
  },
  {
    forceId: "northern-ireland",
    kinds: ["outcomes", "stops"],
    since: null,
    until: null,
    why: "publishes no outcomes and no stops",
  },
  {
    forceId: "northern-ireland",
    kinds: ["crimes"],
    since: null,
    until: "2011-08",
    why: "publishes since September 2011",
  },
  {
    forceId: "btp",
    kinds: ["outcomes"],
    since: null,
    until: null,
    why: "publishes no outcomes",
  },
  {
    forceId: "btp",
    kinds: ["crimes"],
    since: "2016-02",
    until: "2016-12",
    why: "published none from February to December 2016",
  },
  {
    forceId: "btp",
    kinds: ["crimes"],
    since: "2025-02",
    until: null,
    why: "publishes none since February 2025",
  },
];

/**
 * More records than this in a month are no longer those of the British Transport Police, which
 * has no areas of its own and is found in everybody's: then the gap is over. Stops come by force.
 */
const GAP_RECORDS: Record<Kind, number> = { crimes: 1000, outcomes: 1000, stops: 0 };

type GapCell = { forceId: string; kind: Kind; month: Month; source?: Source | undefined };

/**
 * The gap that explains why a force has few or no records in a month, if one is known. What the
 * archive has is of the force's own file, and never another's: one record there ends the gap.
 */
export function findKnownGap(
  { forceId, kind, month, source }: GapCell,
  records: number,
): KnownGap | undefined {
  if (records > (source === "archive" ? 0 : GAP_RECORDS[kind])) return undefined;
  return KNOWN_GAPS.find(
    (gap) =>
      gap.forceId === forceId &&
      gap.kinds.includes(kind) &&
      month >= (gap.since ?? "") &&
      (gap.until === null || month <= gap.until),
  );
}

/** The API's crime categories, by id (https://data.police.uk/docs/method/crime-categories/). */
export const CRIME_CATEGORIES: Record<string, string> = {
  "all-crime": "All crime",
  "anti-social-behaviour": "Anti-social behaviour",
  "bicycle-theft": "Bicycle theft",
  burglary: "Burglary",
  "criminal-damage-arson": "Criminal damage and arson",
  drugs: "Drugs",
  "other-theft": "Other theft",
  "possession-of-weapons": "Possession of weapons",
  "public-order": "Public order",
  robbery: "Robbery",
  shoplifting: "Shoplifting",
  "theft-from-the-person": "Theft from the person",
  "vehicle-crime": "Vehicle crime",
  "violent-crime": "Violence and sexual offences",
  "other-crime": "Other crime",
};

/** Codes of outcomes by the names that crimes carry (https://data.police.uk/docs/method/outcomes-at-location/). */
export const OUTCOME_CODES: Record<string, string> = {
  "Action to be taken by another organisation": "action-taken-by-another-organisation",
  "Awaiting court outcome": "awaiting-court-result",
  "Court case unable to proceed": "unable-to-proceed",
  "Court result unavailable": "court-result-unavailable",
  "Defendant found not guilty": "not-guilty",
  "Defendant sent to Crown Court": "sent-to-crown-court",
  "Formal action is not in the public interest": "formal-action-not-in-public-interest",
  "Further investigation is not in the public interest":
    "further-investigation-not-in-public-interest",
  "Investigation complete; no suspect identified": "no-further-action",
  "Local resolution": "local-resolution",
  "Offender deprived of property": "deprived-of-property",
  "Offender fined": "fined",
  "Offender given a caution": "cautioned",
  "Offender given a drugs possession warning": "drugs-possession-warning",
  "Offender given absolute discharge": "absolute-discharge",
  "Offender given community sentence": "community-penalty",
  "Offender given conditional discharge": "conditional-discharge",
  "Offender given penalty notice": "penalty-notice-issued",
  "Offender given suspended prison sentence": "suspended-sentence",
  "Offender ordered to pay compensation": "compensation",
  "Offender otherwise dealt with": "other-court-disposal",
  "Offender sent to prison": "imprisoned",
  "Suspect charged": "charged",
  "Suspect charged as part of another case": "sentenced-in-another-case",
  "Unable to prosecute suspect": "unable-to-prosecute",
  "Under investigation": "under-investigation",
};
