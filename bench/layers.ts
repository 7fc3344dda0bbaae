import { execFile } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { countLayers } from "../src/areas/count.ts";
import { boundingBox } from "../src/geo/box.ts";
import type { Box } from "../src/geo/box.ts";
import { createCounts } from "../src/store/counts.ts";
import { runReport } from "../src/reports/run.ts";
import { openConnection, openForReading } from "../src/store/database.ts";
import { createReportReader } from "../src/store/read/reports.ts";
import { openStore } from "../src/store/store.ts";
import type { Month, Point } from "../src/types.ts";
import { createCountry } from "./country.ts";
import type { Country } from "./country.ts";
import { atMost, reported } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { fill, monthsFrom } from "./fill.ts";

const CHILD = fileURLToPath(new URL("layer-child.js", import.meta.url));
const BIN = fileURLToPath(new URL("../bin/ukpolice.js", import.meta.url));
/** A share of the full size, to try the part itself. */
const SCALE = Number(process.env["BENCH_SCALE"] ?? 1);
const MONTHS = 12;
const AREAS = Math.round(35_000 * SCALE);
const POINTS = Math.round(700_000 * SCALE);
const CORNERS = 140;
const RUNS = 3;

const run = promisify(execFile);

/** Layers and reports on a year of the country: 35,000 areas, 700,000 points. */
export const layers: Part = async (folder) => {
  const months = monthsFrom(2018, MONTHS);
  const country = createCountry({ seed: 4, months, scale: SCALE });
  const file = join(folder, "year.db");
  openConnection(file).close();
  fill([{ file, country }], months);
  count(file, country, months);
  const box = boxOf(country, months);
  const areas = join(folder, "areas.geojson");
  await writeAreas(areas, box);
  const own = await countOwn(file);
  const points = JSON.stringify({ count: POINTS, box });
  const { stdout } = await run(process.execPath, [CHILD, areas, file, points]);
  const measured: Measured = JSON.parse(stdout);
  return [
    ...describeLayer(measured, areas),
    reported(
      "counting a month's crimes for the layers without a file",
      `${Math.round(own)} ms`,
      "latest outcomes by force and neighbourhood",
    ),
    ...(await timeReports(file, country)),
  ];
};

type Measured = {
  readMs: number;
  locateMs: number;
  maxRssMb: number;
  countMs: number;
  counted: { months: number; points: number };
  maxRssOfAllMb: number;
};

function describeLayer(measured: Measured, areas: string): Figure[] {
  const { readMs, locateMs, maxRssMb, countMs, counted, maxRssOfAllMb } = measured;
  const size = `${Math.round(statSync(areas).size / 1e6)} MB`;
  return [
    atMost(
      `seconds to locate ${POINTS} points in ${AREAS} areas`,
      locateMs / 1000,
      60,
      `boundaries read and indexed again among them; ${CORNERS} corners an area`,
    ),
    atMost("MB of memory of that, the file read first", maxRssMb, 400, "resident set, its highest"),
    reported(
      `seconds to read their file, ${size}`,
      (readMs / 1000).toFixed(1),
      "and to store them",
    ),
    reported(
      `seconds to count ${counted.months} months of kinds by them`,
      (countMs / 1000).toFixed(1),
      `${counted.points} points located; ${Math.round(maxRssOfAllMb)} MB`,
    ),
  ];
}

/** What a crawl leaves: counts, and which cells are covered. */
function count(file: string, { forces }: Country, months: readonly Month[]): void {
  const db = openConnection(file);
  const { recount } = createCounts(db);
  const cover = db.prepare(
    `insert into coverage (month, kind, force_id, source, release, completed_at, records)
     values (?, ?, ?, 'api', '2019-01-01', '2019-03-01T00:00:00Z', 0)`,
  );
  db.transaction(() => {
    for (const month of months) {
      for (const kind of ["crimes", "outcomes"] as const) {
        for (const { id } of forces) cover.run(month, kind, id);
        recount(kind, month);
      }
    }
  })();
  db.close();
}

/** Milliseconds a month of crimes. */
async function countOwn(file: string): Promise<number> {
  const store = openStore(file);
  const startMs = performance.now();
  const { months } = await countLayers({ store, signal: new AbortController().signal });
  store.close();
  return (performance.now() - startMs) / Math.max(1, months);
}

function boxOf(country: Country, [month = ""]: readonly Month[]): Box {
  const drawn = country.drawn("crimes", month);
  if (drawn === undefined) throw new Error("no month was drawn");
  return boundingBox(Array.from({ length: drawn.total }, (_, at) => drawn.crime(at)));
}

/** A grid of areas over the country, each with many corners. */
async function writeAreas(file: string, { south, west, north, east }: Box): Promise<void> {
  const side = Math.ceil(Math.sqrt(AREAS));
  const [height, width] = [(north - south) / side, (east - west) / side];
  const out = createWriteStream(file);
  out.write('{"type":"FeatureCollection","features":[\n');
  for (let at = 0; at < AREAS; at += 1) {
    const low = south + Math.floor(at / side) * height;
    const left = west + (at % side) * width;
    const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
      const turn = ((corner % CORNERS) / CORNERS) * 4;
      const along = turn % 1;
      const [x, y] = [
        [along, 0],
        [1, along],
        [1 - along, 1],
        [0, 1 - along],
      ][Math.floor(turn)] ?? [0, 0];
      return [round(left + (x ?? 0) * width), round(low + (y ?? 0) * height)];
    });
    const feature = {
      type: "Feature",
      properties: { code: `E${String(at).padStart(8, "0")}` },
      geometry: { type: "Polygon", coordinates: [ring] },
    };
    if (!out.write(`${at === 0 ? "" : ",\n"}${JSON.stringify(feature)}`)) await once(out, "drain");
  }
  out.end("\n]}\n");
  await once(out, "close");
}

function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** The whole command, as a user waits for it; the best of some runs. */
async function timeReports(file: string, country: Country): Promise<Figure[]> {
  const busiest = country.drawn("crimes", "2018-12")?.crime(0);
  const near = { latitude: busiest?.latitude ?? 51.5, longitude: busiest?.longitude ?? 0 };
  const reports: Record<string, string[]> = {
    trend: ["trend"],
    "trend of an area": ["trend", "--area", "mine/E00000100", "--category", "burglary"],
    "areas of the layer": ["areas", "--layer", "mine"],
    "areas, neighbourhoods": ["areas", "--layer", "neighbourhoods"],
    "streets of a neighbourhood": ["streets", "--area", "neighbourhoods/metropolitan/N001"],
    "streets of an area of the layer": ["streets", "--area", "mine/E00000100"],
    "streets of a force": ["streets", "--area", "forces/metropolitan"],
    outcomes: ["outcomes"],
    "outcomes by month of the layer": ["outcomes", "--by", "month", "--area", "mine/E00000100"],
    compare: ["compare", "--area", "forces/kent", "--area", "forces/metropolitan"],
    revisions: ["revisions"],
  };
  const figures: Figure[] = [];
  for (const [name, args] of Object.entries(reports)) {
    figures.push(atMost(`seconds of report ${name}`, (await time(file, args)) / 1000, 2, NOTE));
  }
  return [...figures, nearFigure(file, near)];
}

/** The answer alone: the start of the process is in the others. */
function nearFigure(file: string, near: Point): Figure {
  const db = openForReading(file);
  const reader = createReportReader(db);
  const times = Array.from({ length: RUNS }, () => {
    const startMs = performance.now();
    runReport(reader, { name: "near", areas: [], near, within: 500 });
    return performance.now() - startMs;
  });
  db.close();
  const note = `${MONTHS} months, without the start of the process; first ${times[0]?.toFixed(0)}`;
  return atMost("milliseconds of report near, 500 m", Math.min(...times), 300, note);
}

const NOTE = `${MONTHS} months; the whole command, best of ${RUNS}`;

async function time(file: string, args: readonly string[]): Promise<number> {
  let best = Infinity;
  for (let nth = 0; nth < RUNS; nth += 1) {
    const startMs = performance.now();
    await run(process.execPath, [BIN, "report", ...args, "--csv", "--db", file], {
      maxBuffer: 2 ** 28,
    });
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}
