import {
  createCover,
  findNewestComplete,
  listForcesOf,
  NOWHERE,
  STEADY_KINDS,
} from "../completeness.ts";
import { stateOfRun } from "../run-state.ts";
import { listShortfalls } from "../shortfalls.ts";
import type { Snapshot } from "../store/read/status.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { toShortfallStatus } from "./shortfalls.ts";
import { listArchiveMonths } from "./status-archive.ts";
import { findGaps } from "./status-gaps.ts";
import { listMonths } from "./status-months.ts";
import { chooseNext, scopeOf } from "./status-next.ts";
import type {
  CountsByMonth,
  CoverageRow,
  OfKinds,
  RunStatus,
  StatusDocument,
} from "./status-shape.ts";
import { findWorth } from "./status-worth.ts";

/** What only the command knows. */
export type Surroundings = {
  database: string;
  bytes: number;
  walBytes: number;
  now: Date;
  /** Whether a crawl is at work on it. */
  isLocked: boolean;
  /** The kinds to look at; undefined: all, or what alone it was ever asked for. */
  kinds?: readonly Kind[] | undefined;
};

/** Puts together what a database holds, what it lacks, and what to do about it. */
export function toStatusDocument(whole: Snapshot, around: Surroundings): StatusDocument {
  const kinds = around.kinds ?? chooseKinds(whole);
  const snapshot = restrict(whole, kinds);
  const { areas, wanted } = snapshot;
  const listed = snapshot.forces.filter(({ isListed }) => isListed);
  const release = findRelease(snapshot);
  const months = listMonths(snapshot, {
    known: monthsOf(whole),
    kinds,
    wanted,
    release: release.newest,
  });
  const coverage = listCoverage(snapshot, kinds);
  const runs = snapshot.runs.map((run, index) => toRun(run, index === 0 && around.isLocked));
  const beside = listBeside(snapshot);
  const aim = wanted.includes(NOWHERE) ? ("all" as const) : [...wanted, ...beside];
  const known = {
    database: around.database,
    bytes: around.bytes,
    wal_bytes: around.walBytes,
    schema: snapshot.schema,
    sample: snapshot.origin === "sandbox",
    kinds,
    asked_kinds: snapshot.askedKinds,
    last_update: describeSidecar(whole),
    release,
    records: sumUp(snapshot, kinds, () => true),
    in_no_neighbourhood: sumUp(snapshot, kinds, (force) => force === NOWHERE),
    crimes_without_location: snapshot.unlocated.reduce((sum, { records }) => sum + records, 0),
    forces: {
      known: listed.length,
      wanted: listed.filter(({ id }) => wanted.includes(id)).length,
    },
    neighbourhoods: {
      listed: areas.listed,
      without_boundary: areas.withoutBoundary,
      boundary_not_asked: areas.notAsked,
    },
    months,
    coverage,
    lsoas: sumLsoas(snapshot),
    gaps: findGaps(coverage, kinds, listArchiveMonths(snapshot.cover, kinds)),
    // One without any record is among the gaps.
    shortfalls: listShortfalls(snapshot.cover.listAll())
      .filter(({ records }) => records > 0)
      .map(toShortfallStatus),
    failures: snapshot.failures,
    runs,
  };
  return {
    ...known,
    worth: describeWorth(snapshot, known, aim),
    next: chooseNext(known, { forces: aim, beside, now: around.now }),
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

/** A database that was asked for stops alone lacks nothing else. */
function chooseKinds({ askedKinds }: Snapshot): readonly Kind[] {
  const isSteady = STEADY_KINDS.some((kind) => askedKinds?.includes(kind) ?? true);
  return isSteady ? KINDS : (askedKinds ?? KINDS);
}

function monthsOf({ cover, sweeps }: Snapshot): Month[] {
  return [...cover.listMonths(), ...sweeps.map(({ month }) => month)];
}

/** Forces without areas whose stops a database was asked for by name. */
function listBeside({ stops, forces }: Snapshot): string[] {
  const listed = forces.flatMap(({ id, isListed }) => (isListed ? id : []));
  return stops.wanted.filter((forceId) => forceId !== NOWHERE && !listed.includes(forceId));
}

function restrict(snapshot: Snapshot, kinds: readonly Kind[]): Snapshot {
  const isOf = ({ kind }: { kind: Kind }) => kinds.includes(kind);
  return {
    ...snapshot,
    cover: createCover(snapshot.cover.listAll().filter(isOf)),
    sweeps: snapshot.sweeps.filter(isOf),
    failures: snapshot.failures.filter(isOf),
    unlocated: kinds.includes("crimes") ? snapshot.unlocated : [],
    lsoas: snapshot.lsoas.filter(isOf),
  };
}

function describeSidecar({ sidecar, forces, cover }: Snapshot): StatusDocument["last_update"] {
  const nothing = { month: null, since: null, forces: null, database: null, complete: null };
  if (sidecar.state === "missing" || sidecar.state === "damaged") {
    return { ...nothing, state: sidecar.state };
  }
  const { state, ...claim } = sidecar;
  if (state === "foreign") return { ...claim, state, complete: null };
  const known = forces.flatMap(({ id, isListed }) => (isListed ? id : []));
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

/** Of the forces that are wanted, and of those that publish stops alone. */
function listCoverage(snapshot: Snapshot, kinds: readonly Kind[]): CoverageRow[] {
  const { cover, unlocated, wanted, stops } = snapshot;
  const isForStops = (forceId: string) =>
    kinds.includes("stops") && (stops.wanted.includes(NOWHERE) || stops.wanted.includes(forceId));
  const forces = snapshot.forces.filter(({ id }) => wanted.includes(id) || isForStops(id));
  const countsOf = (forceId: string, kind: Kind): CountsByMonth =>
    Object.fromEntries(
      cover.listMonths(kind).flatMap((month) => {
        const cell = cover.find({ month, kind, forceId });
        return cell === undefined ? [] : [[month, cell.records]];
      }),
    );
  return forces.map(({ id, name, isListed }) => ({
    force: id,
    name,
    listed: isListed,
    ...ofKinds(kinds, (kind) => countsOf(id, kind)),
    without_location: Object.fromEntries(
      unlocated.flatMap(({ month, forceId, records }) =>
        forceId === id ? [[month, records]] : [],
      ),
    ),
  }));
}

function sumUp(
  { cover }: Snapshot,
  kinds: readonly Kind[],
  of: (force: string) => boolean,
): OfKinds<number> {
  return ofKinds(kinds, (kind) =>
    cover
      .listAll()
      .filter((cell) => cell.kind === kind && of(cell.forceId))
      .reduce((sum, { records }) => sum + records, 0),
  );
}

function sumLsoas({ lsoas }: Snapshot): StatusDocument["lsoas"] {
  const sum = (name: "located" | "found") => lsoas.reduce((total, row) => total + row[name], 0);
  return { located: sum("located"), found: sum("found") };
}

function ofKinds<T>(kinds: readonly Kind[], make: (kind: Kind) => T): OfKinds<T> {
  return Object.fromEntries(kinds.map((kind) => [kind, make(kind)]));
}

function toRun(run: Snapshot["runs"][number], isLocked: boolean): RunStatus {
  return {
    state: stateOfRun(run, isLocked),
    command: run.command,
    pid: run.pid,
    started_at: run.startedAt,
    seen_at: run.seenAt,
    ended_at: run.endedAt,
    exit_code: run.exitCode,
    requests: run.requests,
    records: run.records,
  };
}
