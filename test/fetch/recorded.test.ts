import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/fetch/json.ts";
import { parseReply, replies, toCrime, toOutcome, toRing } from "../../src/fetch/replies.ts";

/** A recorded reply, as the API sent it. */
function read(name: string): unknown {
  const bytes = readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
  return parseJson(name, name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

describe("a reply that the API once gave", () => {
  test.each([
    ["crimes", "crimes-street_leicester_point_2023-01.json.gz", 1448],
    ["outcomes", "outcomes-at-location_2019-01.json.gz", 145],
    ["months", "crimes-street-dates_2025-02.json.gz", 36],
    ["boundary", "gloucestershire_AA3_boundary.json", 1068],
    ["boundary", "leicestershire_NC04_boundary.json", 85],
  ] as const)("is taken for what it is: %s, %s", (kind, name, records) => {
    const reply = read(name);
    const checked: unknown[] = parseReply<unknown[]>(name, replies[kind], reply);
    expect(checked).toHaveLength(records);
    expect(checked).toEqual(reply);
  });

  test("becomes crimes with every value in its place", () => {
    const name = "crimes-street_leicester_point_2023-01.json.gz";
    const crimes = parseReply(name, replies.crimes, read(name)).map((raw) => toCrime(raw));
    expect(crimes[0]).toEqual({
      id: 107770574,
      persistentId: null,
      category: "anti-social-behaviour",
      month: "2023-01",
      place: {
        street: { id: 1738022, name: "On or near Winifred Street" },
        latitude: 52.627433,
        longitude: -1.137632,
      },
      locationType: "Force",
      locationSubtype: "",
      context: "",
      outcomeCategory: null,
      outcomeDate: null,
    });
    expect(new Set(crimes.map(({ id }) => id)).size).toBe(1448);
    expect(crimes.every(({ month }) => month === "2023-01")).toBe(true);
  });

  test("becomes outcomes, those that are the same to the letter included", () => {
    const name = "outcomes-at-location_2019-01.json.gz";
    const outcomes = parseReply(name, replies.outcomes, read(name)).map((raw) => toOutcome(raw));
    expect(outcomes[0]).toMatchObject({
      category: { id: "no-further-action", name: "Investigation complete; no suspect identified" },
      date: "2019-01",
      personId: null,
      crimeId: 69619567,
      crimeMonth: "2018-10",
      place: { latitude: 51.506597, longitude: 0.113599 },
    });
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBeLessThan(145);
  });

  test("becomes a ring of points", () => {
    const name = "leicestershire_NC04_boundary.json";
    const ring = toRing(parseReply(name, replies.boundary, read(name)));
    expect(ring).toHaveLength(85);
    expect(ring.every(({ latitude }) => latitude > 52 && latitude < 53)).toBe(true);
  });
});
