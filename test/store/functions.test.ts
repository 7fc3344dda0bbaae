import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { addFunctions } from "../../src/store/functions.ts";
import { openForReading } from "../../src/store/database.ts";
import { createFolder } from "../support/temp.ts";

const db = new Database(":memory:");
addFunctions(db);
const ask = (sql: string) => db.prepare<[], number | null>(`select ${sql}`).pluck().get();

describe("distance_m", () => {
  test("is right within half a hundredth", () => {
    // Greenwich to Charing Cross, and a degree of latitude in Yorkshire: on the ellipsoid.
    const known: [string, number][] = [
      ["distance_m(51.4779, -0.0015, 51.5074, -0.1278)", 9371],
      ["distance_m(53.5, -1.5, 54.5, -1.5)", 111_321],
    ];
    for (const [sql, metres] of known)
      expect(Math.abs((ask(sql) ?? 0) / metres - 1)).toBeLessThan(0.005);
    expect(ask("distance_m(51.5, 0, 51.5, 0)")).toBe(0);
    expect(ask("distance_m(51, 0, 52, 0)")).toBe(ask("distance_m(52, 0, 51, 0)"));
  });

  test("is null where a place is not known, and takes whole numbers", () => {
    expect(ask("distance_m(null, 0, 51, 0)")).toBeNull();
    expect(ask("distance_m('51', 0, 51, 0)")).toBeNull();
    expect(ask("round(distance_m(0, 0, 0, 180))")).toBe(20_015_114);
  });

  test("is there on every connection that reads", () => {
    const reading = openForReading(`${createFolder()}/none.db`);
    expect(reading.prepare("select distance_m(1, 1, 1, 1)").pluck().get()).toBe(0);
    reading.close();
  });
});
