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

  return {
    listForces: (month: Month, kind: Kind): string[] => selectForces.all(month, kind),
    /** The forces of which crimes and outcomes are both there. */
    listCompleteForces: (month: Month): string[] => selectComplete.all(month),
    /** Months of which something is complete, oldest first. */
    listMonths: (): Month[] => selectMonths.all(),
    /** Months that are complete in one kind for some force, oldest first. */
    listMonthsOf: (kind: Kind): Month[] => selectMonthsOf.all(kind),
  };
}
