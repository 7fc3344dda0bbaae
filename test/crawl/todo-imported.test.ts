import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/types.ts";
import { ALL, cover, OUTCOMES, refresh, todo } from "../support/todo.ts";

const imported = (forces: readonly string[]) => cover(["2018-05", forces, KINDS, "archive"]);
const again = { again: ["2018-05"] };

describe("a month of the archive", () => {
  test("is asked for by nobody, and what lies between forces is not lacking", () => {
    const { tasks, notes } = todo({}, imported(["avon", "kent"]));
    expect({ tasks, notes }).toEqual({ tasks: [], notes: [] });
  });

  test("without a file of a force is named, and not asked for", () => {
    const { tasks, notes } = todo({ months: ["2018-05"] }, imported(["avon"]));
    expect(tasks).toEqual([]);
    expect(notes).toEqual([
      "the crimes of kent are in no file of the archive that was imported for 2018-05; " +
        "--refresh fetches such months from the API",
      "the outcomes of kent are in no file of the archive that was imported for 2018-05; " +
        "--refresh fetches such months from the API",
    ]);
  });

  test("leaves its other kinds to the API", () => {
    const crimes = cover(["2018-05", ["avon", "kent"], ["crimes"], "archive"]);
    expect(todo({}, crimes).tasks).toEqual([OUTCOMES]);
  });

  test("is replaced by a refresh of all forces, whichever files there were", () => {
    const stops = new Map([["2018-05", ["avon", "btp"]]]);
    const { tasks, notes } = todo({ ...again, stops, kinds: KINDS }, imported(["avon"]));
    expect(tasks).toEqual([
      '2018-05 crimes ["avon","kent",""] staged',
      '2018-05 outcomes ["avon","kent",""] staged',
      '2018-05 stops ["avon","btp"] staged',
    ]);
    expect(notes).toEqual([]);
  });

  test("is left alone by a refresh of some forces, and that is said", () => {
    const { tasks, notes } = todo({ ...again, forces: ["kent"] }, imported(ALL));
    expect(tasks).toEqual([]);
    expect(notes).toEqual([
      "2018-05 is from the archive; a refresh of all forces alone replaces that",
    ]);
  });

  test("goes on with a refresh that was begun", () => {
    const { tasks } = todo({}, { ...imported(["avon"]), sweeps: refresh(7) });
    expect(tasks).toEqual([
      '2018-05 crimes ["avon","kent",""] staged #7',
      '2018-05 outcomes ["avon","kent",""] staged #8',
    ]);
  });
});
