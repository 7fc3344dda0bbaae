import { join } from "node:path";
import Database from "better-sqlite3";
import { SHARE } from "../src/crawl/plan/sizes.ts";
import { LATENCY, MOST_BYTES, SIZES } from "../src/police-api.ts";
import type { SandboxOptions } from "../src/sandbox/server.ts";
import { openStore } from "../src/store/store.ts";
import { byKind } from "../src/types.ts";
import type { Month } from "../src/types.ts";
import { createCountry } from "./country.ts";
import { atMost } from "./figure.ts";
import type { Figure, Part } from "./figure.ts";
import { asksRecords, runCrawl } from "./run-crawl.ts";
import type { Run } from "./run-crawl.ts";

const MONTHS = ["2018-01", "2018-02", "2018-03"];
/** A fifth of the country: the ratios are those of the whole, for limits that its towns exceed. */
const SCALE = 0.2;

/** What forces publish without an area. */
const BY_FORCE = ["/crimes-no-location", "/stops-force"];

type Case = {
  name: string;
  most: number;
  scale?: number;
  concurrency?: number;
  /** How many times the known latency a plan is told of; then areas are there beforehand. */
  pace?: number;
  sandbox: Partial<SandboxOptions>;
};

const CASES: Case[] = [
  { name: "a limit of 2,500", most: 2500, sandbox: { limit: 2500 } },
  { name: "a limit of 10,000", most: 10_000, sandbox: { limit: 10_000 } },
  // Of a fifth, a month would be over before its larger areas are answered. A dozen of replies of
  // 10 MB, made and read in one process, would each take as long as over a slow line.
  {
    name: "a limit of 80,000",
    most: 80_000,
    scale: 1,
    concurrency: 2,
    sandbox: { limit: 80_000 },
  },
  {
    name: "a gateway that gives up at 3,000",
    most: 3000,
    sandbox: { gateway: { above: 3000, end: "504" }, gatewayAfter: 0 },
  },
  // Waited out, and not computed: of more of the country it would take an hour.
  {
    name: "latency ten times the known",
    most: 10_000,
    scale: 0.05,
    pace: 10,
    sandbox: { latency: 10 },
  },
];

/** How many requests it takes to find out what the API answers, over a plan that was told. */
export const field: Part = async (folder) => {
  const figures: Figure[] = [];
  for (const [index, one] of CASES.entries()) {
    const { name, scale = SCALE, concurrency = 12, sandbox, pace } = one;
    const world = createCountry({ seed: 1, months: MONTHS, scale });
    const options = { world, limited: false, ...sandbox };
    const file = join(folder, `${index}.db`);
    const toldFile = join(folder, `${index}-told.db`);
    const quick = { world, limited: false };
    for (const each of pace === undefined ? [] : [file, toldFile]) {
      await runCrawl({ file: each, sandbox: quick, crawl: { kinds: ["stops"] } });
    }
    tell(toldFile, one);
    const crawl = { concurrency };
    const found = await runCrawl({ file, sandbox: options, crawl });
    const told = await runCrawl({ file: toldFile, sandbox: options, crawl });
    const compared = compare(name, found, told, scale);
    console.error(`  ${name}: ${compared[0]?.note}`);
    figures.push(...compared);
  }
  return [...figures, ...(await upkeep(folder))];
};

/** A database that knows the limit, and nothing else. */
function tell(file: string, { most, pace }: Case): void {
  const sizes = byKind((kind) => {
    const target = Math.round(SHARE * Math.min(most, MOST_BYTES / SIZES[kind].bytes));
    return { target, best: most, refused: most, age: 0 };
  });
  const store = openStore(file);
  store.tileSizes.save(pace === undefined ? sizes : { pace });
  store.close();
}

function compare(name: string, found: Run, told: Run, scale: number): Figure[] {
  const ratios = MONTHS.map((month) => asked(found, month) / asked(told, month));
  const note =
    `${MONTHS.map((month) => asked(found, month)).join(", ")} requests; ` +
    `told ${MONTHS.map((month) => asked(told, month)).join(", ")}; ${scale === 1 ? "full size" : `${scale * 100}% of the country`}`;
  const incomplete = found.result?.incomplete.length ?? 3;
  return [
    atMost(
      `${name}: requests of the first month over those of a plan that was told`,
      ratios[0] ?? 9,
      2.5,
      note,
    ),
    atMost(`${name}: the same of the later months`, Math.max(...ratios.slice(1)), 1.5, note),
    atMost(`${name}: months that are not complete`, incomplete, 0, "must be none"),
  ];
}

function asked({ seen }: Run, month: Month): number {
  return seen.filter((one) => asksRecords(one) && one.params.get("date") === month).length;
}

/** A monthly run at full size: lists are a month old, and a sixth of the boundaries is asked for. */
async function upkeep(folder: string): Promise<Figure[]> {
  const file = join(folder, "upkeep.db");
  const world = createCountry({ seed: 1, months: MONTHS });
  const sandbox = { world, limited: false };
  await runCrawl({ file, sandbox, crawl: { until: MONTHS[1] } });
  const db = new Database(file);
  const month = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-31 days')";
  db.exec(
    `update neighbourhoods set boundary_at = ${month}; update forces set listed_at = ${month}`,
  );
  db.exec(`update facts set value = ${month} where name like '%listed_at'`);
  const areas = Number(db.prepare("select count(*) from neighbourhoods").pluck().get());
  db.close();
  const { seen, result } = await runCrawl({ file, sandbox });
  const boundaries = seen.filter(({ path }) => path.endsWith("/boundary")).length;
  const byForce = seen.filter(({ path }) => BY_FORCE.includes(path)).length;
  const refused = seen.filter(({ status }) => status === 503).length;
  const rest = seen.length - boundaries;
  const records = result?.changes.crimes.added ?? 0;
  const seconds = Math.max(
    seen.length / 15,
    (seen.length * LATENCY.baseMs + 1.6 * records * LATENCY.perRecordMs) / 12_000,
  );
  return [
    atMost(
      "requests of a monthly run at full size, but boundaries and what forces publish without an area",
      rest - byForce,
      150,
      `lists included, and ${refused} refused; ${records} crimes`,
    ),
    atMost(
      "the same with these: stops, and crimes without location",
      rest,
      350,
      `${byForce} of them`,
    ),
    atMost(
      "boundaries that a monthly run asks for, over a sixth",
      boundaries / Math.ceil(areas / 6),
      1,
      `${boundaries} of ${areas}; all in all ${seen.length} requests, ${Math.round(seconds)} s computed`,
    ),
  ];
}
