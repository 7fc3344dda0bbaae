import * as v from "@badrap/valita";
import type { Area, Kind, Month, Point, Ring } from "../types.ts";
import { createCompletion } from "./completion.ts";
import type { Completed } from "./completion.ts";
import type { Connection } from "./database.ts";
import { fitting, readKept } from "./kept.ts";
import { isLatitude, isLongitude } from "./sound.ts";

/**
 * A question to ask: a polygon, or what a force publishes that no area has. A polygon without a
 * ring of its own is its neighbourhood's boundary.
 */
export type Seed = {
  forceId?: string | null;
  area: Area | null;
  ring: Ring | null;
  depth: number;
  expected: number | null;
};

export type Question = Seed & {
  /** The force that is asked for by its name; null: a polygon is. */
  forceId: string | null;
  id: number;
  sweepId: number;
  month: Month;
  kind: Kind;
  staged: boolean;
  /** The forces of its sweep's cells. */
  forces: ReadonlySet<string>;
};

export type Failure = {
  month: Month;
  kind: Kind;
  forces: ReadonlySet<string>;
  forceId: string | null;
  area: Area | null;
  ring: Ring | null;
  reason: string;
};

type QuestionRow = {
  id: number;
  sweepId: number;
  month: Month;
  kind: Kind;
  staged: number;
  forceId: string | null;
  neighbourhoodId: string | null;
  ring: string | null;
  depth: number;
  expected: number | null;
  reason: string | null;
};

export type Frontier = ReturnType<typeof createFrontier>;

/** The questions that are left: they live in the database, so that a killed crawl goes on there. */
export function createFrontier(db: Connection) {
  const selectOpened = db
    .prepare<[number], string | null>("select opened_at from sweeps where id = ?")
    .pluck();
  const setOpened = db.prepare<[number]>(
    "update sweeps set opened_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') where id = ?",
  );
  const reopen = db.prepare(
    `update questions set state = 'open', reason = null, records = null
     where sweep_id = ? and state = 'failed'`,
  );
  const selectCells = db
    .prepare<[number], string>("select force_id from sweep_cells where sweep_id = ?")
    .pluck();
  const select = (where: string) =>
    `select questions.id, sweep_id as sweepId, month, kind, staged, force_id as forceId,
       neighbourhood_id as neighbourhoodId, ring, depth, expected, reason
     from questions join sweeps on sweeps.id = sweep_id
     where ${where}`;
  const selectOpen = db.prepare<[number], QuestionRow>(
    `${select("sweep_id = ? and state = 'open'")} order by questions.id`,
  );
  const selectFailed = db.prepare<[], QuestionRow>(
    `${select("state = 'failed'")} order by month, kind, questions.id`,
  );
  const selectDone = db
    .prepare<[Kind, Month], string>(
      `select ring from questions join sweeps on sweeps.id = sweep_id
       where kind = ? and month = ? and state = 'done' and ring is not null`,
    )
    .pluck();
  const selectStates = db.prepare<[number], { state: string; questions: number }>(
    "select state, count(*) as questions from questions where sweep_id = ? group by state",
  );
  const insert = db.prepare(
    `insert into questions (sweep_id, force_id, neighbourhood_id, ring, depth, expected)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare("delete from questions where id = ?");
  const fail = db.prepare("update questions set state = 'failed', reason = ? where id = ?");
  const finish = db.prepare("update questions set state = 'done', records = ? where id = ?");
  const complete = createCompletion(db);

  const add = (sweepId: number, seeds: readonly Seed[]) => {
    for (const { forceId, area, ring, depth, expected } of seeds) {
      const text = ring === null ? null : writeRing(ring);
      insert.run(
        sweepId,
        area?.forceId ?? forceId ?? null,
        area?.neighbourhoodId ?? null,
        text,
        depth,
        expected,
      );
    }
  };
  const listForces = (sweepId: number) => new Set(selectCells.all(sweepId));
  const listOpen = (sweepId: number): Question[] => {
    const forces = listForces(sweepId);
    return selectOpen.all(sweepId).map((row) => toQuestion(row, forces));
  };
  /** Puts pieces in the place of a polygon that was too large. */
  const replaceQuestion = db.transaction(
    (question: Question, pieces: readonly Seed[]): Question[] => {
      remove.run(question.id);
      add(question.sweepId, pieces);
      return listOpen(question.sweepId).slice(-pieces.length || Infinity);
    },
  );

  return {
    /**
     * Chooses a sweep's questions, or has those asked again that failed. Tells when there is
     * nothing to ask; then its cells are covered.
     */
    openSweep: db.transaction((id: number, seeds: () => readonly Seed[]): Completed | undefined => {
      if (typeof selectOpened.get(id) === "string") {
        reopen.run(id);
      } else {
        add(id, seeds());
        setOpened.run(id);
      }
      return complete(id);
    }),
    listOpen,
    /** How many questions of a sweep are in each state. */
    countStates(sweepId: number): { open: number; done: number; failed: number } {
      const counts = { open: 0, done: 0, failed: 0 };
      for (const { state, questions } of selectStates.all(sweepId))
        Object.assign(counts, { [state]: questions });
      return counts;
    },
    /** The rings that are done of what is not complete. */
    listDoneRings: (kind: Kind, month: Month): Ring[] => selectDone.all(kind, month).map(readRing),
    listFailures: (): Failure[] =>
      selectFailed.all().map((row) => ({
        ...toQuestion(row, listForces(row.sweepId)),
        reason: row.reason ?? "unknown",
      })),
    replaceQuestion,
    /** Puts a polygon in the place of several of a sweep. */
    joinQuestions: db.transaction(
      (question: Question, others: readonly Question[], whole: Seed): Question[] => {
        for (const { id } of others) remove.run(id);
        return replaceQuestion(question, [whole]);
      },
    ),
    /** Marks a question as failed; cells that it does not concern may be covered by that. */
    failQuestion: db.transaction((question: Question, reason: string): void => {
      fail.run(reason, question.id);
      complete(question.sweepId);
    }),
    /** Marks a question as done; tells when it was the last of its sweep. In the caller's transaction. */
    finishQuestion(question: Question, records: number): Completed | undefined {
      finish.run(records, question.id);
      return complete(question.sweepId);
    },
  };
}

function toQuestion(
  { forceId, neighbourhoodId, ring, ...row }: QuestionRow,
  forces: ReadonlySet<string>,
): Question {
  const area = forceId === null || neighbourhoodId === null ? null : { forceId, neighbourhoodId };
  return {
    id: row.id,
    sweepId: row.sweepId,
    month: row.month,
    kind: row.kind,
    staged: row.staged === 1,
    forces,
    forceId: neighbourhoodId === null ? forceId : null,
    depth: row.depth,
    expected: row.expected,
    area,
    ring: ring === null ? null : readRing(ring),
  };
}

function writeRing(ring: Ring): string {
  return JSON.stringify(ring.map(({ latitude, longitude }) => [latitude, longitude]));
}

const readPairs = fitting(
  v.array(v.tuple([v.number().assert(isLatitude), v.number().assert(isLongitude)])),
);

function readRing(text: string): Point[] {
  return readKept("a question's ring", text, readPairs).map(([latitude, longitude]) => ({
    latitude,
    longitude,
  }));
}
