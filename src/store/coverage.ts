import type { Kind, Month } from "../types.ts";
import type { Connection } from "./database.ts";

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
  const selectReleases = db.prepare<[string, Kind], { forceId: string; release: string }>(
    "select force_id as forceId, release from coverage where month = ? and kind = ?",
  );
  const saveRelease = db.prepare(
    "insert or replace into facts (name, value) values ('release', ?)",
  );

  return {
    /** Of which release the complete part of a month is, by force. */
    listReleases: (month: Month, kind: Kind): Map<string, string> =>
      new Map(selectReleases.all(month, kind).map(({ forceId, release }) => [forceId, release])),
    /** Remembers the API's newest release, for whoever looks into the database. */
    saveRelease: (release: string): void => void saveRelease.run(release),
    listForces: (month: Month, kind: Kind): string[] => selectForces.all(month, kind),
    /** The forces of which crimes and outcomes are both there. */
    listCompleteForces: (month: Month): string[] => selectComplete.all(month),
    /** Months of which something is complete, oldest first. */
    listMonths: (): Month[] => selectMonths.all(),
    /** Months that are complete in one kind for some force, oldest first. */
    listMonthsOf: (kind: Kind): Month[] => selectMonthsOf.all(kind),
  };
}
