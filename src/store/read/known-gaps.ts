import type { Kind, Month } from "../../types.ts";

/** What a force is known not to publish; `since` is the first month, null for ever. */
export type KnownGap = { forceId: string; kind: Kind; since: Month | null; why: string };

/** From the notices of data.police.uk. Greater Manchester gave a change of IT systems as the reason. */
export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    forceId: "greater-manchester",
    kind: "crimes",
    since: "2019-07",
    why: "publishes no crimes since July 2019",
  },
  {
    forceId: "greater-manchester",
    kind: "outcomes",
    since: "2019-07",
    why: "publishes no outcomes since July 2019",
  },
  {
    forceId: "northern-ireland",
    kind: "outcomes",
    since: null,
    why: "publishes no outcomes",
  },
];

/**
 * More records than this in a month are no longer those of the British Transport Police, which
 * has no areas of its own and is found in everybody's: then the gap is over.
 */
export const GAP_RECORDS = 1000;

/** The gap that explains why a force has few or no records in a month, if one is known. */
export function findKnownGap(
  { forceId, kind, month }: { forceId: string; kind: Kind; month: Month },
  records: number,
): KnownGap | undefined {
  if (records > GAP_RECORDS) return undefined;
  return KNOWN_GAPS.find(
    (gap) => gap.forceId === forceId && gap.kind === kind && month >= (gap.since ?? ""),
  );
}
