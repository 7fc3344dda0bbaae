import { byKind } from "../../types.ts";
import type { Kind, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";

type Changes = { kept: number; added: number; changed: number; removed: number };

/**
 * Puts what is staged of a month and kind in the place of all that is from the archive: nothing
 * says which of its records are the same ones. The caller holds the transaction.
 */
export function createReplaceArchive(db: Connection) {
  const selectSource = db
    .prepare<[Month, Kind], string>("select source from coverage where month = ? and kind = ?")
    .pluck();
  const uncover = db.prepare<[Month, Kind]>("delete from coverage where month = ? and kind = ?");
  const statements = byKind((kind) => {
    const { month, columns } = TABLES[kind];
    const list = columns.map(([name]) => name).join(", ");
    return {
      remove: db.prepare<[Month]>(`delete from ${kind} where ${month} = ?`),
      insert: db.prepare<[Month]>(
        `insert into ${kind} (${list})
         select ${list} from staged_${kind} where ${month} = ? order by rowid`,
      ),
      forget: db.prepare<[Month]>(`delete from staged_${kind} where ${month} = ?`),
    };
  });
  return {
    isSource: (month: Month, kind: Kind): boolean => selectSource.get(month, kind) === "archive",
    replace(kind: Kind, month: Month): Changes {
      const { remove, insert, forget } = statements[kind];
      const removed = remove.run(month).changes;
      uncover.run(month, kind);
      const added = insert.run(month).changes;
      forget.run(month);
      return { kept: 0, added, changed: 0, removed };
    },
    /** Leaves what is from the archive, and gives up what is staged. */
    keep(kind: Kind, month: Month): Changes {
      statements[kind].forget.run(month);
      return { kept: 0, added: 0, changed: 0, removed: 0 };
    },
  };
}
