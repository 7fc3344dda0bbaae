import { findNewestComplete, listForcesOf, NOWHERE } from "../completeness.ts";
import { stateOfRun } from "../run-state.ts";
import type { Snapshot } from "../store/read/status.ts";
import { byKind } from "../types.ts";
import type { Kind } from "../types.ts";
import { findGaps } from "./status-gaps.ts";
import { listMonths } from "./status-months.ts";
import { chooseNext, scopeOf } from "./status-next.ts";
import type { CountsByMonth, CoverageRow, RunStatus, StatusDocument } from "./status-shape.ts";
import { findWorth } from "./status-worth.ts";

/** What only the command knows. */
export type Surroundings = {
  database: string;
  bytes: number;
  walBytes: number;
  now: Date;
  /** Whether a crawl is at work on it. */
  isLocked: boolean;
};

/** Puts together what a database holds, what it lacks, and what to do about it. */
export function toStatusDocument(snapshot: Snapshot, around: Surroundings): StatusDocument {
  const { areas, wanted } = snapshot;
  const forces = snapshot.forces.filter(({ id }) => wanted.includes(id));
  const release = findRelease(snapshot);
  const months = listMonths(snapshot, { wanted, release: release.newest });
  const coverage = listCoverage(snapshot, forces);
  const runs = snapshot.runs.map((run, index) => toRun(run, index === 0 && around.isLocked));
  const aim = wanted.includes(NOWHERE) ? ("all" as const) : wanted;
  const known = {
    database: around.database,
    bytes: around.bytes,
    wal_bytes: around.walBytes,
    schema: snapshot.schema,
    sample: snapshot.origin === "sandbox",
    last_update: describeSidecar(snapshot),
    release,
    records: sumUp(snapshot, () => true),
    in_no_neighbourhood: sumUp(snapshot, (force) => force === NOWHERE),
    forces: { known: snapshot.forces.length, wanted: forces.length },
    neighbourhoods: {
      listed: areas.listed,
      without_boundary: areas.withoutBoundary,
      boundary_not_asked: areas.notAsked,
    },
    months,
    coverage,
    gaps: findGaps(coverage),
    failures: snapshot.failures,
    runs,
  };
  return {
    ...known,
    worth: describeWorth(snapshot, known, aim),
    next: chooseNext(known, { forces: aim, now: around.now }),
  };
}

/** What the sandbox serves by itself is no newer release than the sample's: no command brings one. */
function describeWorth(
  { revisions }: Snapshot,
  { months, release, ...status }: Omit<StatusDocument, "next" | "worth">,
  forces: "all" | readonly string[],
): StatusDocument["worth"] {
  const worth = findWorth(months, revisions, release.newest);
  const oldest = worth.at(-1)?.month;
  if (oldest === undefined) return null;
  const command = `ukpolice crawl --since ${oldest} --refresh${scopeOf(status, forces)}`;
  return { months: worth, command: status.sample ? null : command };
}

function describeSidecar({ sidecar, forces, cover }: Snapshot): StatusDocument["last_update"] {
  const nothing = { month: null, since: null, forces: null, database: null, complete: null };
  if (sidecar.state === "missing" || sidecar.state === "damaged") {
    return { ...nothing, state: sidecar.state };
  }
  const { state, ...claim } = sidecar;
  if (state === "foreign") return { ...claim, state, complete: null };
  const known = forces.map(({ id }) => id);
  const wanted = listForcesOf(claim.forces, known);
  const complete = findNewestComplete(cover, { since: claim.since, forces: wanted }) ?? null;
  const isAhead = complete === null || complete < claim.month;
  return { ...claim, state: isAhead ? "ahead" : "fits", complete };
}

/** The crawl keeps the last answer of the API; before it did, the newest row says the least of it. */
function findRelease({ release, cover }: Snapshot): StatusDocument["release"] {
  if (release !== null && release !== "") return { newest: release, source: "api" };
  const releases = cover.listAll().flatMap((cell) => (cell.release === "" ? [] : cell.release));
  return { newest: releases.sort().at(-1) ?? null, source: "rows" };
}

function listCoverage({ cover }: Snapshot, forces: Snapshot["forces"]): CoverageRow[] {
  const countsOf = (forceId: string, kind: Kind): CountsByMonth =>
    Object.fromEntries(
      cover.listMonths(kind).flatMap((month) => {
        const cell = cover.find({ month, kind, forceId });
        return cell === undefined ? [] : [[month, cell.records]];
      }),
    );
  return forces.map(({ id, name }) => ({
    force: id,
    name,
    ...byKind((kind) => countsOf(id, kind)),
  }));
}

function sumUp({ cover }: Snapshot, of: (force: string) => boolean): Record<Kind, number> {
  return byKind((kind) =>
    cover
      .listAll()
      .filter((cell) => cell.kind === kind && of(cell.forceId))
      .reduce((sum, { records }) => sum + records, 0),
  );
}

function toRun(run: Snapshot["runs"][number], isLocked: boolean): RunStatus {
  return {
    state: stateOfRun(run, isLocked),
    pid: run.pid,
    started_at: run.startedAt,
    seen_at: run.seenAt,
    ended_at: run.endedAt,
    exit_code: run.exitCode,
    requests: run.requests,
    records: run.records,
  };
}
