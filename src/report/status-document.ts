import type { SidecarState, Snapshot } from "../store/read/status.ts";
import type { Kind, Month } from "../types.ts";
import { findGaps } from "./status-gaps.ts";
import type { Gap } from "./status-gaps.ts";
import { listMonths } from "./status-months.ts";
import type { MonthStatus } from "./status-months.ts";
import { chooseNext } from "./status-next.ts";
import type { Next } from "./status-next.ts";

/** What only the command knows. */
export type Surroundings = {
  database: string;
  bytes: number;
  walBytes: number;
  now: Date;
  isAlive: (pid: number) => boolean;
};

/**
 * Records by month of one force and kind. A month that is no key is missing: it is not covered.
 * Zero: covered, and the API has none. Null: covered, and counted when the month is complete.
 */
export type CountsByMonth = Record<Month, number | null>;

/** The stable document of `--json`, of which the text is a rendering. */
export type StatusDocument = {
  database: string;
  bytes: number;
  wal_bytes: number;
  schema: number;
  /** Whether the records are those of the bundled sample. */
  sample: boolean;
  last_update: {
    state: SidecarState["state"];
    month: Month | null;
    since: Month | null;
    forces: "all" | readonly string[] | null;
    database: string | null;
    /** The newest month up to which the database is complete for these forces. */
    complete: Month | null;
  };
  /** The API's newest release that a crawl has seen, and how it is known. */
  release: { newest: string | null; source: "api" | "rows" };
  records: Record<Kind, number>;
  in_no_neighbourhood: Record<Kind, number>;
  forces: { known: number; wanted: number };
  neighbourhoods: { listed: number; without_boundary: string[]; boundary_not_asked: number };
  months: MonthStatus[];
  coverage: { force: string; name: string; crimes: CountsByMonth; outcomes: CountsByMonth }[];
  gaps: Gap[];
  failures: {
    month: Month;
    kind: Kind;
    reason: string;
    polygons: number;
    example: string | null;
  }[];
  runs: RunStatus[];
  next: Next;
};

export type RunStatus = {
  state: "running" | "done" | "failed" | "stopped" | "killed";
  pid: number;
  started_at: string;
  seen_at: string;
  ended_at: string | null;
  exit_code: number | null;
  requests: number;
  records: number;
};

/** Puts together what a database holds, what it lacks, and what to do about it. */
export function toStatusDocument(snapshot: Snapshot, around: Surroundings): StatusDocument {
  const wanted = listWanted(snapshot);
  const release = findRelease(snapshot);
  const months = listMonths(snapshot, { wanted, release: release.newest });
  const coverage = listCoverage(snapshot, wanted);
  const runs = snapshot.runs.map((run, index) =>
    toRun(run, index === 0 && around.isAlive(run.pid)),
  );
  const { sidecar, areas } = snapshot;
  const found = sidecar.state === "missing" || sidecar.state === "damaged" ? undefined : sidecar;
  const known = {
    database: around.database,
    bytes: around.bytes,
    wal_bytes: around.walBytes,
    schema: snapshot.schema,
    sample: snapshot.origin === "sandbox",
    last_update: {
      state: sidecar.state,
      month: found?.month ?? null,
      since: found?.since ?? null,
      forces: found?.forces ?? null,
      database: found?.database ?? null,
      complete: found?.complete ?? null,
    },
    release,
    records: sumUp(snapshot, () => true),
    in_no_neighbourhood: sumUp(snapshot, (force) => force === ""),
    forces: { known: snapshot.forces.length, wanted: wanted.length },
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
  const all = wanted.length === snapshot.forces.length;
  const forces = all ? ("all" as const) : wanted.map(({ id }) => id);
  return { ...known, next: chooseNext(known, { forces, now: around.now }) };
}

/** The forces that anything was asked for; all of them where that is not known. */
function listWanted({ forces, coverage, sweeps, sidecar }: Snapshot) {
  const scopes = sweeps.flatMap(({ scope }) => scope.split(","));
  const named = "forces" in sidecar && sidecar.state !== "foreign" ? [sidecar.forces].flat() : [];
  const asked = new Set([...scopes, ...named, ...coverage.map(({ forceId }) => forceId)]);
  if (asked.size === 0 || asked.has("all")) return forces;
  return forces.filter(({ id }) => asked.has(id));
}

/** The crawl keeps the last answer of the API; before it did, the newest row says the least of it. */
function findRelease({ release, coverage, sweeps, refreshes }: Snapshot) {
  if (release !== null) return { newest: release, source: "api" as const };
  const all = [coverage, sweeps, refreshes].flatMap((rows) => rows.map((row) => row.release));
  return { newest: all.sort().at(-1) ?? null, source: "rows" as const };
}

function listCoverage(snapshot: Snapshot, wanted: Snapshot["forces"]): StatusDocument["coverage"] {
  const { coverage, counts, sweeps } = snapshot;
  const key = (row: { month: Month; kind: Kind; forceId: string }) =>
    `${row.kind} ${row.month} ${row.forceId}`;
  const records = new Map(counts.map((row) => [key(row), row.records]));
  // A month is counted once no sweep of it is left; a refresh leaves the earlier counts alone.
  const open = new Set(
    sweeps.flatMap(({ kind, month, refresh }) => (refresh ? [] : `${kind} ${month}`)),
  );
  const table = wanted.map(({ id, name }): StatusDocument["coverage"][number] => ({
    force: id,
    name,
    crimes: {},
    outcomes: {},
  }));
  const rows = new Map(table.map((row) => [row.force, row]));
  for (const row of coverage) {
    const none = open.has(`${row.kind} ${row.month}`) ? null : 0;
    const cells = rows.get(row.forceId)?.[row.kind];
    if (cells !== undefined) cells[row.month] = records.get(key(row)) ?? none;
  }
  return table;
}

function sumUp({ counts }: Snapshot, of: (force: string) => boolean): Record<Kind, number> {
  const sums = { crimes: 0, outcomes: 0 };
  for (const { kind, forceId, records } of counts) if (of(forceId)) sums[kind] += records;
  return sums;
}

function toRun(run: Snapshot["runs"][number], alive: boolean): RunStatus {
  return {
    state: stateOf(run, alive),
    pid: run.pid,
    started_at: run.startedAt,
    seen_at: run.seenAt,
    ended_at: run.endedAt,
    exit_code: run.exitCode,
    requests: run.requests,
    records: run.records,
  };
}

function stateOf({ endedAt, exitCode }: Snapshot["runs"][number], alive: boolean) {
  if (endedAt === null) return alive ? "running" : "killed";
  if (exitCode === 0) return "done";
  return exitCode === 130 || exitCode === 143 ? "stopped" : "failed";
}
