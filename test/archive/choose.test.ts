import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseJobs } from "../../src/archive/choose.ts";
import type { Found, Present } from "../../src/archive/choose.ts";
import { KINDS } from "../../src/types.ts";
import type { Kind, Month } from "../../src/types.ts";

const NOTHING: Present = {
  isDone: () => false,
  sourceOf: () => undefined,
  listApiForces: () => [],
};

function file(month: Month, forceId: string, other: Partial<Found> = {}): Found {
  const kind: Kind = "crimes";
  const release = "2024-06";
  const name = `${other.release ?? release}.zip: ${month}-${forceId}-${other.kind ?? kind}`;
  return { month, forceId, kind, release, name, ...other };
}

function namesOf(files: readonly Found[], options = {}, present = NOTHING) {
  const { jobs } = chooseJobs(files, { replace: false, ...options }, present);
  return jobs.flatMap((job) => job.files.map(({ name }) => name));
}

describe("of files that were given", () => {
  test("the oldest month is the first, each file a job of its own", () => {
    const files = [file("2024-02", "kent"), file("2023-11", "kent"), file("2024-02", "avon")];
    const { jobs } = chooseJobs(files, { replace: false }, NOTHING);
    expect(jobs.map(({ month, files: own }) => [month, own[0]?.forceId, own.length])).toEqual([
      ["2023-11", "kent", 1],
      ["2024-02", "avon", 1],
      ["2024-02", "kent", 1],
    ]);
  });

  test("the newest release of a force's month is taken, and the others are named as older", () => {
    const files = [
      file("2024-02", "kent", { release: "2024-06" }),
      file("2024-02", "kent", { release: "2025-01" }),
      file("2024-02", "avon", { release: "2024-06" }),
    ];
    const { jobs, skipped } = chooseJobs(files, { replace: false }, NOTHING);
    expect(jobs.flatMap((job) => job.files)).toEqual([files[2], files[1]]);
    expect(skipped).toEqual([{ file: files[0], why: "older" }]);
  });

  test("the same are taken, in whatever order they come", () => {
    const anyFile = fc
      .record({
        month: fc.constantFrom("2023-11", "2024-01", "2024-02"),
        kind: fc.constantFrom(...KINDS),
        forceId: fc.constantFrom("avon", "kent", "btp"),
        release: fc.constantFrom("2024-06", "2025-01"),
        zip: fc.constantFrom("a", "b"),
      })
      .map(({ zip, ...one }) => ({ ...one, name: `${zip}: ${Object.values(one).join("-")}` }));
    const twice = fc
      .array(anyFile, { maxLength: 30 })
      .chain((files) =>
        fc.tuple(
          fc.constant(files),
          fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
        ),
      );
    fc.assert(
      fc.property(twice, ([files, shuffled]) => {
        const chosen = namesOf(files);
        expect(namesOf(shuffled)).toEqual(chosen);
        const cells = files.map(({ month, kind, forceId }) => `${month} ${kind} ${forceId}`);
        expect(chosen).toHaveLength(new Set(cells).size);
      }),
    );
  });

  test("only what is wanted is taken, by month, force and kind", () => {
    const files = [
      file("2023-12", "kent"),
      file("2024-01", "kent"),
      file("2024-02", "kent"),
      file("2024-01", "avon"),
      file("2024-01", "kent", { kind: "stops" }),
    ];
    const wanted = { since: "2024-01", until: "2024-01", forces: ["kent"], kinds: ["crimes"] };
    expect(namesOf(files, wanted)).toEqual([files[1]?.name]);
    const choice = chooseJobs(
      files,
      { since: "2024-01", until: "2024-01", forces: ["kent"], kinds: ["crimes"], replace: false },
      NOTHING,
    );
    expect(choice.unwanted).toBe(4);
    expect(choice.skipped).toEqual([]);
  });

  test("what is done is left alone, unless it is to be replaced", () => {
    const files = [file("2024-01", "kent"), file("2024-02", "kent")];
    const present = { ...NOTHING, isDone: ({ month }: { month: Month }) => month === "2024-01" };
    expect(namesOf(files, {}, present)).toEqual([files[1]?.name]);
    expect(chooseJobs(files, { replace: false }, present).skipped).toEqual([
      { file: files[0], why: "done" },
    ]);
    expect(namesOf(files, { replace: true }, present)).toHaveLength(2);
  });
});

describe("a month of the API's", () => {
  const files = [
    file("2024-01", "kent"),
    file("2024-01", "avon"),
    file("2024-01", "kent", { kind: "stops" }),
  ];
  const present: Present = {
    isDone: () => false,
    sourceOf: (_, kind) => (kind === "crimes" ? "api" : undefined),
    listApiForces: () => ["kent", "avon"],
  };

  test("is left alone, in that kind only", () => {
    const { jobs, skipped } = chooseJobs(files, { replace: false }, present);
    expect(jobs.map(({ kind }) => kind)).toEqual(["stops"]);
    expect(skipped.map(({ file: { forceId }, why }) => [forceId, why])).toEqual([
      ["avon", "api"],
      ["kent", "api"],
    ]);
  });

  test("is replaced as a whole, in one job", () => {
    const { jobs, refused } = chooseJobs(files, { replace: true }, present);
    expect(jobs.map(({ kind, replaces, files: own }) => [kind, replaces, own.length])).toEqual([
      ["crimes", true, 2],
      ["stops", false, 1],
    ]);
    expect(refused).toEqual([]);
  });

  test("is not replaced where a force would be lost", () => {
    const { jobs, refused } = chooseJobs(
      files,
      { replace: true },
      {
        ...present,
        listApiForces: () => ["kent", "avon", "surrey"],
      },
    );
    expect(jobs.map(({ kind }) => kind)).toEqual(["stops"]);
    expect(refused).toEqual([
      {
        month: "2024-01",
        kind: "crimes",
        reason: "are the API's, and there is no file of surrey",
      },
    ]);
  });

  test("is not replaced for some forces", () => {
    const wanted = { replace: true, forces: ["kent"] };
    const { jobs, refused } = chooseJobs(files, wanted, present);
    expect(jobs.map(({ kind }) => kind)).toEqual(["stops"]);
    expect(refused[0]?.reason).toMatch(/all forces or for none: leave --force out/);
  });
});

test("of two files of the same release the larger is taken, and the other is not called older", () => {
  const small = file("2024-02", "kent", { name: "a", bytes: 10 });
  const large = file("2024-02", "kent", { name: "b", bytes: 20 });
  const { jobs, skipped } = chooseJobs([small, large], { replace: false }, NOTHING);
  expect(jobs.flatMap((job) => job.files)).toEqual([large]);
  expect(skipped).toEqual([{ file: small, why: "twice" }]);
});
