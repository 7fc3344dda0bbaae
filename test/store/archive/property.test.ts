import { rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Month } from "../../../src/types.ts";
import { crimeRow, FILE, importRows } from "../../support/imported.ts";
import { AT, crimeOf, HERE, openLastQuestion, saveCrimes, TRIANGLE } from "../../support/stored.ts";
import { createFolder } from "../../support/temp.ts";

const MONTHS = ["2024-01", "2024-02"];
const FORCES = ["avon", "btp", "kent"];
const RELEASES = ["2024-04", "2024-05", "2024-06"];
const CELLS = ["avon", "kent", ""];

type Step =
  | { do: "import" | "killed"; month: Month; forceId: string; release: Month; replaces: boolean }
  | { do: "ask" | "refresh"; month: Month; records: number };

const month = fc.constantFrom(...MONTHS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom("import" as const, "import" as const, "killed" as const),
    month,
    forceId: fc.constantFrom(...FORCES),
    release: fc.constantFrom(...RELEASES),
    replaces: fc.boolean(),
  }),
  fc.record({
    do: fc.constantFrom("ask" as const, "refresh" as const),
    month,
    records: fc.integer({ min: 1, max: 3 }),
  }),
);

/** What a month is to hold: of the API so many records, or of the archive releases by force. */
type Truth = { api: number } | { archive: Map<string, Month> };

/** As many rows as a file of a release has: every third of them lies in an area that is known. */
function rowsOf(forceId: string, release: Month) {
  const count = 1 + FORCES.indexOf(forceId) + 2 * RELEASES.indexOf(release);
  return Array.from({ length: count }, (_, at) =>
    crimeRow(at + 1, { outcome: release, area: at % 3 === 0 ? HERE : null }),
  );
}

function doStep(store: Store, truths: Map<Month, Truth>, todo: Step): void {
  const truth = truths.get(todo.month);
  if ("forceId" in todo) {
    const file = { ...FILE, ...todo };
    const { archive, replaces } = { archive: store.archive, replaces: todo.replaces };
    const isApi = archive.sourceOf(todo.month, "crimes") === "api";
    expect(isApi).toBe(truth !== undefined && "api" in truth);
    if (!replaces && (isApi || archive.isDone(file))) return;
    if (todo.do === "killed") {
      const writing = archive.begin({ month: todo.month, kind: "crimes", replaces });
      writing.file({ ...file, forceName: null });
      writing.rows(rowsOf("kent", "2024-06"));
      return writing.rollback();
    }
    importRows(store, "crimes", rowsOf(todo.forceId, todo.release), todo);
    const before = truth !== undefined && "archive" in truth ? truth.archive : new Map();
    truths.set(todo.month, { archive: new Map([...before, [todo.forceId, todo.release]]) });
    return;
  }
  const isThere = truth !== undefined;
  if (isThere !== (todo.do === "refresh")) return;
  const sweep = { month: todo.month, release: "2024-07-01", forces: CELLS, staged: isThere };
  const crimes = Array.from({ length: todo.records }, (_, id) =>
    crimeOf(id + 1, { month: todo.month, area: id === 0 ? HERE : null }),
  );
  saveCrimes(store, openLastQuestion(store, sweep), ...crimes);
  const doubted = isThere ? store.exchangeMonth(todo.month).flatMap((each) => each.doubted) : [];
  expect(doubted).toEqual([]);
  truths.set(todo.month, { api: todo.records });
}

function expectTruth(db: Database.Database, truths: ReadonlyMap<Month, Truth>): void {
  const rows = db.prepare<[Month], { id: number; by: string | null; outcome: string }>(
    `select id, reported_by as by, outcome_category as outcome from crimes
     where month = ? order by reported_by, id desc`,
  );
  const cells = db.prepare<[Month], { forceId: string; release: string; records: number }>(
    `select force_id as forceId, release, records from coverage where month = ? order by force_id`,
  );
  for (const at of MONTHS) {
    const truth = truths.get(at);
    if (truth === undefined || "api" in truth) {
      expect(
        rows
          .all(at)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(Array.from({ length: truth?.api ?? 0 }, (_, id) => id + 1));
      expect(cells.all(at).map(({ forceId }) => forceId)).toEqual(
        truth === undefined ? [] : CELLS.toSorted(),
      );
      continue;
    }
    const files = [...truth.archive].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const expected = files.flatMap(([by, release]) =>
      rowsOf(by, release).map(({ outcome }) => ({ by, outcome })),
    );
    expect(rows.all(at).map(({ by, outcome }) => ({ by, outcome }))).toEqual(expected);
    expect(cells.all(at)).toEqual(
      files.map(([forceId, release]) => ({
        forceId,
        release: `${release}-01`,
        records: rowsOf(forceId, release).length,
      })),
    );
  }
}

/** The counts are what counting gives. */
function expectCounts(db: Database.Database): void {
  const owned = "coalesce(force_id, reported_by, '')";
  const pairs = [
    [
      "select month, category, force_id as f, records from force_counts",
      `select month, category, ${owned} as f, count(*) as records from crimes group by 1, 2, 3`,
    ],
    [
      "select month, category, force_id || neighbourhood_id as f, records from neighbourhood_counts",
      `select month, category, ifnull(force_id || neighbourhood_id, '') as f, count(*) as records
       from crimes group by 1, 2, 3`,
    ],
  ];
  for (const [kept = "", counted = ""] of pairs) {
    const read = (sql: string) => db.prepare(`${sql} order by 1, 2, 3`).all();
    expect(read(kept)).toEqual(read(counted));
  }
}

test("whatever is imported, asked for, refreshed and killed, in any order, ends with the truth", () => {
  const folder = createFolder();
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
    const file = join(folder, "ukpolice.db");
    for (const end of ["", "-wal", "-shm", "-lock"]) rmSync(file + end, { force: true });
    const store = openStore(file);
    try {
      store.areas.saveForces([{ id: "avon", name: "Avon" }], AT);
      store.areas.saveNeighbourhoods("avon", [{ id: "A1", name: "A1" }], AT);
      store.areas.saveBoundary(HERE, TRIANGLE, AT);
      const truths = new Map<Month, Truth>();
      for (const todo of steps) doStep(store, truths, todo);
      const db = new Database(file, { readonly: true });
      expectTruth(db, truths);
      expectCounts(db);
      expect(db.pragma("foreign_key_check")).toEqual([]);
      db.close();
    } finally {
      store.close();
    }
  });
  fc.assert(property, { numRuns: 40 });
});
