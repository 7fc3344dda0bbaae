import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FaultRates } from "../src/sandbox/faults.ts";
import type { LieName } from "../src/sandbox/lies.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import type { Sandbox } from "../src/sandbox/server.ts";
import { createRandom } from "../src/sandbox/shares.ts";
import type { Shares } from "../src/sandbox/shares.ts";
import { inspect } from "../test/support/invariants.ts";
import type { Findings, History } from "../test/support/invariants.ts";
import { createWire, runUntilKilled } from "../test/support/kills.ts";
import type { Ended, KillAt, Wire } from "../test/support/kills.ts";
import { createReleases } from "../test/support/releases.ts";
import type { Releases } from "../test/support/releases.ts";
import { truthOf } from "../test/support/truth.ts";
import type { Ledger } from "./ledger.ts";

/** A hanging reply is missing: a crawl waits two minutes for one. */
const FAULTS: FaultRates = {
  "500": 0.02,
  "502": 0.02,
  "503": 0.02,
  "504": 0.02,
  "429": 0.005,
  "429-bare": 0.005,
  reset: 0.02,
  cut: 0.02,
  html: 0.01,
  length: 0.01,
};

/** Those that a client can see through; a reply that only names things differently is believed. */
const LIES: Shares<LieName> = {
  "wrong-type": 0.003,
  "missing-key": 0.003,
  "latitude-nan": 0.003,
  "latitude-91": 0.003,
  "id-string": 0.003,
  "id-huge": 0.003,
  "other-month": 0.003,
  "huge-body": 0.003,
  "gzip-bomb": 0.003,
  "deep-nesting": 0.003,
  "escapes-in-dates": 0.003,
  "proto-key": 0.003,
  redirect: 0.003,
};

const SIZES = [30, 300, 3000, 11_000];
/** Runs after which a crawl has to be done. */
const MOST_RUNS = 40;
/** In minutes; outages of the torture are shorter. */
const PATIENCE = "0.5";
/** Done; the API was down; some polygons could not be fetched. Nothing else is to be expected. */
const EXPECTED_CODES = [0, 3, 5];

export type RoundOptions = {
  seed: number;
  /** An empty folder of its own. */
  folder: string;
  ledger: Ledger;
};

type Round = RoundOptions & {
  random: () => number;
  releases: Releases;
  plan: "tiles" | "neighbourhoods";
  history: History;
  wire: Wire;
  sandbox: Sandbox;
  outage: { requests: number; untilMs: number };
};

/** Crawls a country of its own under faults and kills, through some releases, to its truth. */
export async function playRound(options: RoundOptions): Promise<void> {
  const random = createRandom(options.seed);
  const below = (count: number) => Math.floor(random() * count);
  const plan = random() < 0.6 ? "tiles" : "neighbourhoods";
  const size = { records: SIZES[below(SIZES.length)] ?? 30, months: 1 + below(3) };
  const releases = createReleases(options.seed, size);
  const wire = createWire();
  const outage = { requests: 10 + below(60), untilMs: Infinity };
  const sandbox = await startSandbox({
    world: releases.world,
    latency: "small",
    faults: FAULTS,
    lies: LIES,
    seed: options.seed,
    isDown: () => isDown(outage),
    onRequest: wire.onRequest,
  });
  const history: History = new Map();
  const round: Round = { ...options, random, releases, plan, history, wire, sandbox, outage };
  try {
    remember(round);
    await crawlToEnd(round, []);
    for (let count = below(3); count > 0; count -= 1) {
      releases.advance({ newMonth: random() < 0.3 });
      remember(round);
      await crawlToEnd(round, ["--refresh"]);
    }
    options.ledger.countRound();
  } finally {
    await sandbox.close();
  }
}

/** The API is down for some seconds from one of the first requests on. */
function isDown(outage: Round["outage"]): boolean {
  outage.requests -= 1;
  if (outage.requests === 0) outage.untilMs = performance.now() + 1500;
  return outage.requests <= 0 && performance.now() < outage.untilMs;
}

function remember({ releases: { world }, history, plan }: Round): void {
  history.set(world.released ?? "", truthOf(world, { inside: plan === "neighbourhoods" }));
}

/** Runs the crawl again and again, killing it some times, until it says that it is done. */
async function crawlToEnd(round: Round, more: readonly string[]): Promise<void> {
  const { random, ledger, seed, releases } = round;
  const where = `seed ${seed}, ${["crawl", ...more].join(" ")}`;
  let kills = Math.floor(random() * 8);
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const ended = await crawlOnce(round, more, kills > 0 ? chooseKill(random) : undefined, where);
    const findings = look(round, where);
    if (ended.killed) kills -= 1;
    else if (!EXPECTED_CODES.includes(ended.code ?? -1)) {
      ledger.wrong.push(`${where}: exit code ${ended.code}: ${ended.err.slice(-400)}`);
      return;
    } else if (ended.code === 0) {
      const want = releases.world.months.flatMap((month) => [
        `crimes ${month}`,
        `outcomes ${month}`,
      ]);
      const have = findings.verified.map(({ kind, month }) => `${kind} ${month}`);
      const missing = want.filter((one) => !have.includes(one));
      if (missing.length > 0) ledger.wrong.push(`${where}: done without ${missing.join(", ")}`);
      checkReleases(round, more, findings, where);
      ledger.countVerified(findings.verified);
      return;
    }
  }
  ledger.wrong.push(`${where}: not done after ${MOST_RUNS} runs`);
}

function checkReleases(round: Round, more: readonly string[], found: Findings, where: string) {
  if (!more.includes("--refresh")) return;
  const { released } = round.releases.world;
  for (const { kind, month, release } of found.verified) {
    if (release !== released) round.ledger.wrong.push(`${where}: ${kind} of ${month} are stale`);
  }
}

function look({ folder, history, releases, ledger }: Round, where: string): Findings {
  const { forces } = releases.world;
  const findings = inspect(join(folder, "ukpolice.db"), forces.length, history);
  ledger.countFindings(findings, where);
  return findings;
}

async function crawlOnce(
  { folder, sandbox, plan, wire, ledger }: Round,
  more: readonly string[],
  kill: KillAt | undefined,
  where: string,
): Promise<Ended> {
  const args = ["crawl", "--api-url", sandbox.url, "--plan", plan, ...more];
  wire.seen.length = 0;
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const env = { UKPOLICE_PATIENCE: PATIENCE };
  const ended = await runUntilKilled(args, { cwd: folder, env, kill, wire });
  delay.disable();
  ledger.countRun(wire.seen, delay.max / 1e6, ended.memoryMb, where);
  if (ended.killed) ledger.countKill(kill?.at ?? "unknown");
  return ended;
}

/** Mostly at any moment; sometimes while it writes. */
function chooseKill(random: () => number): KillAt {
  const draw = random();
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  if (draw < 0.6) return { at: "request", count: upTo(20), delayMs: Math.floor(random() * 60) };
  if (draw < 0.85) return { at: "commit", count: upTo(60) };
  return { at: "sidecar", count: upTo(3) };
}
