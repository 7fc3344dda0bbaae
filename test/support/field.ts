import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { createApi } from "../../src/fetch/api.ts";
import type { QueueOptions } from "../../src/fetch/queue.ts";
import type { Kind, Month } from "../../src/types.ts";
import type { Seen } from "../../src/sandbox/server.ts";
import type { Served } from "./world.ts";

/** A request, and how many records the answer would hold. */
export type Asked = {
  path: string;
  params: URLSearchParams;
  kind: Kind | undefined;
  records: number;
  /** 1 for the first request of all. */
  count: number;
  /** Milliseconds since the start. */
  atMs: number;
};

/** What comes in the place of the answer; undefined: the answer. */
export type Trouble =
  | { status: number; headers?: Record<string, string>; body?: string }
  | "reset"
  | "silence"
  | { padMiB: number };

export type FieldOptions = {
  /** Crimes of each month; outcomes are half as many. */
  crimes: number;
  months?: readonly Month[];
  /** Read anew for every request. */
  listed?: () => readonly Month[];
  forces?: number;
  decide?: (asked: Asked) => Trouble | undefined | Promise<Trouble | undefined>;
  client?: Partial<QueueOptions>;
  /** Of the test itself, where several run at once. */
  onTestFinished?: (close: () => Promise<void>) => void;
};

export type Field = Served & { asked: (Asked & { trouble: string })[] };

const KINDS: Record<string, Kind> = {
  "/crimes-street/all-crime": "crimes",
  "/outcomes-at-location": "outcomes",
};

/** The bounds of all records. */
const SOUTH = 51;
const WEST = -1;
const SIDE = 2;
const FULL_MIB = 2 ** 20;

/**
 * A server of our own, written from what is known of the API alone, that shares no code with the
 * sandbox: towns of records in a square of land, and whatever trouble a test decides on.
 */
export async function startField(options: FieldOptions): Promise<Field> {
  const { crimes, months = ["2018-05"], forces = 4, decide = () => undefined } = options;
  const points = scatter(crimes);
  const wards = wardsOf(points);
  const each = Math.ceil(wards.length / forces);
  const asked: Field["asked"] = [];
  const seen: Seen[] = [];
  const startMs = performance.now();
  const listed = options.listed ?? (() => months);

  function lookUp(kind: Kind, month: Month, poly: string): number[] {
    if (!months.includes(month)) return [];
    const ring = poly.split(":").map((pair) => pair.split(",").map(Number));
    const step = kind === "crimes" ? 1 : 2;
    const [lats, lngs] = [0, 1].map((at) => ring.map((pair) => pair[at] ?? NaN));
    const box = [lats, lngs].map((values = []) => [Math.min(...values), Math.max(...values)]);
    const found: number[] = [];
    for (let index = 0; index < crimes; index += step) {
      const [lat = 0, lng = 0] = [points.lat[index], points.lng[index]];
      const [[south = 0, north = 0] = [], [west = 0, east = 0] = []] = box;
      if (lat < south || lat > north || lng < west || lng > east) continue;
      if (isInside(ring, lat, lng)) found.push(index);
    }
    return found;
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://field");
    const path = url.pathname.replace(/^\/api/, "");
    let form = "";
    for await (const chunk of request) form += chunk;
    const params = new URLSearchParams(request.method === "POST" ? form : url.search);
    const kind = KINDS[path];
    const month = params.get("date") ?? "";
    const found = kind === undefined ? [] : lookUp(kind, month, params.get("poly") ?? "");
    const question = {
      path,
      params,
      kind,
      records: found.length,
      count: asked.length + 1,
      atMs: performance.now() - startMs,
    };
    const entry = { ...question, trouble: "" };
    asked.push(entry);
    const trouble = await decide(question);
    entry.trouble = nameTrouble(trouble);
    seen.push({ ...question, method: request.method ?? "", status: 0 } as unknown as Seen);
    if (trouble === "silence") return;
    if (trouble === "reset") return void response.destroy();
    if (trouble !== undefined && "status" in trouble) {
      return void response.writeHead(trouble.status, trouble.headers).end(trouble.body);
    }
    const padding = trouble === undefined ? "" : " ".repeat(trouble.padMiB * FULL_MIB);
    const tooLong = `GET ${request.url} HTTP/1.1`.length > 4094 && request.method === "GET";
    if (tooLong) return void response.writeHead(400).end();
    const isByForce = ["/crimes-no-location", "/stops-force"].includes(path);
    const other = isByForce && listed().includes(month) ? "[]" : list(path);
    const reply = kind === undefined ? other : area(kind, month, found);
    if (reply === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "application/json" }).end(padding + reply);
  }

  function area(kind: Kind, month: Month, found: readonly number[]): string | undefined {
    if (!listed().includes(month)) return undefined;
    const at = months.indexOf(month) * 10_000_000;
    const texts = found.map((index) => (kind === "crimes" ? crimeOf : outcomeOf)(at, index, month));
    return `[${texts.join(",")}]`;
  }

  const where = (index: number) =>
    `{"latitude":"${points.lat[index]?.toFixed(6)}","longitude":"${points.lng[index]?.toFixed(6)}",` +
    `"street":{"id":${index % 5000},"name":"On or near Street ${index % 5000}"}}`;
  const base = (at: number, index: number, month: Month) =>
    `"category":"burglary","location_type":"Force","location":${where(index)},"context":"",` +
    `"persistent_id":"","id":${at + index + 1},"location_subtype":"","month":"${month}"`;
  const crimeOf = (at: number, index: number, month: Month) =>
    `{${base(at, index, month)},"outcome_status":null}`;
  const outcomeOf = (at: number, index: number, month: Month) =>
    `{"category":{"code":"charged","name":"Suspect charged"},"date":"${month}","person_id":null,` +
    `"crime":{${base(at, index, month)}}}`;

  const wardsIn = (force: string) => {
    const from = each * Number(force.slice(1));
    return wards.slice(from, from + each);
  };

  function list(path: string): string | undefined {
    const ids = Array.from({ length: forces }, (_, index) => `f${index}`);
    const [, force = "", rest, last] = path.split("/");
    if (path === "/crimes-street-dates")
      return JSON.stringify(listed().map((date) => ({ date, "stop-and-search": [] })));
    if (path === "/crime-last-updated") return JSON.stringify({ date: "2018-07-01" });
    if (path === "/crime-categories")
      return JSON.stringify([
        { url: "all-crime", name: "All crime" },
        { url: "burglary", name: "Burglary" },
      ]);
    if (path === "/forces") return JSON.stringify(ids.map((id) => ({ id, name: `Force ${id}` })));
    if (!ids.includes(force)) return undefined;
    if (rest === "neighbourhoods")
      return JSON.stringify(wardsIn(force).map((_, n) => ({ id: `N${n}`, name: `Ward ${n}` })));
    const ward = wardsIn(force)[Number(rest?.slice(1))];
    return last === "boundary" && ward !== undefined ? JSON.stringify(outline(ward)) : undefined;
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api`;
  const api = createApi({
    baseUrl: new URL(url),
    rate: 1000,
    concurrency: 8,
    userAgent: "ukpolice/test",
    ...options.client,
  });
  (options.onTestFinished ?? onTestFinished)(async () => {
    await api.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, api, seen, asked };
}

type Points = { lat: Float64Array; lng: Float64Array };

function wardsOf(points: Points): Ward[] {
  const all = Array.from(points.lat.keys());
  const land = { south: SOUTH, west: WEST, north: SOUTH + SIDE, east: WEST + SIDE, at: all };
  return divide(land, points, lcg(3));
}

/** Towns of different size, and the land between them; the same ones for every month. */
function scatter(count: number): Points {
  const random = lcg(7);
  const gauss = () => random() + random() + random() - 1.5;
  const towns = Array.from({ length: 9 }, () => [random(), random(), 0.02 + 0.15 * random()]);
  const lat = new Float64Array(count);
  const lng = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const [y = 0, x = 0, size = 0] = towns[Math.floor(9 * random() ** 2)] ?? [];
    const isLand = random() < 0.15;
    const within = (value: number) => value - Math.floor(value);
    lat[index] = round(SOUTH + SIDE * within(isLand ? random() : y + size * gauss()));
    lng[index] = round(WEST + SIDE * within(isLand ? random() : x + size * gauss()));
  }
  return { lat, lng };
}

type Ward = { south: number; west: number; north: number; east: number; at: number[] };

/** Wards of some hundred records each, small in towns and large between them. */
function divide(ward: Ward, points: Points, random: () => number): Ward[] {
  if (ward.at.length < 200) return [ward];
  const isTall = ward.north - ward.south > ward.east - ward.west;
  const values = isTall ? points.lat : points.lng;
  const sorted = ward.at.toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const middle = Math.floor(sorted.length * (0.3 + 0.4 * random()));
  const cut = round(values[sorted[middle] ?? 0] ?? 0);
  const [low, high] = [sorted.slice(0, middle), sorted.slice(middle)];
  const halves: Ward[] = isTall
    ? [
        { ...ward, north: cut, at: low },
        { ...ward, south: cut, at: high },
      ]
    : [
        { ...ward, east: cut, at: low },
        { ...ward, west: cut, at: high },
      ];
  return halves.flatMap((half) => divide(half, points, random));
}

function outline({ south, west, north, east }: Ward) {
  const corners = [
    [south, west],
    [south, east],
    [north, east],
    [north, west],
    [south, west],
  ];
  return corners.map(([latitude = 0, longitude = 0]) => ({
    latitude: latitude.toFixed(6),
    longitude: longitude.toFixed(6),
  }));
}

function isInside(ring: readonly number[][], lat: number, lng: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [yi = 0, xi = 0] = ring[i] ?? [];
    const [yj = 0, xj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function nameTrouble(trouble: Trouble | undefined): string {
  if (trouble === undefined) return "";
  if (typeof trouble === "string") return trouble;
  return "status" in trouble ? `${trouble.status}` : "large";
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Whether a request is for records of an area. */
export function isArea({ kind }: Pick<Asked, "kind">): boolean {
  return kind !== undefined;
}

/** The most requests within any second of time. */
export function mostInASecond(asked: readonly Pick<Asked, "atMs">[]): number {
  const times = asked.map(({ atMs }) => atMs);
  return Math.max(0, ...times.map((at) => times.filter((t) => t >= at && t < at + 1000).length));
}
