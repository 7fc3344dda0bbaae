import { describe, expect, it } from "vitest";
import { InvalidReplyError } from "../../src/fetch/errors.ts";
import { failureOf, json, never, rawCrime, rawOutcome } from "../support/http.ts";
import { serve, TRIANGLE } from "../support/http.ts";

const QUESTION = { ring: TRIANGLE, month: "2018-05" };
const LOCATION = { latitude: "51.5", longitude: "-0.1", street: { id: 1, name: "A street" } };

function without(key: string, value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function placed(changes: Record<string, unknown>): Record<string, unknown> {
  return rawCrime({ location: { ...LOCATION, ...changes } });
}

/** An own key called `__proto__`, as JSON.parse makes it. */
function withProto(json: Record<string, unknown>, proto: unknown): Record<string, unknown> {
  const members = Object.entries(json).map(([key, value]) => `"${key}":${JSON.stringify(value)}`);
  return JSON.parse(`{${[...members, `"__proto__":${JSON.stringify(proto)}`].join(",")}}`);
}

describe("a reply of crimes that is not as documented", () => {
  it.each([
    ["null", null, "the whole"],
    ["an object", { error: "no" }, "the whole"],
    ["a string", "[]", "the whole"],
    ["a crime that is null", [rawCrime(), null], "1"],
    ["an id that is a string", [rawCrime({ id: "64000001" })], "0.id"],
    ["an id that is no whole number", [rawCrime({ id: 1.5 })], "0.id"],
    ["an id below zero", [rawCrime({ id: -1 })], "0.id"],
    ["an id beyond exact numbers", [rawCrime({ id: 2 ** 53 })], "0.id"],
    ["a missing id", [rawCrime(), rawCrime(), without("id", rawCrime())], "2.id"],
    ["a missing category", [without("category", rawCrime())], "0.category"],
    ["a missing location", [without("location", rawCrime())], "0.location"],
    ["a missing month", [without("month", rawCrime())], "0.month"],
    ["a persistent id that is null", [rawCrime({ persistent_id: null })], "0.persistent_id"],
    ["a latitude of 91", [placed({ latitude: "91" })], "0.location.latitude"],
    ["a latitude of -90.000001", [placed({ latitude: "-90.000001" })], "0.location.latitude"],
    ["a longitude of 181", [placed({ longitude: "181" })], "0.location.longitude"],
    ["a latitude that is a number", [placed({ latitude: 51.5 })], "0.location.latitude"],
    ["a latitude that is empty", [placed({ latitude: "" })], "0.location.latitude"],
    ["a latitude in hexadecimals", [placed({ latitude: "0x33" })], "0.location.latitude"],
    ["a latitude with more after it", [placed({ latitude: "51.5;" })], "0.location.latitude"],
    ["a street without id", [placed({ street: { name: "x" } })], "0.location.street.id"],
    ["an outcome that is a string", [rawCrime({ outcome_status: "x" })], "0.outcome_status"],
    [
      "an outcome of no month",
      [rawCrime({ outcome_status: { category: "x", date: "2018-13" } })],
      "0.outcome_status.date",
    ],
  ])("is refused with the place named: %s", async (_, reply, place) => {
    const { api, received } = await serve(json(reply));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(InvalidReplyError);
    const message = error instanceof Error ? error.message : "";
    expect(message).toContain("/crimes-street/all-crime: ");
    expect(message).toContain(`: ${place}`);
    expect(message).not.toContain("poly=");
    expect(received).toHaveLength(1);
  });

  it.each([
    ["its own", withProto(rawCrime(), { polluted: true })],
    ["its location's", rawCrime({ location: withProto({}, LOCATION) })],
  ])("is refused for a key called __proto__: %s", async (_, crime) => {
    const { api } = await serve(json([crime]));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(InvalidReplyError);
    expect(String(error)).toContain("the key '__proto__'");
  });

  it.each(["2018-04", "2018-5", "", "2018-05-01"])(
    "is refused when a record is of the month %j",
    async (month) => {
      const { api } = await serve(json([rawCrime(), rawCrime({ id: 2, month })]));
      const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
      expect(error).toBeInstanceOf(InvalidReplyError);
      expect(String(error)).toContain(month);
    },
  );
});

describe("a reply of crimes with more than is documented", () => {
  it("leaves unknown keys out", async () => {
    const odd = { ...rawCrime(), extra: { deep: [1] } };
    const { api } = await serve(json([odd]));
    const [crime] = await api.fetchRecords("crimes", QUESTION, never());
    expect(crime?.id).toBe(64_000_001);
    expect(crime).not.toHaveProperty("extra");
    expect(crime).not.toHaveProperty("extra");
    expect({}).not.toHaveProperty("polluted");
  });

  it("takes 10,000 records and more", async () => {
    const crimes = Array.from({ length: 10_500 }, (_, id) => rawCrime({ id }));
    const { api } = await serve(json(crimes));
    expect(await api.fetchRecords("crimes", QUESTION, never())).toHaveLength(10_500);
  });

  it("takes a crime without a place and one of a category unknown to us", async () => {
    const { api } = await serve(json([rawCrime({ location: null, category: "new-in-2030" })]));
    const [crime] = await api.fetchRecords("crimes", QUESTION, never());
    expect(crime).toMatchObject({ place: null, category: "new-in-2030" });
  });
});

describe("a reply of outcomes that is not as documented", () => {
  it.each([
    ["a category without code", rawOutcome({ category: { name: "x" } }), "0.category.code"],
    ["a person that is a string", rawOutcome({ person_id: "7" }), "0.person_id"],
    ["a missing crime", without("crime", rawOutcome()), "0.crime"],
    ["a crime's id that is a string", rawOutcome({ crime: rawCrime({ id: "7" }) }), "0.crime.id"],
    [
      "a crime of no month",
      rawOutcome({ crime: rawCrime({ month: "May 2018" }) }),
      "0.crime.month",
    ],
    ["another month", rawOutcome({ date: "2018-06" }), "a record of 2018-06"],
  ])("is refused with the place named: %s", async (_, outcome, place) => {
    const { api } = await serve(json([outcome]));
    const error = await failureOf(api.fetchRecords("outcomes", QUESTION, never()));
    expect(error).toBeInstanceOf(InvalidReplyError);
    expect(String(error)).toContain(`: ${place}`);
  });
});

describe("a list that is not as documented", () => {
  it("is refused: no month at all", async () => {
    const { api } = await serve(json([]));
    expect(await failureOf(api.fetchPublished(never()))).toBeInstanceOf(InvalidReplyError);
  });

  it("is refused: a month of a thirteenth", async () => {
    const { api } = await serve(json([{ date: "2018-05" }, { date: "2018-13" }]));
    expect(String(await failureOf(api.fetchPublished(never())))).toContain("1.date");
  });

  it.each([
    ["no forces", [], "the whole"],
    ["an id that is empty", [{ id: "", name: "x" }], "0.id"],
    ["an id that is a number", [{ id: 7, name: "x" }], "0.id"],
    ["a missing name", [{ id: "kent" }], "0.name"],
  ])("is refused: %s", async (_, reply, place) => {
    const { api } = await serve(json(reply));
    const error = await failureOf(api.fetchForces(never()));
    expect(error).toBeInstanceOf(InvalidReplyError);
    expect(String(error)).toContain(`/forces: the reply is not valid: ${place}`);
  });

  it.each([
    ["a latitude of 91", [{ latitude: "91", longitude: "0" }], "0.latitude"],
    ["a point that is null", [{ latitude: "1", longitude: "0" }, null], "1"],
    ["a missing longitude", [{ latitude: "1" }], "0.longitude"],
  ])("is refused: a boundary with %s", async (_, reply, place) => {
    const { api } = await serve(json(reply));
    const error = await failureOf(api.fetchBoundary("kent", "N1", never()));
    expect(error).toBeInstanceOf(InvalidReplyError);
    expect(String(error)).toContain(`/kent/N1/boundary: the reply is not valid: ${place}`);
  });
});
