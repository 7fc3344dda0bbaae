import type { Kind } from "../../types.ts";
import type { LsoaShare } from "../archive/lsoa-counts.ts";
import type { Connection } from "../database.ts";

/**
 * Reads of how many of the API's records the LSOA is known, of the months since 2022-07 that are
 * complete, as last counted; empty while no point was learnt from the archive.
 */
export function createReadLsoas(db: Connection): () => (LsoaShare & { kind: Kind })[] {
  const select = db.prepare<[], LsoaShare & { kind: Kind }>(
    `select kind, sum(located) as located, sum(found) as found
     from lsoa_counts
     group by kind
     order by kind`,
  );
  return () => select.all();
}
