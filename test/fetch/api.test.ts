import { describe, expect, it } from "vitest";
import { InvalidReplyError } from "../../src/fetch/errors.ts";
import type { Ring } from "../../src/types.ts";
import { failureOf, inTurn, json, never, serve, status, TRIANGLE } from "../support/http.ts";
import { rawCrime, rawOutcome } from "../support/http.ts";
import { readBoundary } from "../support/rings.ts";

const PREFIX = "/api/crimes-street/all-crime?date=2018-05&poly=";

/** A ring whose GET has exactly so many characters, path and query. */
function ringOfLength(characters: number): Ring {
  const room = characters - PREFIX.length + 1; // one colon less than points
  const points = Math.floor(room / 8);
  const ring = Array.from({ length: points }, (_, index) => ({
    latitude: 51,
    longitude: index === 0 ? 1.25 + 1e-9 : 1.25,
  }));
  // The first point takes up what is left: digits after 1.25.
  const missing = characters - (PREFIX.length + polyOf(ring).length);
  const digits = "1.25".padEnd(4 + missing + 7, "7");
  ring[0] = { latitude: 51, longitude: Number(digits) };
  return ring;
}

function polyOf(ring: Ring): string {
  return ring.map(({ latitude, longitude }) => `${latitude},${longitude}`).join(":");
}

describe("a question about an area", () => {
  it.each([
    [4080, "GET"],
    [4081, "GET"],
    [4082, "POST"],
    [4094, "POST"],
  ])("of %i characters is asked by %s", async (characters, method) => {
    const { api, received } = await serve(json([]));
    const ring = ringOfLength(characters);
    expect((PREFIX + polyOf(ring)).length).toBe(characters);
    await api.fetchRecords("crimes", { ring, month: "2018-05" }, never());
    expect(received).toHaveLength(1);
    expect(received[0]?.method).toBe(method);
    if (method === "GET") {
      expect(received[0]?.url).toBe(PREFIX + polyOf(ring));
      expect(received[0]?.body).toBe("");
      return;
    }
    expect(received[0]?.url).toBe("/api/crimes-street/all-crime");
    expect(new URLSearchParams(received[0]?.body).get("poly")).toBe(polyOf(ring));
  });

  it("is asked once more by POST where its GET is refused with 400, which may mean its length", async () => {
    const { api, received } = await serve(inTurn(status(400), json([])));
    await api.fetchRecords("crimes", { ring: TRIANGLE, month: "2018-05" }, never());
    expect(received.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(new URLSearchParams(received[1]?.body).get("poly")).toBe(polyOf(TRIANGLE));
  });

  it.each([
    ["crimes", "/api/crimes-street/all-crime"],
    ["outcomes", "/api/outcomes-at-location"],
  ] as const)("sends a real boundary of 1,068 points whole: %s", async (kind, path) => {
    const ring = readBoundary("gloucestershire_AA3");
    const { api, received } = await serve(json([]));
    const question = { ring, month: "2018-05" };
    await api.fetchRecords(kind, question, never());
    const [request] = received;
    expect(request?.method).toBe("POST");
    expect(request?.url).toBe(path);
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(request?.body);
    const poly = form.get("poly") ?? "";
    expect(form.get("date")).toBe("2018-05");
    expect(ring).toHaveLength(1068);
    expect(poly).toHaveLength(30_914);
    expect(parsePoly(poly)).toEqual(ring);
  });

  it("never writes a number in exponential notation", async () => {
    const { api, received } = await serve(json([]));
    const ring = [
      { latitude: 51.477928, longitude: 0.0000005 },
      { latitude: 51.5, longitude: -0.0000001234567 },
      { latitude: 1e-7, longitude: -1e-13 },
      { latitude: 51.6, longitude: 0 },
    ];
    await api.fetchRecords("crimes", { ring, month: "2018-05" }, never());
    const poly = new URL(received[0]?.url ?? "", "http://x").searchParams.get("poly") ?? "";
    expect(poly).not.toMatch(/e/i);
    expect(poly).toMatch(/^(-?\d+(\.\d+)?,-?\d+(\.\d+)?:?){4}$/);
    for (const [index, point] of parsePoly(poly).entries()) {
      expect(point.latitude).toBeCloseTo(ring[index]?.latitude ?? 0, 13);
      expect(point.longitude).toBeCloseTo(ring[index]?.longitude ?? 0, 13);
    }
  });

  it("gives crimes with an empty persistent id as null and places as numbers", async () => {
    const { api } = await serve(json([rawCrime({ persistent_id: "", outcome_status: null })]));
    const crimes = await api.fetchRecords("crimes", { ring: TRIANGLE, month: "2018-05" }, never());
    expect(crimes).toHaveLength(1);
    expect(crimes[0]).toMatchObject({
      id: 64_000_001,
      persistentId: null,
      category: "burglary",
      month: "2018-05",
      locationType: "Force",
      outcomeCategory: null,
      outcomeDate: null,
      place: {
        street: { id: 964_026, name: "On or near Shopping Area" },
        latitude: 51.517717,
        longitude: -0.076421,
      },
    });
  });

  it("gives outcomes of crimes of any month", async () => {
    const { api, received } = await serve(json([rawOutcome({ person_id: 7 })]));
    const outcomes = await api.fetchRecords(
      "outcomes",
      { ring: TRIANGLE, month: "2018-05" },
      never(),
    );
    expect(received[0]?.url).toMatch(
      /^\/api\/outcomes-at-location\?date=2018-05&poly=51\.5,-0\.1:/,
    );
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]).toMatchObject({
      category: { id: "charged", name: "Suspect charged" },
      date: "2018-05",
      personId: 7,
      crimeId: 64_000_001,
      crimeMonth: "2018-01",
    });
  });
});

describe("a list", () => {
  it("of months comes newest first, whatever the order of the reply", async () => {
    const { api } = await serve(json([{ date: "2018-04" }, { date: "2018-05", more: [] }]));
    expect((await api.fetchPublished(never())).published).toEqual(["2018-05", "2018-04"]);
  });

  it("of categories leaves out all-crime, which is none", async () => {
    const all = { url: "all-crime", name: "All crime" };
    const { api, received } = await serve(json([all, { url: "drugs", name: "Drugs" }]));
    const categories = await api.fetchCategories("2018-05", never());
    expect(categories).toEqual([{ id: "drugs", name: "Drugs" }]);
    expect(received[0]?.url).toBe("/api/crime-categories?date=2018-05");
  });

  it("of forces and of neighbourhoods keeps ids and names as they are", async () => {
    const rows = [{ id: "N1 a", name: "King&#39;s <Cross>" }];
    const { api } = await serve(json(rows));
    expect(await api.fetchForces(never())).toEqual(rows);
    expect(await api.fetchNeighbourhoods("kent", never())).toEqual(rows);
  });
});

describe("a request", () => {
  it("names the agent, asks for JSON, and keeps the path of the base address", async () => {
    const { api, received, origin } = await serve(json({ date: "2018-06-01" }));
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await api.fetchLastUpdated(never())).toBe("2018-06-01");
    expect(received[0]).toMatchObject({ method: "GET", url: "/api/crime-last-updated" });
    expect(received[0]?.headers).toMatchObject({
      "user-agent": "ukpolice-test/1.0",
      accept: "application/json",
    });
  });

  it.each([
    ["a/b", "/api/kent/a%2Fb/boundary"],
    ["a?b#c", "/api/kent/a%3Fb%23c/boundary"],
    [" ", "/api/kent/%20/boundary"],
    ["Дом", "/api/kent/%D0%94%D0%BE%D0%BC/boundary"],
    ["50%", "/api/kent/50%25/boundary"],
    ["...", "/api/kent/.../boundary"],
  ])("encodes the id %j in its path", async (id, url) => {
    const { api, received } = await serve(json([]));
    await api.fetchBoundary("kent", id, never());
    expect(received.map((request) => request.url)).toEqual([url]);
  });

  it.each([".", ".."])("is not sent for the id %j, which would be another path", async (id) => {
    const { api, received } = await serve(json([]));
    expect(await failureOf(api.fetchBoundary("kent", id, never()))).toBeInstanceOf(
      InvalidReplyError,
    );
    expect(await failureOf(api.fetchBoundary(id, "N1", never()))).toBeInstanceOf(InvalidReplyError);
    expect(await failureOf(api.fetchNeighbourhoods(id, never()))).toBeInstanceOf(InvalidReplyError);
    expect(received).toEqual([]);
  });
});

describe("a boundary", () => {
  it("is a ring of numbers", async () => {
    const { api } = await serve(json([{ latitude: "51.4779", longitude: "-0.0000001234567" }]));
    expect(await api.fetchBoundary("kent", "N1", never())).toEqual([
      { latitude: 51.4779, longitude: -0.0000001234567 },
    ]);
  });

  it.each([
    ["is empty", json([])],
    ["is missing", status(404)],
  ])("is null where it %s", async (_, reply) => {
    const { api, received } = await serve(reply);
    expect(await api.fetchBoundary("kent", "N1", never())).toBeNull();
    expect(received).toHaveLength(1);
  });
});

function parsePoly(poly: string): Ring {
  return poly.split(":").map((pair) => {
    const [latitude = NaN, longitude = NaN] = pair.split(",").map(Number);
    return { latitude, longitude };
  });
}
