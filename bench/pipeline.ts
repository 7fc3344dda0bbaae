import { copyFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { NOWHERE } from "../src/completeness.ts";
import { locateAll } from "../src/crawl/walk/ask.ts";
import { ENDPOINTS } from "../src/fetch/kinds.ts";
import { boundingBox, surround } from "../src/geo/box.ts";
import { toCloud } from "../src/geo/cloud.ts";
import { coverBox } from "../src/geo/cover.ts";
import { createLocator } from "../src/geo/locate.ts";
import type { Boundary, Locate } from "../src/geo/locate.ts";
import { boxRing } from "../src/geo/box.ts";
import { TABLES } from "../src/store/kinds.ts";
import type { Value } from "../src/store/kinds.ts";
import { openStore } from "../src/store/store.ts";
import type { Crime, Located } from "../src/types.ts";
import { createCountry } from "./country.ts";
import type { Country } from "./country.ts";
import { atLeast } from "./figure.ts";
import type { Part } from "./figure.ts";

const MONTH = "2018-01";
const REPLIES = 30;
const ROUNDS = 5;

/** Records a second through check, locate and insert, over the bare ceiling on the same rows. */
export const pipeline: Part = async (folder) => {
  const world = createCountry({ seed: 3, months: [MONTH] });
  const boundaries = readBoundaries(world);
  const texts = makeReplies(world, boundaries);
  const locate = createLocator(boundaries);
  const crimes = texts.map((text) => parse(text));
  const forces = new Set([...world.forces.map(({ id }) => id), NOWHERE]);
  const rows = crimes.map((reply) => locateAll(locate, reply, forces).map(toRow));
  const count = rows.flat().length;

  const base = join(folder, "base.db");
  prepareBase(base, world, crimes.flat());
  const ratios: number[] = [];
  let note = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = timeOurs(copy(base, join(folder, `ours-${round}.db`)), texts, {
      locate: createLocator(boundaries),
      forces,
    });
    const bare = timeBare(copy(base, join(folder, `bare-${round}.db`)), texts, rows);
    ratios.push(bare / ours);
    note = `${Math.round(count / ours)} over ${Math.round(count / bare)} records a ms in the last of ${ROUNDS} rounds`;
  }
  const median = ratios.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
  return [
    atLeast(
      "records a second through check, locate and insert over the bare ceiling",
      median,
      0.8,
      note,
    ),
  ];
};

function readBoundaries(world: Country): Boundary[] {
  return world.forces.flatMap(({ id: forceId }) =>
    (world.neighbourhoods(forceId) ?? []).map(({ id }) => ({
      forceId,
      neighbourhoodId: id,
      ring: (world.boundary(forceId, id) ?? []).map(({ latitude, longitude }) => ({
        latitude: Number(latitude),
        longitude: Number(longitude),
      })),
    })),
  );
}

/** Replies as large as tiles bring them, spread over the country. */
function makeReplies(world: Country, boundaries: readonly Boundary[]): string[] {
  const root = surround(
    boundaries.map(({ ring }) => boundingBox(ring)),
    0,
  );
  const cloud = toCloud(boundaries.flatMap(({ ring }) => ring));
  const records = world.records("crimes", MONTH);
  const tiles = coverBox(root, cloud, 70).map(({ box }) => records?.find(boxRing(box)) ?? []);
  return tiles
    .filter(({ length }) => length > 4000 && length < 12_000)
    .slice(0, REPLIES)
    .map((found) => `[${found.map((index) => records?.json(index)).join(",")}]`);
}

function parse(text: string): Crime[] {
  return ENDPOINTS.crimes.byArea?.read("bench", MONTH, JSON.parse(text)) ?? [];
}

function toRow(located: Located<Crime>): Value[] {
  return TABLES.crimes.columns.map(([, value]) => value(located, { nth: 1, lsoaCode: null }));
}

/** A database with all that the rows refer to, so that both sides insert the same rows alone. */
function prepareBase(file: string, world: Country, crimes: readonly Crime[]): void {
  const store = openStore(file);
  store.areas.saveForces(world.forces, "2018-01-01");
  for (const { id } of world.forces) {
    store.areas.saveNeighbourhoods(id, world.neighbourhoods(id) ?? [], "2018-01-01");
  }
  store.close();
  const db = new Database(file);
  const street = db.prepare("insert or ignore into streets values (?, ?)");
  const category = db.prepare("insert or ignore into crime_categories values (?, ?)");
  db.transaction(() => {
    for (const { place, category: id } of crimes) {
      if (place !== null) street.run(place.street.id, place.street.name);
      category.run(id, id);
    }
  })();
  db.close();
}

function copy(from: string, to: string): string {
  copyFileSync(from, to);
  return to;
}

type Guide = { locate: Locate; forces: ReadonlySet<string> };

function timeOurs(file: string, texts: readonly string[], { locate, forces }: Guide): number {
  const store = openStore(file);
  const id = store.sweeps.begin({
    month: MONTH,
    kind: "crimes",
    plan: "tiles",
    release: "",
    staged: false,
    forces: [...forces],
  });
  const seed = { area: null, ring: [], depth: 0, expected: null };
  store.frontier.openSweep(id, () => texts.map(() => seed));
  const questions = store.frontier.listOpen(id);
  const startMs = performance.now();
  texts.forEach((text, index) => {
    const question = questions[index];
    if (question === undefined) return;
    const rows = locateAll(locate, parse(text), forces);
    store.saveReply(question, { kind: "crimes", rows });
  });
  const ms = performance.now() - startMs;
  store.close();
  return ms;
}

type Row = Value[];

/** JSON.parse and one prepared insert, the same schema, indexes and pragmas, a transaction a reply. */
function timeBare(file: string, texts: readonly string[], rows: readonly Row[][]): number {
  const db = new Database(file);
  for (const pragma of ["journal_mode = wal", "synchronous = normal", "cache_size = -65536"])
    db.pragma(pragma);
  db.pragma("foreign_keys = on");
  const names = TABLES.crimes.columns.map(([name]) => name);
  const insert = db.prepare(
    `insert into crimes (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`,
  );
  const save = db.transaction((reply: readonly Row[]) => {
    for (const row of reply) insert.run(row);
  });
  const startMs = performance.now();
  texts.forEach((text, index) => {
    JSON.parse(text);
    save(rows[index] ?? []);
  });
  const ms = performance.now() - startMs;
  db.close();
  return ms;
}
