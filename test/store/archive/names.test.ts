import { expect, test } from "vitest";
import { crimeRow, importRows, outcomeRow } from "../../support/imported.ts";
import { crimeOf, openLastQuestion, openTestStore, saveCrimes } from "../../support/stored.ts";
import { queryRows } from "../../support/temp.ts";

const TYPES = "select id, name from crime_categories order by id";

function importTypes(...types: string[]) {
  const store = openTestStore();
  importRows(
    store,
    "crimes",
    types.map((crimeType, at) => crimeRow(at + 1, { crimeType })),
  );
  return store;
}

test("a crime type has the API's id, and one that it has no more keeps its name", () => {
  const { file } = importTypes(
    "Violence and sexual offences",
    "Violent crime",
    "Public disorder and weapons",
    "Criminal damage and arson",
  );
  expect(queryRows(file, TYPES)).toEqual([
    { id: "criminal-damage-arson", name: "Criminal damage and arson" },
    { id: "public-disorder-weapons", name: "Public disorder and weapons" },
    { id: "violent-crime", name: "Violence and sexual offences" },
    { id: "violent-crime-to-2013", name: "Violent crime" },
  ]);
});

test("a name that nobody knows has an id of its own, whatever it looks like", () => {
  const names = ["Drugs", "drugs", "DRUGS!", "constructor", "窃盗"];
  const { file } = importTypes(...names, ...names);
  expect(queryRows(file, TYPES)).toEqual([
    { id: "constructor", name: "constructor" },
    { id: "drugs", name: "Drugs" },
    { id: "drugs-archive-1", name: "drugs" },
    { id: "drugs-archive-2", name: "DRUGS!" },
    { id: "unnamed", name: "窃盗" },
  ]);
});

test("a category that a record alone had named gets its name", () => {
  const store = openTestStore();
  saveCrimes(store, openLastQuestion(store), crimeOf(1, { category: "burglary" }));
  importRows(store, "crimes", [crimeRow(1, { crimeType: "Burglary" })]);
  expect(queryRows(store.file, TYPES)).toEqual([{ id: "burglary", name: "Burglary" }]);
});

test("outcome types have the API's codes", () => {
  const store = openTestStore();
  const types = ["Suspect charged", "Offender sent to prison", "Another end"];
  importRows(
    store,
    "outcomes",
    types.map((outcomeType, at) => outcomeRow(at + 1, { outcomeType })),
  );
  expect(queryRows(store.file, "select id, name from outcome_categories order by id")).toEqual([
    { id: "another-end", name: "Another end" },
    { id: "charged", name: "Suspect charged" },
    { id: "imprisoned", name: "Offender sent to prison" },
  ]);
});
