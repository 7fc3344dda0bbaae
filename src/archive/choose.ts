import type { ArchiveFile, Kind, Month, Source } from "../types.ts";

/** A file that was found: its name is for people, and holds the zip's. */
export type Found = ArchiveFile & {
  name: string;
  packedBytes?: number;
  bytes?: number | null;
};

/** Which files are wanted; undefined: all. */
export type Wanted = {
  since?: Month | undefined;
  until?: Month | undefined;
  forces?: readonly string[] | undefined;
  kinds?: readonly Kind[] | undefined;
};

/** Whether what is there gives way: months of the API, and files that are done. */
type Replacing = { replace: boolean };

/** What the database has. */
export type Present = {
  isDone(file: ArchiveFile): boolean;
  sourceOf(month: Month, kind: Kind): Source | undefined;
  /** The forces of which a month of the API's holds records. */
  listApiForces(month: Month, kind: Kind): readonly string[];
};

/** What is written in one transaction: one file, or all of a month of a kind. */
export type Job<F extends Found> = {
  month: Month;
  kind: Kind;
  /** Whether it takes the place of the API's month. */
  replaces: boolean;
  files: F[];
  /** What is left of the same forces' months, the newest first, for where one of these is bad. */
  older: F[];
};

/** Why a file is left alone. */
export type Why = "older" | "twice" | "done" | "api";

/** A month of the API's that was to be replaced, and cannot be. */
export type Refused = { month: Month; kind: Kind; reason: string };

export type Choice<F extends Found> = {
  /** The oldest month first. */
  jobs: Job<F>[];
  skipped: { file: F; why: Why }[];
  /** Files that the options leave out. */
  unwanted: number;
  /** Whether what is there gives way to whatever the files have. */
  insists: boolean;
  refused: Refused[];
};

/**
 * Chooses what is to be read, and in which order. Of several files of the same force's month, the
 * one of the newest release is taken, in whatever order they were given.
 */
export function chooseJobs<F extends Found>(
  files: readonly F[],
  wanted: Wanted & Replacing,
  present: Present,
): Choice<F> {
  const fitting = files.filter((file) => isWanted(file, wanted));
  const choice: Choice<F> = {
    jobs: [],
    skipped: [],
    unwanted: files.length - fitting.length,
    insists: wanted.replace,
    refused: [],
  };
  const older: F[] = [];
  const newest = newestOf(fitting, (file) => older.push(file));
  choice.skipped.push(
    ...older.map((file) => {
      const [taken] = keepSame(newest, [file]);
      return {
        file,
        why: taken?.release === file.release ? ("twice" as const) : ("older" as const),
      };
    }),
  );
  const spare = older.filter((file) => !present.isDone(file));
  for (const group of groupMonths(newest)) addMonth(group, { choice, wanted, present });
  for (const job of choice.jobs) job.older = keepSame(spare, job.files);
  return choice;
}

function isWanted({ month, forceId, kind }: Found, { since, until, forces, kinds }: Wanted) {
  return (
    month >= (since ?? "") &&
    month <= (until ?? "9999") &&
    (forces?.includes(forceId) ?? true) &&
    (kinds?.includes(kind) ?? true)
  );
}

/** The newest release of every wanted force's month, the oldest month first. */
export function keepNewest<F extends Found>(files: readonly F[], wanted: Wanted): F[] {
  return newestOf(files.filter((file) => isWanted(file, wanted)));
}

/** Those of the same force's month as one of these. */
export function keepSame<F extends Found>(files: readonly F[], these: readonly F[]): F[] {
  const keys = new Set(these.map(keyOf));
  return files.filter((file) => keys.has(keyOf(file)));
}

/** The job with the next older file in the place of a bad one; undefined: there is none. */
export function fallBack<F extends Found>(job: Job<F>, badName: string): Job<F> | undefined {
  const bad = job.files.find(({ name }) => name === badName);
  const next = bad && keepSame(job.older, [bad])[0];
  if (next === undefined) return undefined;
  return {
    ...job,
    files: job.files.map((file) => (file === bad ? next : file)),
    older: job.older.filter((file) => file !== next),
  };
}

/** Sorted by month, kind and force; of equal releases the largest, then the first by name. */
function newestOf<F extends Found>(files: readonly F[], leave: (file: F) => void = () => {}): F[] {
  const sorted = files.toSorted(
    (a, b) =>
      compare(keyOf(a), keyOf(b)) ||
      compare(b.release, a.release) ||
      sizeOf(b) - sizeOf(a) ||
      compare(a.name, b.name),
  );
  return sorted.filter((file, at) => {
    const before = sorted[at - 1];
    const isOlder = before !== undefined && keyOf(before) === keyOf(file);
    if (isOlder) leave(file);
    return !isOlder;
  });
}

/** Text packs to about a fifth. */
function sizeOf({ bytes, packedBytes = 0 }: Found): number {
  return bytes ?? packedBytes * 5;
}

function keyOf({ month, kind, forceId }: ArchiveFile): string {
  return `${month} ${kind} ${forceId}`;
}

/** Files of one month and kind together, in their order. */
export function groupMonths<F extends Found>(files: readonly F[]): F[][] {
  const groups = new Map<string, F[]>();
  for (const file of files) {
    const key = `${file.month} ${file.kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

type Around<F extends Found> = { choice: Choice<F>; wanted: Wanted & Replacing; present: Present };

/** Files of one month and kind: of the API's month all or none, else each by itself. */
function addMonth<F extends Found>(files: F[], { choice, wanted, present }: Around<F>): void {
  const [first] = files;
  if (first === undefined) return;
  const { month, kind } = first;
  if (present.sourceOf(month, kind) === "api") {
    if (!wanted.replace) {
      choice.skipped.push(...files.map((file) => ({ file, why: "api" as const })));
      return;
    }
    const reason = findObstacle(files, wanted, present.listApiForces(month, kind));
    if (reason === undefined) choice.jobs.push({ month, kind, replaces: true, files, older: [] });
    else choice.refused.push({ month, kind, reason });
    return;
  }
  for (const file of files) {
    if (!wanted.replace && present.isDone(file)) choice.skipped.push({ file, why: "done" });
    else choice.jobs.push({ month, kind, replaces: false, files: [file], older: [] });
  }
}

/** Why the API's month cannot be replaced: a month has one source, and nobody is to be lost. */
function findObstacle(
  files: readonly Found[],
  { forces }: Wanted,
  there: readonly string[],
): string | undefined {
  if (forces !== undefined) {
    return "are the API's, and are replaced for all forces or for none: leave --force out";
  }
  const lacking = there.filter((id) => !files.some(({ forceId }) => forceId === id));
  if (lacking.length === 0) return undefined;
  const more = lacking.length > 5 ? ` and ${lacking.length - 5} more` : "";
  return `are the API's, and there is no file of ${lacking.slice(0, 5).join(", ")}${more}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
