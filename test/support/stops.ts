import type { Store } from "../../src/store/store.ts";
import type { Located, Month, Stop } from "../../src/types.ts";
import { openQuestions, stopOf as storedStop } from "./stored.ts";

/** A stop that avon published, in its A1, with changes. */
export const stopOf: typeof storedStop = (changes = {}) =>
  storedStop({
    datetime: "2018-05-03T10:00:00+00:00",
    selfDefinedEthnicity: "White - Irish",
    operation: false,
    reportedBy: "avon",
    ...changes,
  });

/** What a force published of a month, asked for and answered: its cell is covered. */
export function saveStops(
  store: Store,
  { month, force }: { month: Month; force: string },
  stops: readonly Located<Stop>[],
): void {
  const sweep = { month, kind: "stops", plan: "forces", forces: [force] } as const;
  const seeds = [{ forceId: force, area: null, ring: null, depth: 0, expected: null }];
  const rows = stops.map(({ record, ...located }) => ({
    ...located,
    record: { ...record, month },
    reportedBy: force,
  }));
  for (const question of openQuestions(store, { sweep, seeds }))
    store.saveReply(question, { kind: "stops", rows });
}

/** Says of a month which forces' stops the API publishes; a force that it lists is in no list. */
export function publishStops(store: Store, stops: Record<Month, readonly string[]>): void {
  const months = Object.keys(stops).toSorted().toReversed();
  store.coverage.savePublished({ published: months, stops: new Map(Object.entries(stops)) });
}
