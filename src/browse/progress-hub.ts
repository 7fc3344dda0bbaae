import { Pace } from "../report/pace.ts";
import type { CrawlState, ProgressReader } from "../store/read/progress.ts";

const PERIOD_MS = 1000;
/** Without a change of the database, what is shown ages and is told anew this often. */
const IDLE_TICKS = 5;
/** The speed is that of so much time, at most. */
const WINDOW_MS = 20_000;

/** What was read, and how fast the run is; null: not known. */
export type Sight = {
  progress: CrawlState;
  /** Requests a second lately. */
  speed: number | null;
  /** Milliseconds until the run is done. */
  leftMs: number | null;
};

export type Listener = { onSight: (sight: Sight) => void; onEnd: () => void };

export type Hub = ReturnType<typeof createHub>;

type Sample = { run: number; atMs: number; requests: number };

/** Looks at the database once a second for all who listen together; not at all when nobody does. */
export function createHub({ read, readVersion }: ProgressReader, signal: AbortSignal) {
  const listeners = new Set<Listener>();
  let samples: Sample[] = [];
  const measureLeft = createLeft();
  let timer: NodeJS.Timeout | undefined;
  let version: unknown;
  let ticks = 0;

  const look = (): Sight => {
    const progress = read();
    samples = addSample(samples, progress);
    return { progress, speed: measure(samples, progress), leftMs: measureLeft(progress) };
  };
  const tell = (): void => {
    const seen = readVersion();
    ticks += 1;
    if (seen === version && ticks % IDLE_TICKS !== 0) return;
    version = seen;
    const sight = look();
    for (const { onSight } of listeners) onSight(sight);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    for (const { onEnd } of listeners) onEnd();
    listeners.clear();
  };
  /** A database that fails ends it: those who come again are told why by the page itself. */
  const tick = (): void => {
    try {
      tell();
    } catch {
      stop();
    }
  };
  signal.addEventListener("abort", stop);

  return {
    look,
    /** Tells the listener of each change, until the returned function takes it off. */
    listen(listener: Listener): () => void {
      listeners.add(listener);
      timer ??= setInterval(tick, PERIOD_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}

function addSample(samples: readonly Sample[], { runs: [run] }: CrawlState): Sample[] {
  if (run === undefined) return [];
  const sample = { run: run.id, atMs: Date.parse(run.seenAt), requests: run.requests };
  const kept = samples.filter(
    ({ run: id, atMs }) => id === run.id && atMs < sample.atMs && atMs >= sample.atMs - WINDOW_MS,
  );
  return [...kept, sample];
}

/** By what was seen lately, else by the whole run. */
function measure(samples: readonly Sample[], { runs: [run] }: CrawlState): number | null {
  if (run === undefined) return null;
  const last = { atMs: Date.parse(run.seenAt), requests: run.requests };
  const begin = { atMs: Date.parse(run.startedAt), requests: 0 };
  const [first] = samples;
  const since = first !== undefined && first.atMs < last.atMs ? first : begin;
  const seconds = (last.atMs - since.atMs) / 1000;
  return seconds <= 0 ? null : (last.requests - since.requests) / seconds;
}

/**
 * The time left, as the crawl itself measures it: by the pace since it first asked for records, but
 * for outages and pauses.
 */
function createLeft() {
  let pace = new Pace();
  let of: number | undefined;
  return ({ runs: [run] }: CrawlState): number | null => {
    if (run === undefined || run.askingSince === null) return null;
    const total = run.questions ?? 0;
    if (of !== run.id) {
      pace = new Pace();
      pace.note({ settled: 0, total }, Date.parse(run.askingSince));
      of = run.id;
    }
    const workedMs = Date.parse(run.seenAt) - run.waitedMs;
    pace.note({ settled: (run.questionsDone ?? 0) + (run.questionsFailed ?? 0), total }, workedMs);
    return pace.timeLeft(workedMs) ?? null;
  };
}
