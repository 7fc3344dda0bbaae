import { byKind } from "../../types.ts";
import type { ArchiveFile, Kind, Month, Source } from "../../types.ts";
import type { Connection } from "../database.ts";
import { TABLES } from "../kinds.ts";

/** Tells where what is stored of a month and kind came from, and which files are imported. */
export function createSource(db: Connection) {
  const selectCovered = db
    .prepare<[Month, Kind], Source>("select source from coverage where month = ? and kind = ?")
    .pluck();
  const selectOpen = db
    .prepare<[Month, Kind], number>(
      "select exists (select 1 from sweeps where month = ? and kind = ?)",
    )
    .pluck();
  const selectRows = byKind((kind) => {
    const { month, isOfApi } = TABLES[kind];
    const isApi = isOfApi === null ? "" : `and ${isOfApi}`;
    return db
      .prepare<[Month], number>(`select exists (select 1 from ${kind} where ${month} = ? ${isApi})`)
      .pluck();
  });
  const selectRelease = db
    .prepare<[Month, Kind, string], string>(
      `select release from coverage
       where month = ? and kind = ? and force_id = ? and source = 'archive'`,
    )
    .pluck();

  return {
    /** What the API began counts as its own, though no cell of it be covered. */
    sourceOf(month: Month, kind: Kind): Source | undefined {
      const source = selectCovered.get(month, kind);
      if (source !== undefined) return source;
      const hasBegun = selectOpen.get(month, kind) === 1 || selectRows[kind].get(month) === 1;
      return hasBegun ? "api" : undefined;
    },
    /** Whether a file is imported, of this release or of a newer one. */
    isDone({ month, kind, forceId, release }: ArchiveFile): boolean {
      const found = selectRelease.get(month, kind, forceId);
      return found !== undefined && found >= toReleaseDay(release);
    },
  };
}

/** A release of the archive as the API writes its own. */
export function toReleaseDay(release: Month): string {
  return `${release}-01`;
}
