import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  crawlSample,
  databaseOf,
  exportDatabase,
  listFiles,
  queryDuckDb,
} from "../support/exported.ts";
import { databaseOfMany } from "../support/many.ts";
import { crimeOf } from "../support/stored.ts";
import { queryRows } from "../support/temp.ts";

const CRIMES = "read_parquet('crimes/**/*.parquet', hive_partitioning = true)";
const STOPS = "read_parquet('stops/**/*.parquet', hive_partitioning = true)";
const OUTCOMES = "read_parquet('outcomes/**/*.parquet', hive_partitioning = true)";

/** Columns of a crime that have the same name in both databases. */
const CRIME = `id, persistent_id, category, street_id, location_type, location_subtype, context,
  outcome_category, outcome_date, force_id, neighbourhood_id, reported_by, month`;

let database: string;
let folder: string;

beforeAll(async () => {
  database = await crawlSample();
  ({ folder } = await exportDatabase(database, { format: "parquet" }));
}, 60_000);

/** The rows of SQLite, with whole numbers as text, as DuckDB gives them. */
function querySqlite(sql: string) {
  return queryRows(database, sql).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        Number.isInteger(value) ? String(value) : value,
      ]),
    ),
  );
}

describe("an export as Parquet, read by DuckDB", () => {
  test("is a file a kind and month, with the records of all forces in their order", async () => {
    const months = ["month=2018-04/part-0.parquet", "month=2018-05/part-0.parquet"];
    for (const kind of ["crimes", "outcomes", "stops"]) {
      expect(listFiles(join(folder, kind))).toEqual(months);
    }
    const forces = `select force from read_parquet('crimes/month=2018-05/*.parquet')`;
    const rows = (await queryDuckDb(folder, forces)).map((row) => row["force"]);
    expect(rows).toEqual(rows.toSorted((a, b) => rows.indexOf(a) - rows.indexOf(b)));
    expect(new Set(rows)).toEqual(new Set(["city-of-london", "metropolitan", null]));
  });

  test("is compressed with zstd, and tells the bounds of each group's forces", async () => {
    const metadata = `select distinct compression, stats_min_value as first, stats_max_value as last
      from parquet_metadata('crimes/month=2018-05/*.parquet') where path_in_schema = 'force'`;
    expect(await queryDuckDb(folder, metadata)).toEqual([
      { compression: "ZSTD", first: "city-of-london", last: "metropolitan" },
    ]);
  });

  test("has no encoding that older readers do not know", async () => {
    const encodings = `select distinct encodings from parquet_metadata('*/**/*.parquet')`;
    const used = (await queryDuckDb(folder, encodings)).flatMap((row) =>
      String(row["encodings"]).split(", "),
    );
    expect(["PLAIN", "RLE", "RLE_DICTIONARY"]).toEqual(expect.arrayContaining(used));
  });

  test("counts and sums as SQLite does, for every month and force", async () => {
    const sums = (from: string, force: string, id: string, month: string) =>
      `select ${month} as month, ${force} as force, count(*) as records, count(street_id) as placed,
         cast(sum(${id}) as bigint) as ids, cast(sum(street_id) as bigint) as streets
       from ${from}
       group by 1, 2
       order by month, force nulls last`;
    const crimes = await queryDuckDb(folder, sums(CRIMES, "force_id", "id", "month"));
    expect(crimes).toHaveLength(6);
    expect(crimes).toEqual(querySqlite(sums("crimes", "force_id", "id", "month")));
    expect(await queryDuckDb(folder, sums(OUTCOMES, "force_id", "crime_id", "month"))).toEqual(
      querySqlite(sums("outcomes", "force_id", "crime_id", "date")),
    );
  });

  test("has every value of every crime", async () => {
    const rest = "order by id";
    const duck = await queryDuckDb(folder, `select ${CRIME} from ${CRIMES} ${rest}`);
    expect(duck.length).toBeGreaterThan(30_000);
    const sqlite = `select ${CRIME} from crimes ${rest}`;
    expect(duck).toEqual(querySqlite(sqlite));
    const points = await queryDuckDb(
      folder,
      `select id, latitude, longitude from ${CRIMES} ${rest}`,
    );
    const stored = queryRows(database, `select id, latitude, longitude from crimes ${rest}`);
    expect(points).toEqual(stored.map((row) => ({ ...row, id: String(row["id"]) })));
  });

  test("has every value of every outcome, names beside ids", async () => {
    const columns = `crime_id, date, category, person_id, crime_persistent_id, crime_month,
      crime_category, street_id, force_id, neighbourhood_id`;
    const rest = "order by crime_id, date, category, person_id";
    const duck = columns.replace("date", "month as date");
    expect(await queryDuckDb(folder, `select ${duck} from ${OUTCOMES} ${rest}`)).toEqual(
      querySqlite(`select ${columns} from outcomes ${rest}`),
    );
    const names = `select distinct category, category_name as name from ${OUTCOMES} order by 1`;
    expect(await queryDuckDb(folder, names)).toEqual(
      querySqlite(
        `select id as category, name from outcome_categories
         where id in (select category from outcomes) order by 1`,
      ),
    );
  });

  test("has every value of every stop, flags as booleans", async () => {
    const flags = ["involved_person", "outcome_linked_to_object_of_search"];
    flags.push("removal_of_more_than_outer_clothing", "operation");
    const rest = `month, type, datetime, gender, age_range, self_defined_ethnicity,
      officer_defined_ethnicity, legislation, object_of_search, outcome, outcome_object_id,
      outcome_object_name, operation_name, street_id, force_id, neighbourhood_id, reported_by`;
    const list = (name: (flag: string) => string) =>
      `select ${flags.map((flag) => `${name(flag)} as ${flag}`).join(", ")}, ${rest}`;
    const duck = await queryDuckDb(
      folder,
      `${list((flag) => `cast(cast(${flag} as integer) as bigint)`)} from ${STOPS} order by all`,
    );
    expect(duck.length).toBe(231);
    const stored = querySqlite(`${list(String)} from stops`);
    const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(duck)).toEqual(sorted(stored));
    const types = await queryDuckDb(folder, `describe select ${flags.join(", ")} from ${STOPS}`);
    expect(types.map((row) => row["column_type"])).toEqual(flags.map(() => "BOOLEAN"));
    const points = "select latitude, longitude from";
    const rows = await queryDuckDb(folder, `${points} ${STOPS}`);
    expect(sorted(rows)).toEqual(sorted(queryRows(database, `${points} stops`)));
  });

  test("tells whose each record is, and nobody's by null", async () => {
    for (const [from, owner] of [
      [CRIMES, "coalesce(force_id, reported_by)"],
      [OUTCOMES, "force_id"],
      [STOPS, "reported_by"],
    ]) {
      const wrong = `select count(*) as wrong from ${from} where force is distinct from ${owner}`;
      expect(await queryDuckDb(folder, wrong)).toEqual([{ wrong: "0" }]);
    }
  });

  test("has types that need no guessing, and a dictionary where values are few", async () => {
    const types = await queryDuckDb(folder, `describe select * from ${CRIMES}`);
    const byName = new Map(types.map((row) => [row["column_name"], row["column_type"]]));
    expect(byName.get("id")).toBe("BIGINT");
    expect(byName.get("latitude")).toBe("DOUBLE");
    expect(byName.get("month")).toBe("VARCHAR");
    const metadata = `select distinct encodings from parquet_metadata(
      'crimes/month=2018-05/part-0.parquet') where path_in_schema = 'category'`;
    const [row] = await queryDuckDb(folder, metadata);
    expect(row?.["encodings"]).toContain("RLE_DICTIONARY");
  });

  test("gives neighbourhoods their boundary as a geometry, null where none is known", async () => {
    const rows = await queryDuckDb(
      folder,
      `select force_id as force, neighbourhood_id as id, name, st_astext(geometry) as boundary
       from 'neighbourhoods/*.parquet' order by 1, 2`,
    );
    const stored = queryRows(
      database,
      "select force_id as force, id, name, boundary from neighbourhoods order by 1, 2",
    );
    const keys = (row: Record<string, unknown>) => [row["force"], row["id"], row["name"]];
    expect(rows.map(keys)).toEqual(stored.map(keys));
    expect(rows.map((row) => cornersOf(row["boundary"]))).toEqual(
      stored.map(({ boundary }) => {
        if (boundary === null || boundary === undefined) return null;
        return JSON.parse(String(boundary)).coordinates[0].length;
      }),
    );
    expect(rows.some((row) => row["boundary"] === null)).toBe(true);
  });
});

describe("a large export", () => {
  const rows = 100_001;
  const expected = [
    { records: String(rows), ids: String((rows * (rows + 1)) / 2), persistent: String(rows) },
  ];

  test("has every row once, over several row groups", { timeout: 60_000 }, async () => {
    const exported = await exportDatabase(databaseOfMany(rows), { format: "parquet" });
    const sums = `select count(*) as records, cast(sum(id) as bigint) as ids,
      count(distinct persistent_id) as persistent from ${CRIMES}`;
    expect(await queryDuckDb(exported.folder, sums)).toEqual(expected);
    const groups = "select num_row_groups as n from parquet_file_metadata('crimes/*/*.parquet')";
    expect(await queryDuckDb(exported.folder, groups)).toEqual([{ n: "3" }]);
  });

  test.each([
    ["csv", false, `select count(*) as n, count(distinct "Crime ID") as ids from '*/*-street.csv'`],
    [
      "geojson",
      true,
      `select count(*) as n, count(distinct properties.persistent_id) as ids
       from read_json('crimes-*.geojsonl', format = 'newline_delimited')`,
    ],
  ] as const)("has every row once as %s", { timeout: 60_000 }, async (format, ndjson, sql) => {
    const exported = await exportDatabase(databaseOfMany(rows), { format, ndjson });
    const all = { n: String(rows), ids: String(rows) };
    expect(await queryDuckDb(exported.folder, sql)).toEqual([all]);
  });
});

test("a force whose id would be a path is found under its id", async () => {
  const force = "../Ke nt=É%2F'";
  const area = { forceId: force, neighbourhoodId: "N 1" };
  const file = databaseOf({ areas: [area], crimes: [crimeOf(1, { area }), crimeOf(2)] });
  const exported = await exportDatabase(file, { format: "parquet" });
  expect(listFiles(join(exported.folder, "crimes"))).toHaveLength(1);
  const rows = await queryDuckDb(
    exported.folder,
    `select id, force, force_id from ${CRIMES} order by id`,
  );
  expect(rows).toEqual([
    { id: "1", force, force_id: force },
    { id: "2", force: "avon", force_id: "avon" },
  ]);
});

function cornersOf(text: unknown): number | null {
  return typeof text === "string" ? text.split(", ").length : null;
}
