import { findNewestComplete, listForcesOf } from "../../completeness.ts";
import { usageError, UkpoliceError } from "../../errors.ts";
import type { Aim, LastUpdate } from "../../store/last-update.ts";
import type { Store } from "../../store/store.ts";
import type { Month } from "../../types.ts";

type Forces = Aim["forces"];

/**
 * The month after which `-u` begins: the one in last_update.json, undefined without the file.
 * It has to be of this database and these forces, and the database has to hold what it claims.
 */
export function findStart(store: Store, forces: Forces): Month | undefined {
  const { lastUpdate } = store;
  const found = lastUpdate.read();
  if (found === null) return undefined;
  const hint = `delete ${lastUpdate.path}, or crawl without -u`;
  if (found.database !== lastUpdate.name) {
    throw usageError(`last_update.json is of the database ${found.database}`, hint);
  }
  if (!sameForces(found.forces, forces)) {
    throw usageError(
      `last_update.json is for ${nameForces(found.forces)}, not for ${nameForces(forces)}`,
      hint,
    );
  }
  const newest = findNewest(store, found);
  if (newest === undefined || newest < found.month) {
    throw usageError(
      `last_update.json says ${found.month}, but ${lastUpdate.name} is complete ` +
        (newest === undefined ? "for no month" : `only up to ${newest}`),
      hint,
    );
  }
  return found.month;
}

/**
 * Writes last_update.json when the database is complete up to some month; returns that month.
 * A file for more forces, or from an earlier month on, keeps its wider aim while that is true of
 * some month. A file of which nothing is true any more goes.
 */
export function keepLastUpdate(store: Store, aim: Aim): Month | null {
  store.verify();
  const before = readOrNull(store);
  const aims = before === null ? [aim] : [widen(aim, before), aim];
  const found = aims.map((each) => ({ ...each, month: findNewest(store, each) }));
  const kept = found.find(({ month }) => month !== undefined);
  if (kept?.month === undefined) {
    if (before !== null && !isTrue(store, before)) store.lastUpdate.remove();
    return null;
  }
  const { month, since, forces } = kept;
  if (
    before === null ||
    before.month !== month ||
    before.since !== since ||
    !sameForces(before.forces, forces)
  ) {
    store.lastUpdate.write({ month, since, forces });
  }
  return month;
}

/** Keeps true what last_update.json says after an import; where there is none, none is made. */
export function keepIfThere(store: Store): void {
  const before = readOrNull(store);
  if (before !== null) keepLastUpdate(store, before);
}

function isTrue(store: Store, before: LastUpdate): boolean {
  const newest = findNewest(store, before);
  return newest !== undefined && newest >= before.month;
}

function findNewest(store: Store, { since, forces }: Aim): Month | undefined {
  const known = store.areas.listForces().map(({ id }) => id);
  const wanted = listForcesOf(forces, known);
  return findNewestComplete(store.coverage.readCover(), { since, forces: wanted });
}

/** What is damaged, or of another database, is replaced by what this database holds. */
function readOrNull({ lastUpdate }: Store): LastUpdate | null {
  try {
    const found = lastUpdate.read();
    return found?.database === lastUpdate.name ? found : null;
  } catch (error) {
    if (error instanceof UkpoliceError) return null;
    throw error;
  }
}

function widen(aim: Aim, before: LastUpdate): Aim {
  if (sameForces(before.forces, aim.forces)) {
    return { forces: before.forces, since: before.since < aim.since ? before.since : aim.since };
  }
  return includes(before.forces, aim.forces) ? before : aim;
}

function includes(wide: Forces, narrow: Forces): boolean {
  if (wide === "all") return true;
  return narrow !== "all" && narrow.every((force) => wide.includes(force));
}

function sameForces(a: Forces, b: Forces): boolean {
  return includes(a, b) && includes(b, a);
}

/** The first few of many. */
function nameForces(forces: Forces): string {
  if (forces === "all") return "all forces";
  const more = forces.length > 5 ? ` and ${forces.length - 5} more` : "";
  return forces.slice(0, 5).join(", ") + more;
}
