import { join } from "node:path";
import { inferSchema, initParser } from "udsv";
import yauzl from "yauzl";
import type { Entry } from "yauzl";
import { openConnection } from "../src/store/database.ts";
import type { Connection } from "../src/store/database.ts";
import type { Kind, Month } from "../src/types.ts";

/** Rows of a month, and the milliseconds that nothing but inflating, parsing and inserting them takes. */
export type Bare = { rows: number; inflateMs: number; parseMs: number; insertMs: number };

/**
 * Inflates the files of a month, parses them, and inserts their rows as they are, one after the other:
 * no row is checked, counted, located or looked for.
 */
export async function importBarely(zip: string, month: Month, folder: string) {
  const db = openConnection(join(folder, `bare-${Date.now()}.db`));
  const bare: Bare = { rows: 0, inflateMs: 0, parseMs: 0, insertMs: 0 };
  const insert = prepareInserts(db);
  const archive = await yauzl.openPromise(zip);
  for await (const entry of archive.eachEntry()) {
    if (!entry.fileName.startsWith(`${month}/`)) continue;
    const startMs = performance.now();
    const text = await inflate(archive, entry);
    const inflatedMs = performance.now();
    const rows = initParser(inferSchema(text, { col: ",", row: "\n", encl: "" })).stringArrs(text);
    const parsedMs = performance.now();
    insert(entry.fileName, rows);
    bare.rows += rows.length;
    bare.inflateMs += inflatedMs - startMs;
    bare.parseMs += parsedMs - inflatedMs;
    bare.insertMs += performance.now() - parsedMs;
  }
  archive.close();
  db.close();
  return bare;
}

async function inflate(archive: yauzl.ZipFile, entry: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What a row refers to is not there, and not looked for: foreign keys are off, and streets are left out. */
function prepareInserts(db: Connection) {
  db.pragma("foreign_keys = off");
  const prepare = (kind: Kind, columns: readonly string[]) =>
    db.prepare<(string | number | null)[]>(
      `insert into ${kind} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`,
    );
  const place = ["reported_by", "longitude", "latitude", "lsoa_code"];
  const crimes = prepare("crimes", [
    "id",
    "persistent_id",
    "month",
    ...place,
    "category",
    "outcome_category",
  ]);
  const outcomes = prepare("outcomes", [
    "nth",
    "crime_persistent_id",
    "date",
    ...place,
    "category",
  ]);
  const stops = prepare("stops", [
    "nth",
    "month",
    "reported_by",
    "type",
    "datetime",
    "operation_name",
    "latitude",
    "longitude",
    "gender",
    "age_range",
    "self_defined_ethnicity",
    "officer_defined_ethnicity",
    "legislation",
    "object_of_search",
    "outcome",
  ]);
  let id = 0;
  const degrees = (text = "") => (text === "" ? null : Number(text));
  return db.transaction((name: string, rows: readonly string[][]) => {
    const [, month = "", forceId = ""] =
      /(\d{4}-\d{2})-(.*)-(street|outcomes|stop)/.exec(name) ?? [];
    for (const row of rows) {
      const [first, second, , fourth, fifth, sixth, , eighth, , tenth = "", eleventh] = row;
      const at = [forceId, degrees(fifth), degrees(sixth), eighth ?? null] as const;
      if (name.endsWith("-street.csv"))
        crimes.run(--id, first || null, month, ...at, tenth, eleventh || null);
      else if (name.endsWith("-outcomes.csv")) outcomes.run(1, first || null, month, ...at, tenth);
      else
        stops.run(
          1,
          month,
          forceId,
          first ?? "",
          second ?? "",
          fourth || null,
          degrees(fifth),
          degrees(sixth),
          ...row.slice(6, 13).map((value) => value || null),
        );
    }
  });
}
