import { NOWHERE } from "../completeness.ts";
import { findKnownGap } from "../police-api.ts";
import type { Store } from "../store/store.ts";
import type { Present } from "./choose.ts";

/** What a database has, for the choice of what is to be imported. */
export function readPresent({ archive, coverage }: Pick<Store, "archive" | "coverage">): Present {
  const cover = coverage.readCover();
  return {
    isDone: archive.isDone,
    sourceOf: archive.sourceOf,
    // Where a force is known to publish none, what lies in its area is the transport police's.
    listApiForces: (month, kind) =>
      cover
        .listCells(month, kind)
        .filter(
          (cell) =>
            cell.forceId !== NOWHERE &&
            cell.records > 0 &&
            findKnownGap(cell, cell.records) === undefined,
        )
        .map(({ forceId }) => forceId),
  };
}
