import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { loadSample } from "../../../src/sandbox/sample.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { Seen } from "../../../src/sandbox/server.ts";
import { createRandom } from "../../../src/sandbox/shares.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { runCli } from "../../support/cli.ts";
import { crawlInterrupted } from "../../support/interrupted.ts";
import type { History } from "../../support/invariants.ts";
import { createWire } from "../../support/kills.ts";
import type { KillAt, Wire } from "../../support/kills.ts";
import { createReleases } from "../../support/releases.ts";
import { countRows, createFolder, queryColumn, readContent } from "../../support/temp.ts";
import { truthOf } from "../../support/truth.ts";

const KILLS = 50;
const CONCURRENCY = 12;

let sample: World;
beforeAll(() => {
  sample = loadSample();
});

type Served = { url: string; wire: Wire };

async function serve(world: World): Promise<Served> {
  const wire = createWire();
  const sandbox = await startSandbox({ world, latency: "small", onRequest: wire.onRequest });
  onTestFinished(() => sandbox.close());
  return { url: sandbox.url, wire };
}

/**
 * Fifty moments, chosen by how far the crawl is: most boundaries first, then the polygons, of
 * which there are few, and the first and the second time that last_update.json is written.
 */
function* chooseMoments(file: string, seed: number): Generator<KillAt, void> {
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const soon = (most: number): KillAt => {
    return { at: "request", count: 1 + below(most), delayMs: below(60) };
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const phase = phaseOf(file);
    if (phase === "areas") yield kill % 5 === 4 ? { at: "commit", count: 1 + below(24) } : soon(10);
    else if (phase === "done") yield { at: "commit", count: 1 }; // it writes down that it began
    else if (kill >= KILLS - 6) yield { at: "sidecar", count: 1 + below(2) };
    else yield kill % 2 === 0 ? { at: "commit", count: 1 + below(6) } : soon(3);
  }
}

function phaseOf(file: string): "areas" | "months" | "done" {
  if (!existsSync(file) || countRows(file, "sqlite_schema") === 0) return "areas";
  const missing = "select count(*) from neighbourhoods where boundary_at is null";
  if (countRows(file, "neighbourhoods") === 0 || queryColumn(file, missing)[0] !== 0)
    return "areas";
  return countRows(file, "coverage") === 16 ? "done" : "months";
}

/** What a run asked for. */
function workOf(seen: readonly Seen[]): string[] {
  return seen.map(({ path, params }) => `${path}?${params.toString()}`);
}

describe("a crawl that is killed at fifty moments", () => {
  test("is sound after each, and ends as the one that nobody disturbed", async () => {
    const history: History = new Map([["2018-05-01", truthOf(sample)]]);
    const quiet = await serve(sample);
    const undisturbed = createFolder();
    const whole = runCli(["crawl", "--api-url", quiet.url], { cwd: undisturbed });

    const { url, wire } = await serve(sample);
    const cwd = createFolder();
    const file = join(cwd, "ukpolice.db");
    const runs: string[][] = [];
    function* kills() {
      for (const kill of chooseMoments(file, 4)) {
        runs.push([]);
        yield kill;
        runs[runs.length - 1] = workOf(wire.seen.splice(0));
      }
    }
    const args = ["crawl", "--api-url", url];
    const last = await crawlInterrupted({
      args,
      cwd,
      wire,
      world: sample,
      history,
      kills: kills(),
    });
    runs.push(workOf(wire.seen));
    expect(last).toMatchObject({ code: 0, kills: KILLS });
    expect((await whole).code).toBe(0);
    expect(readContent(file)).toEqual(readContent(join(undisturbed, "ukpolice.db")));

    // What was in flight at a kill is asked again, and nothing else is.
    const asked = new Map<string, number>();
    const repeated = runs.map(() => 0);
    runs.forEach((questions, run) => {
      for (const question of questions) {
        const before = asked.get(question);
        if (before !== undefined) repeated[before] = (repeated[before] ?? 0) + 1;
        asked.set(question, run);
      }
    });
    expect(Math.max(...repeated)).toBeLessThanOrEqual(CONCURRENCY);
    const inFlight = repeated.reduce((sum, count) => sum + count, 0);
    expect(runs.flat().length).toBeLessThanOrEqual(workOf(quiet.wire.seen).length + inFlight);
  });
});

/** Moments of a crawl whose areas are there already; the later ones while it writes. */
function chooseRefreshMoments(seed: number, count: number): KillAt[] {
  const random = createRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, (_, kill): KillAt => {
    if (kill % 2 === 0) return { at: "commit", count: 1 + below(80) };
    return { at: "request", count: 2 + below(5), delayMs: below(250) };
  });
}

describe("a refresh that is killed again and again", () => {
  test("keeps what was there until all is new, and ends as undisturbed", async () => {
    const releases = createReleases(7, { records: 300, months: 2 });
    const { world } = releases;
    const { url, wire } = await serve(world);
    const history: History = new Map();
    const remember = () => history.set(world.released ?? "", truthOf(world));
    const folders = [createFolder(), createFolder()] as const;
    const args = ["crawl", "--api-url", url];
    remember();
    for (const cwd of folders) await runCli(args, { cwd });
    releases.advance({ newIds: true });
    remember();

    const [cwd, undisturbed] = folders;
    const refresh = [...args, "--refresh"];
    const kills = chooseRefreshMoments(3, 14);
    const crawl = { args: refresh, cwd, wire, world, history, kills, repeats: true };
    const last = await crawlInterrupted(crawl);
    expect(last.code).toBe(0);
    expect(last.kills).toBeGreaterThan(5);
    expect((await runCli(refresh, { cwd: undisturbed })).code).toBe(0);
    const content = readContent(join(cwd, "ukpolice.db"));
    expect(content).toEqual(readContent(join(undisturbed, "ukpolice.db")));
    const releasesThere = "select distinct release from coverage";
    expect(queryColumn(join(cwd, "ukpolice.db"), releasesThere)).toEqual([world.released]);
  });
});
