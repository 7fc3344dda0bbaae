import { join } from "node:path";
import type Database from "better-sqlite3";
import { expect, test } from "vitest";
import { createStatus } from "../../../src/store/read/status.ts";
import { createCountry } from "../../support/country.ts";
import { createFolder } from "../../support/temp.ts";

/** The plans of every statement that a database prepares from now on. */
function recordPlans(db: Database.Database): string[] {
  const plans: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (sql: string) => {
    const explain = prepare<unknown[], { detail: string }>(`explain query plan ${sql}`);
    const bindings = Array.from({ length: sql.split("?").length - 1 }, () => 1);
    const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]);
    const named = names.length === 0 ? [] : [Object.fromEntries(names)];
    plans.push(...explain.all(...bindings, ...named).map(({ detail }) => detail));
    return prepare(sql);
  };
  return plans;
}

test("the status reads what is covered, and never the records themselves but by the small index", () => {
  const { file, db } = createCountry(join(createFolder(), "ukpolice.db"));
  const plans = recordPlans(db);
  createStatus(db, file)();
  expect(plans.join("\n")).toContain("SCAN coverage");
  const ofRecords = plans.filter((plan) => /\b(crimes|outcomes|stops)\b/.test(plan));
  expect(ofRecords).toEqual(["SCAN crimes USING COVERING INDEX crimes_without_force"]);
  expect(plans.filter((plan) => /SCAN questions/.test(plan))).toEqual([]);
  db.close();
});
