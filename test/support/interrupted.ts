import { join } from "node:path";
import { expect } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { inspect } from "./invariants.ts";
import type { History } from "./invariants.ts";
import { runUntilKilled } from "./kills.ts";
import type { Ended, KillAt, Wire } from "./kills.ts";

export type InterruptedCrawl = {
  args: readonly string[];
  cwd: string;
  wire: Wire;
  world: World;
  history: History;
  /** The moments at which it is killed, one a run; it is started again after each. */
  kills: Iterable<KillAt>;
  /** Whether a run that ends before its kill is followed by more: a refresh can begin anew. */
  repeats?: boolean;
};

/** Kills a crawl again and again, and inspects what it left each time; answers its last run. */
export async function crawlInterrupted(
  crawl: InterruptedCrawl,
): Promise<Ended & { kills: number }> {
  const { args, cwd, wire, world, history } = crawl;
  const look = () => inspect(join(cwd, "ukpolice.db"), world.forces.length, history).wrong;
  let kills = 0;
  for (const kill of crawl.kills) {
    const ended = await runUntilKilled(args, { cwd, wire, kill });
    expect(look()).toEqual([]);
    if (ended.killed) kills += 1;
    else if (crawl.repeats !== true) return { ...ended, kills };
  }
  const ended = await runUntilKilled(args, { cwd, wire });
  expect(look()).toEqual([]);
  return { ...ended, kills };
}
