import { expect, test } from "vitest";
import { openForReading } from "../../src/store/database.ts";
import { createReadWanted } from "../../src/store/coverage.ts";
import { KINDS } from "../../src/types.ts";
import { openTestStore } from "../support/stored.ts";

test.each([
  ["nothing: all of them", [], ["avon", "kent", ""]],
  ["one force: that one", [["kent"]], ["kent"]],
  ["one after the other: all of them", [["kent"], ["avon"]], ["avon", "kent", ""]],
  ["all, though no cell of theirs was reached", [["kent"], "all"], ["avon", "kent", ""]],
] as const)("the forces that a database is for, asked for %s", (_, asked, wanted) => {
  const store = openTestStore();
  for (const forces of asked) store.coverage.noteAsked(forces, KINDS);
  const db = openForReading(store.file);
  expect(createReadWanted(db)()).toEqual(wanted);
  db.close();
});
