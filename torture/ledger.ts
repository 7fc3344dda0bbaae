import type { Seen } from "../src/sandbox/server.ts";
import type { Findings } from "../test/support/invariants.ts";

/** The documented limit of the API, in requests a second. */
const RATE = 15;
/** Requests are noticed here a little later than they start, and on a busy machine not evenly so. */
const JITTER_MS = 100;
/** What a crawl may hold at most, in MB. */
const MEMORY_MB = 400;

export type RunFigures = {
  /** How late the sandbox may have noticed a request. */
  stallMs: number;
  /** The most that the crawl held; 0 where that is not known. */
  memoryMb: number;
  where: string;
};

/** What the torture found out so far. */
export class Ledger {
  /** What was wrong, a sentence each. */
  readonly wrong: string[] = [];
  readonly #troubles = new Map<string, number>();
  readonly #kills = new Map<string, number>();
  readonly #memoryMb: number[] = [];
  #requests = 0;
  #rounds = 0;
  #runs = 0;
  #inspections = 0;
  #months = 0;
  #rows = 0;
  #lost = 0;
  #surplus = 0;
  #mostStarts = 0;

  countRound(): void {
    this.#rounds += 1;
  }

  /** A crawl's requests. */
  countRun(seen: readonly Seen[], { stallMs, memoryMb, where }: RunFigures): void {
    this.#runs += 1;
    this.#requests += seen.length;
    for (const { trouble, status } of seen) {
      const name =
        trouble ?? (status === 503 || status === 429 ? `${status} of the API` : undefined);
      if (name !== undefined) increase(this.#troubles, name);
    }
    const times = seen.map(({ atMs }) => atMs);
    const most = mostWithin(1000 - JITTER_MS - stallMs, times);
    this.#mostStarts = Math.max(this.#mostStarts, most);
    if (most > RATE) this.wrong.push(`${where}: ${most} requests within a second`);
    if (memoryMb > 0) this.#memoryMb.push(memoryMb);
    if (memoryMb > MEMORY_MB) this.wrong.push(`${where}: ${Math.round(memoryMb)} MB of memory`);
  }

  countKill(at: string): void {
    increase(this.#kills, at);
  }

  countFindings({ wrong, lost, surplus }: Findings, where: string): void {
    this.#inspections += 1;
    this.#lost += lost;
    this.#surplus += surplus;
    this.wrong.push(...wrong.map((sentence) => `${where}: ${sentence}`));
  }

  /** The months of a crawl that is done; each one is whole only with both of its kinds. */
  countVerified(verified: Findings["verified"]): void {
    this.#months += verified.filter(({ kind }) => kind === "outcomes").length;
    this.#rows += verified.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Names and values, in the order in which they are read. */
  figures(): [string, string][] {
    const memory = (mb: number | undefined) =>
      mb === undefined ? "unknown" : `${Math.round(mb)} MB`;
    return [
      ["rounds", `${this.#rounds}`],
      ["crawls started", `${this.#runs}`],
      ["requests", `${this.#requests}`],
      ["most requests within a second", `${this.#mostStarts}`],
      ["faults survived", sum(this.#troubles)],
      ["kills", sum(this.#kills)],
      ["databases inspected", `${this.#inspections}`],
      ["months verified", `${this.#months}`],
      ["rows verified", `${this.#rows}`],
      ["rows lost", `${this.#lost}`],
      ["rows doubled", `${this.#surplus}`],
      ["memory at start", memory(this.#memoryMb[0])],
      ["memory at end", memory(this.#memoryMb.at(-1))],
      [
        "memory at most",
        memory(this.#memoryMb.length === 0 ? undefined : Math.max(...this.#memoryMb)),
      ],
    ];
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `12: 7 cut, 5 html`. */
function sum(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].sort(([, a], [, b]) => b - a);
  const total = all.reduce((count, [, more]) => count + more, 0);
  return total === 0
    ? "0"
    : `${total}: ${all.map(([name, count]) => `${count} ${name}`).join(", ")}`;
}

/** The most times that fall into any span of so many milliseconds. */
function mostWithin(ms: number, times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, index) => {
    while ((times[first] ?? time) <= time - ms) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
