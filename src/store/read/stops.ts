import type { Force, Month } from "../../types.ts";
import { createReadCover } from "../coverage.ts";
import type { Connection } from "../database.ts";
import type { StopField } from "../stop-counts.ts";
import { createReadStopsListed } from "./stops-listed.ts";

/** Stops, and of how many of them it is told that their outcome is linked to the object, or not. */
export type StopCount = { records: number; linked: number; unlinked: number };

export type StopSpan = { force: string | null; since: Month; until: Month };

export type StopsReader = ReturnType<typeof createStopsReader>;

/** Stops by what is told of them, from the counts that a crawl keeps: no stop is read. */
export function createStopsReader(db: Connection) {
  const SUMS = "sum(records) as records, sum(linked) as linked, sum(unlinked) as unlinked";
  const WITHIN = `month between @since and @until and (@force is null or reported_by = @force)`;
  const selectForces = db.prepare<[], Force>(
    `select id, name from forces
     where id in (select force_id from coverage where kind = 'stops')
     order by name, id`,
  );
  const selectAllForces = db.prepare<[], Force>("select id, name from forces");
  const selectMonths = db
    .prepare<[], Month>("select distinct month from coverage where kind = 'stops' order by month")
    .pluck();
  const selectValues = db.prepare<StopSpan, StopCount & { field: StopField; value: string }>(
    `select field, value, ${SUMS} from stop_counts where ${WITHIN} group by field, value`,
  );
  const selectMonthTypes = db.prepare<StopSpan, { month: Month; type: string; records: number }>(
    `select month, value as type, sum(records) as records from stop_counts
     where field = 'type' and ${WITHIN} group by month, value`,
  );
  const selectPublishers = db.prepare<StopSpan, StopCount & { forceId: string; name: string }>(
    `select reported_by as forceId, ifnull(name, reported_by) as name, ${SUMS}
     from stop_counts left join forces on forces.id = reported_by
     where field = 'type' and ${WITHIN}
     group by reported_by
     order by records desc, forceId`,
  );
  return {
    readCover: createReadCover(db),
    readListed: createReadStopsListed(db),
    listAllForces: (): Force[] => selectAllForces.all(),
    /** Those of which stops are here, by name. */
    listForces: (): Force[] => selectForces.all(),
    /** Months of which some force's stops are here, oldest first. */
    listMonths: (): Month[] => selectMonths.all(),
    /** By each field that is counted, and each of its values; '' is what is not told. */
    listValues: (span: StopSpan) => selectValues.all(span),
    listMonthTypes: (span: StopSpan) => selectMonthTypes.all(span),
    /** By who published them, the most first. */
    listPublishers: (span: StopSpan) => selectPublishers.all(span),
  };
}
