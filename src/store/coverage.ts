import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";

/** The API's newest release, `YYYY-MM-DD`, and the months that it publishes, newest first. */
export type Releases = { release: string; published: Month[] };

export type Coverage = ReturnType<typeof createCoverage>;

/** Which months are complete, for which forces. */
export function createCoverage(db: Connection) {
  const selectForces = db
    .prepare<[string, Kind], string>("select force_id from coverage where month = ? and kind = ?")
    .pluck();
  const selectComplete = db
    .prepare<[string], string>(
      "select force_id from coverage where month = ? group by force_id having count(*) = 2",
    )
    .pluck();
  const selectMonths = db
    .prepare<[], string>("select distinct month from coverage order by month")
    .pluck();
  const selectMonthsOf = db
    .prepare<[Kind], string>("select distinct month from coverage where kind = ? order by month")
    .pluck();
  const selectWhole = db
    .prepare<[Month, Kind], number>(
      "select exists (select 1 from whole_months where month = ? and kind = ?)",
    )
    .pluck();
  const selectReleases = db.prepare<[string, Kind], { forceId: string; release: string }>(
    "select force_id as forceId, release from coverage where month = ? and kind = ?",
  );
  const saveFact = db.prepare("insert or replace into facts (name, value) values (?, ?)");
  const selectFact = db.prepare<[string], string>("select value from facts where name = ?").pluck();

  return {
    /** Whether the records in no force's boundaries are there, too. */
    isWhole: (month: Month, kind: Kind): boolean => selectWhole.get(month, kind) === 1,
    /** Of which release the complete part of a month is, by force. */
    listReleases: (month: Month, kind: Kind): Map<string, string> =>
      new Map(selectReleases.all(month, kind).map(({ forceId, release }) => [forceId, release])),
    /** Remembers what the API publishes, for a run that resumes and for whoever looks in here. */
    saveReleases: db.transaction(({ release, published }: Releases): void => {
      saveFact.run("release", release);
      saveFact.run("published", JSON.stringify(published));
      saveFact.run("releases_at", new Date().toISOString());
    }),
    /** Whether the records are those of the bundled sample. */
    isSample: (): boolean => selectFact.get("origin") === "sandbox",
    markAsSample: (): void => void saveFact.run("origin", "sandbox"),
    /** What was remembered, unless that was longer ago. */
    findReleases(maxAgeMs: number): Releases | undefined {
      const release = selectFact.get("release");
      const published = selectFact.get("published");
      const at = Date.parse(selectFact.get("releases_at") ?? "");
      const age = Date.now() - at;
      if (release === undefined || published === undefined) return undefined;
      if (!(age >= 0 && age <= maxAgeMs)) return undefined;
      return { release, published: JSON.parse(published) };
    },
    listForces: (month: Month, kind: Kind): string[] => selectForces.all(month, kind),
    /** The forces of which crimes and outcomes are both there. */
    listCompleteForces: (month: Month): string[] => selectComplete.all(month),
    /** Months of which something is complete, oldest first. */
    listMonths: (): Month[] => selectMonths.all(),
    /** Months that are complete in one kind for some force, oldest first. */
    listMonthsOf: (kind: Kind): Month[] => selectMonthsOf.all(kind),
  };
}
