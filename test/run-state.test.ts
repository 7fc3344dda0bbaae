import { describe, expect, test } from "vitest";
import { EXIT } from "../src/errors.ts";
import { stateOfRun } from "../src/run-state.ts";

const AT = "2018-07-01T00:00:00.000Z";

describe("a run without an end", () => {
  const run = { endedAt: null, exitCode: null };

  test("is at work while the database is locked", () => {
    expect(stateOfRun(run, true)).toBe("running");
  });

  test("was killed where nobody holds the lock", () => {
    expect(stateOfRun(run, false)).toBe("killed");
  });
});

describe("a run that ended", () => {
  test.each([
    [0, "done"],
    [EXIT.bug, "failed"],
    [EXIT.usage, "refused"],
    [EXIT.unreachable, "unreachable"],
    [EXIT.database, "failed"],
    [EXIT.incomplete, "incomplete"],
    [EXIT.SIGINT, "stopped"],
    [EXIT.SIGTERM, "stopped"],
    [99, "failed"],
    [null, "failed"],
  ])("with code %j is %s, whoever holds the lock now", (exitCode, state) => {
    expect(stateOfRun({ endedAt: AT, exitCode }, false)).toBe(state);
    expect(stateOfRun({ endedAt: AT, exitCode }, true)).toBe(state);
  });
});
