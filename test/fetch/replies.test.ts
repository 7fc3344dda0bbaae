import { describe, expect, test } from "vitest";
import {
  parseReply,
  replies,
  toCategories,
  toCrime,
  toForces,
  toPublished,
  toNeighbourhoods,
} from "../../src/fetch/replies.ts";
import { rawCrime } from "../support/http.ts";

describe("a key that is not known", () => {
  test("is no reason to refuse a reply, and goes no further", () => {
    const areas = [{ id: "avon", name: "Avon", more: 1 }];
    const plain = [{ id: "avon", name: "Avon" }];
    expect(toForces(parseReply("/forces", replies.forces, areas))).toEqual(plain);
    expect(toNeighbourhoods(parseReply("/x", replies.neighbourhoods, areas))).toEqual(plain);

    const street = { id: 1, name: "x" };
    const location = {
      latitude: "51.5",
      longitude: "-0.1",
      street: { ...street, more: 1 },
      more: 1,
    };
    const [crime] = parseReply("/crimes", replies.crimes, [rawCrime({ location, more: 1 })]);
    expect(crime && toCrime(crime).place).toEqual({ latitude: 51.5, longitude: -0.1, street });
  });
});

test("what a list names twice counts once, as it is named first", () => {
  const names = [
    { id: "b", name: "B" },
    { id: "a", name: "A" },
    { id: "b", name: "C" },
  ];
  const kept = names.slice(0, 2);
  expect(toForces(names)).toEqual(kept);
  expect(toNeighbourhoods(names)).toEqual(kept);
  expect(toCategories(names.map(({ id, name }) => ({ url: id, name })))).toEqual(kept);
  const dates = ["2018-04", "2018-05", "2018-04"].map((date) => ({ date }));
  expect(toPublished(dates).published).toEqual(["2018-05", "2018-04"]);
});

describe("degrees", () => {
  const parse = (latitude: string) =>
    parseReply("/x", replies.boundary, [{ latitude, longitude: "0" }]);

  test.each(["51.5", "-0", "90", "-90.000", "5e1", "1.5E-7", "0.12345678901234567890"])(
    "may be written as %s",
    (text) => {
      expect(parse(text)).toHaveLength(1);
    },
  );

  test.each(["", " 51.5", "51.5\n", "+51.5", ".5", "51.", "1e", "1e+1", "9e9", "NaN", "5_1"])(
    "may not be written as %j",
    (text) => {
      expect(() => parse(text)).toThrow("0.latitude: not from -90 to 90");
    },
  );
});

describe("what is wrong first is named", () => {
  test.each([
    ["the whole: expected array", replies.crimes, {}],
    ["the whole: expected at least 1", replies.months, []],
    ["the whole: expected object", replies.lastUpdated, []],
    ["date: not a day", replies.lastUpdated, { date: "2018-05" }],
    ["1.date: not a month", replies.months, [{ date: "2018-05" }, { date: "2018-00" }]],
    ["0.id: not of 1 to 300 characters", replies.forces, [{ id: "x".repeat(301), name: "x" }]],
    ["0.name: missing", replies.forces, [{ id: "x" }]],
    ["0.id: not a whole number from 0 up", replies.crimes, [rawCrime({ id: -1, month: 5 })]],
    ["0.location: expected object", replies.crimes, [rawCrime({ location: [] })]],
  ])("%s", (what, shape, reply) => {
    expect(() => parseReply<unknown>("/x", shape, reply)).toThrow(
      `/x: the reply is not valid: ${what}`,
    );
  });

  test("and no more is looked at, were there a million", () => {
    const reply = Array.from({ length: 1_000_000 }, () => 1);
    const before = process.memoryUsage().heapUsed;
    expect(() => parseReply("/x", replies.crimes, reply)).toThrow("0: expected object");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * 2 ** 20);
  });
});
