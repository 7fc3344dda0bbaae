import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FaultRates } from "../src/sandbox/faults.ts";
import type { LieName } from "../src/sandbox/lies.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import type { Sandbox } from "../src/sandbox/server.ts";
import { createRandom } from "../src/sandbox/shares.ts";
import type { Shares } from "../src/sandbox/shares.ts";
import { KINDS } from "../src/types.ts";
import { forgetIncomplete, inspect } from "../test/support/invariants.ts";
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

const FILE = "ukpolice.db";
const SIZES = [30, 300, 3000, 11_000];
/** Runs after which a crawl has to be done. */
const MOST_RUNS = 40;
/** In minutes; outages of the torture are shorter. */
const PATIENCE = "0.5";
/** Done; the API was down; some questions got no answer. Nothing else is to be expected. */
const EXPECTED_CODES = [0, 3, 5];

export type RoundOptions = {
  seed: number;
  /** An empty folder of its own. */
  folder: string;
  ledger: Ledger;
  /** Whether the time is up: what was begun is ended, without further kills. */
  isOver: () => boolean;
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
  const records = SIZES[below(SIZES.length)] ?? 30;
  const releases = createReleases(options.seed, { records, months: 1 + below(3) });
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
    await crawlThrough(round, { args: [], expects: "all" });
    for (let count = below(3); count > 0 && !options.isOver(); count -= 1) {
      const newMonth = random() < 0.3;
      releases.advance({ newMonth });
      remember(round);
      await crawlThrough(round, chooseTask(random, newMonth));
    }
    options.ledger.countRound();
  } finally {
    await sandbox.close();
  }
}

/** What a crawl is asked to do, and which months have to be of the newest release afterwards. */
type Task = { args: readonly string[]; expects: "all" | "newest" | "nothing new" | "any" };

function chooseTask(random: () => number, newMonth: boolean): Task {
  const draw = random();
  if (draw < 0.5) return { args: ["--refresh"], expects: "all" };
  if (draw < 0.7) return { args: ["--refresh", "1"], expects: "newest" };
  const args = draw < 0.85 ? ["--from-last-update"] : [];
  return { args, expects: newMonth ? "newest" : "nothing new" };
}

/** Does a task to its end; now and then a release comes in the midst, and all is fetched again. */
async function crawlThrough(round: Round, task: Task): Promise<void> {
  const { random, releases, history, folder } = round;
  const { world } = releases;
  if (task.expects === "nothing new" || random() < 0.8) return crawlToEnd(round, task);
  await crawlOnce(round, task, chooseKill(random));
  forgetIncomplete(join(folder, FILE), world.forces.length, history, world.released ?? "");
  releases.advance();
  remember(round);
  await crawlToEnd(round, { ...task, expects: "any" });
  await crawlToEnd(round, { args: ["--refresh"], expects: "all" });
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
async function crawlToEnd(round: Round, task: Task): Promise<void> {
  const { random, ledger, isOver } = round;
  const where = whereIs(round, task);
  let kills = Math.floor(random() * 6);
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const kill = kills > 0 && !isOver() ? chooseKill(random) : undefined;
    const { ended, findings } = await crawlOnce(round, task, kill);
    if (ended.killed) kills -= 1;
    else if (!EXPECTED_CODES.includes(ended.code ?? -1)) {
      ledger.wrong.push(`${where}: exit code ${ended.code}: ${ended.err.slice(-400)}`);
      return;
    } else if (ended.code === 0) {
      checkEnd(round, task, findings);
      return;
    }
  }
  ledger.wrong.push(`${where}: not done after ${MOST_RUNS} runs`);
}

/** What a task was to bring is there, and is the truth of the release that it should be of. */
function checkEnd(round: Round, task: Task, { verified }: Findings): void {
  const { ledger, releases, wire } = round;
  const { months, released } = releases.world;
  ledger.countVerified(verified);
  if (task.expects === "any") return;
  const complain = (what: string) => ledger.wrong.push(`${whereIs(round, task)}: ${what}`);
  for (const month of months) {
    const isNew = task.expects === "all" || (task.expects === "newest" && month === months.at(-1));
    const fit = verified.filter(
      (one) => one.month === month && (!isNew || one.release === released),
    );
    const kinds = new Set(fit.map(({ kind }) => kind));
    if (kinds.size !== KINDS.length) complain(`done, but ${month} is stale or missing`);
  }
  const polygons = wire.seen.filter(({ params }) => params.has("poly"));
  if (task.expects !== "nothing new" || polygons.length === 0) return;
  complain(`asked for ${polygons.length} polygons, though nothing was new`);
}

function whereIs({ seed, plan }: Round, { args }: Task): string {
  return `seed ${seed}, ${["crawl --plan", plan, ...args].join(" ")}`;
}

async function crawlOnce(
  round: Round,
  task: Task,
  kill: KillAt | undefined,
): Promise<{ ended: Ended; findings: Findings }> {
  const { folder, sandbox, plan, wire, ledger, releases, history } = round;
  const where = whereIs(round, task);
  const args = ["crawl", "--api-url", sandbox.url, "--plan", plan, ...task.args];
  wire.seen.length = 0;
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const env = { UKPOLICE_PATIENCE: PATIENCE };
  const ended = await runUntilKilled(args, { cwd: folder, env, kill, wire });
  delay.disable();
  ledger.countRun(wire.seen, { stallMs: delay.max / 1e6, memoryMb: ended.memoryMb, where });
  if (ended.killed) ledger.countKill(kill?.at ?? "unknown");
  const findings = inspect(join(folder, FILE), releases.world.forces.length, history);
  ledger.countFindings(findings, where);
  return { ended, findings };
}

/** Mostly while something is asked or its answer is stored; sometimes just while it writes. */
function chooseKill(random: () => number): KillAt {
  const draw = random();
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  // The larger a reply, the longer it takes to be read and stored, and a month to be replaced.
  const delayMs = Math.floor(random() * random() * 400);
  if (draw < 0.6) return { at: "request", count: upTo(10), delayMs };
  if (draw < 0.9) return { at: "commit", count: upTo(random() < 0.5 ? 15 : 120) };
  return { at: "sidecar", count: upTo(3) };
}
