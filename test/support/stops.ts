import type { Store } from "../../src/store/store.ts";
import type { Area, Located, Month, Stop } from "../../src/types.ts";
import { HERE, openQuestions } from "./stored.ts";

type Changes = Partial<Stop> & { area?: Area | null };

/** A stop that avon published, in its A1, with changes. */
export function stopOf(changes: Changes = {}): Located<Stop> {
  const { area = HERE, ...other } = changes;
  const record: Stop = {
    month: "2018-05",
    type: "Person search",
    datetime: "2018-05-03T10:00:00+00:00",
    involvedPerson: true,
    gender: "Male",
    ageRange: "18-24",
    selfDefinedEthnicity: "White - Irish",
    officerDefinedEthnicity: "White",
    legislation: "Misuse of Drugs Act 1971 (section 23)",
    objectOfSearch: "Controlled drugs",
    outcome: "Arrest",
    outcomeObject: { id: "bu-arrest", name: "Arrest" },
    outcomeLinkedToObjectOfSearch: true,
    removalOfMoreThanOuterClothing: false,
    operation: false,
    operationName: null,
    place: { street: { id: 7, name: "On or near Mill Lane" }, latitude: 51.5, longitude: 0.5 },
    ...other,
  };
  return { record, area, reportedBy: "avon" };
}

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
