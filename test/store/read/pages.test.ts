import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { openForReading } from "../../../src/store/database.ts";
import type { Connection } from "../../../src/store/database.ts";
import { choosePath, listSortable } from "../../../src/store/read/orders.ts";
import { findPage } from "../../../src/store/read/pages.ts";
import type { Filter, Position } from "../../../src/store/read/pages.ts";
import { listRelations } from "../../../src/store/read/relations.ts";
import type { Relation } from "../../../src/store/read/relations.ts";
import { crimeOf, openQuestions, openTestStore, seedOf } from "../../support/stored.ts";

const MONTHS = ["2018-03", "2018-04", "2018-05"];
const AREAS = [
  { forceId: "avon", neighbourhoodId: "A1" },
  { forceId: "avon", neighbourhoodId: "A2" },
  null,
];
const WHOLE = { rows: Infinity, ms: 60_000 };

/** 300 crimes over three months, some in no neighbourhood, a third of them without a persistent id. */
function makeDatabase(): string {
  const store = openTestStore();
  MONTHS.forEach((month, at) => {
    const [question] = openQuestions(store, { sweep: { month }, seeds: [seedOf(null, [])] });
    if (question === undefined) throw new Error("no question");
    const rows = Array.from({ length: 100 }, (_, index) =>
      crimeOf(((index * 37) % 100) * 3 + at, {
        month,
        area: AREAS[index % 3] ?? null,
        persistentId: index % 3 === 0 ? null : String(index % 7).repeat(64),
        category: index % 5 === 0 ? "robbery" : "burglary",
      }),
    );
    store.saveReply(question, { kind: "crimes", rows });
  });
  store.close();
  return store.file;
}

function open(): { db: Connection; crimes: Relation } {
  const db = openForReading(makeDatabase());
  onTestFinished(() => void db.close());
  const crimes = listRelations(db).find(({ name }) => name === "crimes");
  if (crimes === undefined) throw new Error("no table of crimes");
  return { db, crimes };
}

const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    column: fc.constant("month"),
    test: fc.constant("is" as const),
    value: fc.constantFrom(...MONTHS),
  }),
  fc.record({
    column: fc.constant("force_id"),
    test: fc.constantFrom("is" as const, "null" as const),
    value: fc.constantFrom("avon", "kent"),
  }),
  fc.record({
    column: fc.constant("neighbourhood_id"),
    test: fc.constantFrom("is" as const, "null" as const),
    value: fc.constantFrom("A1", "A2"),
  }),
  fc.record({
    column: fc.constant("persistent_id"),
    test: fc.constant("is" as const),
    value: fc.constant("3".repeat(64)),
  }),
  fc.record({
    column: fc.constant("category"),
    test: fc.constantFrom("is" as const, "contains" as const),
    value: fc.constant("robbery"),
  }),
  fc.record({
    column: fc.constant("category"),
    test: fc.constant("contains" as const),
    value: fc.constantFrom("bur", "ROB", "%", "_"),
  }),
);

const sort = fc.constantFrom(null, "id", "month", "force_id", "category", "persistent_id");

function toSql({ column, test: kind, value }: Filter): string {
  if (kind === "null") return `${column} is null`;
  return kind === "is"
    ? `${column} = '${value}'`
    : `instr(lower(${column}), lower('${value}')) > 0`;
}

describe("pages of a table", () => {
  test("hold together exactly the rows that fit, in order, forwards and backwards", () => {
    const { db, crimes } = open();
    const wish = fc.record({
      filters: fc.uniqueArray(filter, { maxLength: 3, selector: ({ column }) => column }),
      sort,
      isLarge: fc.boolean(),
      descending: fc.boolean(),
      limit: fc.integer({ min: 1, max: 40 }),
      rows: fc.constantFrom(7, Infinity),
    });
    fc.assert(
      fc.property(wish, ({ filters, sort: by, isLarge, descending, limit, rows }) => {
        const path = choosePath({ relation: crimes, isLarge, filters }, by);
        const request = { relation: crimes, path, filters, limit, budget: { ...WHOLE, rows } };
        const direction = descending ? " desc" : "";
        const order = path.columns.map((column) => `${column}${direction}`).join(", ");
        const expected = db
          .prepare<[], Position>(
            `select ${path.columns.join(", ")} from crimes
             where ${filters.map(toSql).join(" and ") || "true"} order by ${order}`,
          )
          .raw()
          .all();
        const walk = (way: boolean, from: Position | null) => {
          const all: Position[] = [];
          for (let after = from; ;) {
            const page = findPage(db, { ...request, descending: way, after });
            expect(page.found.length).toBeLessThanOrEqual(limit);
            all.push(...page.found);
            if (page.next === null) return all;
            after = page.next;
          }
        };
        expect(walk(descending, null)).toEqual(expected);
        const last = expected.at(-1);
        if (last !== undefined) {
          expect(walk(!descending, last)).toEqual(expected.slice(0, -1).toReversed());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("look at no more rows than they may", () => {
    const { db, crimes } = open();
    const filters: Filter[] = [{ column: "context", test: "is", value: "nothing" }];
    const path = choosePath({ relation: crimes, isLarge: true, filters }, null);
    const budget = { ...WHOLE, rows: 50 };
    const page = findPage(db, {
      relation: crimes,
      path,
      filters,
      descending: false,
      after: null,
      limit: 10,
      budget,
    });
    expect(page).toMatchObject({ found: [], looked: 50 });
    expect(page.next).not.toBeNull();
  });

  test("of a large table are sorted by what an index keeps in order", () => {
    const { crimes } = open();
    const large = { relation: crimes, isLarge: true };
    const sortable = (...filters: Filter[]) => [...listSortable({ ...large, filters })].sort();
    const month: Filter = { column: "month", test: "is", value: "2018-05" };
    const category: Filter = { column: "category", test: "is", value: "robbery" };
    expect(sortable()).toEqual(["month"]);
    expect(sortable(month)).toEqual(["category", "id", "month"]);
    expect(sortable(month, category)).toEqual(["force_id", "id", "month"]);
    const small = listSortable({ relation: crimes, isLarge: false, filters: [] });
    expect([...small]).toEqual(crimes.columns.map(({ name }) => name));
  });

  test("are sought in an index, and never sorted, where the table is large", () => {
    const { db, crimes } = open();
    const asked: string[] = [];
    const spy = new Database(db.name, {
      readonly: true,
      verbose: (sql) => asked.push(String(sql)),
    });
    onTestFinished(() => void spy.close());
    const last: Record<string, string | number> = {
      month: "2018-04",
      category: "burglary",
      force_id: "avon",
      neighbourhood_id: "A1",
      id: 100,
    };
    const filters: Filter[] = [{ column: "month", test: "is", value: "2018-04" }];
    const paths = crimes.paths.filter(({ requires }) => requires === null);
    expect(paths.map(({ columns }) => columns.join(" "))).toEqual([
      "month id",
      "month category force_id neighbourhood_id id",
    ]);
    for (const path of paths) {
      const after = path.columns.map((column) => last[column] ?? null);
      const request = { relation: crimes, path, after, limit: 200, budget: WHOLE };
      for (const descending of [false, true]) {
        for (const own of [[], filters]) {
          findPage(spy, { ...request, filters: own, descending });
        }
      }
    }
    expect(asked.length).toBeGreaterThan(8);
    for (const sql of asked) {
      const plan = db.prepare<[], { detail: string }>(`explain query plan ${sql}`).all();
      // No month is null, so SQLite knows that there is nothing to scan.
      const way = sql.includes('"month" is null') ? /^SCAN crimes USING/ : /^SEARCH crimes USING/;
      for (const { detail } of plan) expect(detail).toMatch(way);
    }
  });
});
