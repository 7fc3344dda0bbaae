import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ARCHIVE, KENT_ROW, readArchive, street } from "../support/archive.ts";
import { expectTwoLines, runCli, startForTest } from "../support/cli.ts";
import { createFolder, queryColumn, queryRows } from "../support/temp.ts";
import type { Row } from "../support/temp.ts";
import { writeZip } from "../support/zips.ts";

const CITY = "2024-01/2024-01-city-of-london-street.csv";
const OLD = readArchive("2024-01/2024-01-city-of-london-street.csv.gz");
const LATER = readArchive("variants/2024-01-city-of-london-street.later-archive.csv.gz");

/** Runs an import to its end. */
async function runImport(cwd: string, ...args: string[]) {
  return runCli(["import", ...args], { cwd });
}

/** All that an import stores, but times. */
function readImported(cwd: string) {
  const file = join(cwd, "ukpolice.db");
  return [
    "select crimes.*, streets.name from crimes left join streets on streets.id = street_id order by month, crimes.id",
    `select category, date, nth, crime_persistent_id, latitude, longitude, reported_by, lsoa_code, name
     from outcomes left join streets on streets.id = street_id
     order by date, reported_by, crime_persistent_id, category, nth, latitude`,
    `select month, reported_by, type, datetime, nth, latitude, longitude, outcome, lsoa_code
     from stops order by 1, 2, 3, 4, 5, 6, 7, 8`,
    "select month, kind, force_id, source, release, records from coverage order by 1, 2, 3",
    "select * from lsoas order by 1",
    "select * from points order by 1, 2",
    "select * from force_counts order by 1, 2, 3, 4",
  ].map((sql) => queryRows(file, sql).map(withoutStreetIds));
}

/** The ids of streets are ours, and given in the order in which names come. */
function withoutStreetIds(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "street_id"));
}

describe.concurrent("ukpolice import", () => {
  test("brings a folder of files, plain and gzipped, and says what came", async () => {
    const cwd = createFolder();
    const { code, out, err } = await runImport(cwd, join(ARCHIVE, "2016-01"));
    expect(code).toBe(0);
    expect(out).toMatch(/^ukpolice\.db: imported 2016-01 in [\d.]+ s\n/);
    expect(out).toMatch(
      /crimes +446 rows in 1 file, 1 month \(2016-01\), 1 force, release 2016-01\n/,
    );
    expect(out).toMatch(/outcomes +574 rows in 1 file/);
    expect(out).toMatch(/stops +150 rows in 1 file/);
    expect(out).toMatch(/look into it: ukpolice status.*; go on from here by the API: /);
    expect(err).toMatch(/3 files of 1 month, for ukpolice\.db\n/);
    expect(
      queryColumn(join(cwd, "ukpolice.db"), "select distinct reported_by from crimes"),
    ).toEqual(["city-of-london"]);
  });

  test("keeps a month whose newer file has next to nothing, and takes that with --replace", async () => {
    const cwd = createFolder();
    await writeZip(join(cwd, "2024-03.zip"), [{ name: CITY, data: OLD }]);
    await writeZip(join(cwd, "2024-06.zip"), [
      { name: CITY, data: OLD.slice(0, OLD.indexOf("\n") + 1) },
    ]);
    const count = () => queryColumn(join(cwd, "ukpolice.db"), "select count(*) from crimes");
    const both = await runImport(cwd, "2024-06.zip", "2024-03.zip");
    expect(both.code).toBe(5);
    expect(both.err).toMatch(/has no row, where .* not believed/);
    expect(count()).toEqual([734]);
    expect((await runImport(cwd, "2024-06.zip")).code).toBe(5);
    expect(count()).toEqual([734]);
    expect((await runImport(cwd, "2024-06.zip", "--replace")).code).toBe(0);
    expect(count()).toEqual([0]);
  });

  test.each([
    [
      ["--force", "City-of-London"],
      /--force City-of-London: no file.*\nhint: did you mean 'city-of-london'/,
    ],
    [["--since", "2030-01"], /leave out every file\nhint: the files are of 2016-01 to 2016-01/],
  ])("is wrong usage where %s leaves nothing to do", async (options, said) => {
    const cwd = createFolder();
    const { code, err } = await runImport(cwd, join(ARCHIVE, "2016-01"), ...options);
    expect(code).toBe(2);
    expect(err).toMatch(said);
    expect(existsSync(join(cwd, "ukpolice.db"))).toBe(false);
  });

  test("reads nothing of what is there already, and says so", async () => {
    const cwd = createFolder();
    await runImport(cwd, join(ARCHIVE, "2016-01"));
    const before = readImported(cwd);
    const { code, out } = await runImport(cwd, join(ARCHIVE, "2016-01"));
    expect(code).toBe(0);
    expect(out).toMatch(/nothing to import/);
    expect(out).toMatch(/here already +3 files\n/);
    expect(readImported(cwd)).toEqual(before);
  });

  test("gives the same rows again with --replace, with the same ids", async () => {
    const cwd = createFolder();
    await runImport(cwd, join(ARCHIVE, "2016-01"));
    const before = readImported(cwd);
    const { code, out } = await runImport(cwd, join(ARCHIVE, "2016-01"), "--replace");
    expect(code).toBe(0);
    expect(out).toMatch(/replaced +3 files that were here\n/);
    expect(readImported(cwd)).toEqual(before);
  });

  test("takes the newest release of a month, in whatever order zips are given", async () => {
    const [cwd, other] = [createFolder(), createFolder()];
    for (const folder of [cwd, other]) {
      await writeZip(join(folder, "2024-06.zip"), [{ name: CITY, data: OLD }]);
      await writeZip(join(folder, "2026-01.zip"), [{ name: CITY, data: LATER }]);
    }
    const { out } = await runImport(cwd, "2024-06.zip", "2026-01.zip");
    expect(out).toMatch(/734 rows in 1 file.*release 2026-01\n/);
    expect(out).toMatch(/older +1 file of which there is a newer release\n/);
    await runImport(other, "2026-01.zip", "2024-06.zip");
    expect(readImported(other)).toEqual(readImported(cwd));
    const outcome = OLD.split("\n")[5]?.split(",")[10];
    expect(outcome).not.toBe(LATER.split("\n")[5]?.split(",")[10]);
  });

  test("replaces an older release by a newer one, and never the other way round", async () => {
    const [cwd, other] = [createFolder(), createFolder()];
    for (const folder of [cwd, other]) {
      await writeZip(join(folder, "2024-06.zip"), [{ name: CITY, data: OLD }]);
      await writeZip(join(folder, "2026-01.zip"), [{ name: CITY, data: LATER }]);
    }
    await runImport(cwd, "2024-06.zip");
    const { out } = await runImport(cwd, "2026-01.zip");
    expect(out).toMatch(/replaced +1 file that was here\n/);
    await runImport(other, "2026-01.zip");
    const second = await runImport(other, "2024-06.zip");
    expect(second.out).toMatch(/nothing to import/);
    expect(readImported(cwd)).toEqual(readImported(other));
  });

  test("gives the same rows from CRLF as from LF", async () => {
    const [cwd, other] = [createFolder(), createFolder()];
    const name = "2016-01-city-of-london-stop-and-search.csv";
    await runImport(cwd, join(ARCHIVE, "2016-01", name));
    copyFileSync(
      join(ARCHIVE, "variants/2016-01-city-of-london-stop-and-search.crlf.csv"),
      join(other, name),
    );
    const { out } = await runImport(other, name);
    expect(out).toMatch(/stops +150 rows/);
    expect(readImported(other)).toEqual(readImported(cwd));
  });

  test("takes only what is wanted, by month, force and kind", async () => {
    const cwd = createFolder();
    const only = ["--since", "2024-01", "--force", "city-of-london", "--what", "crimes"];
    const { code, out } = await runImport(cwd, ARCHIVE, ...only, "--until", "2024-01");
    expect(out).toMatch(/crimes +734 rows in 1 file/);
    expect(out).toMatch(/stops +none/);
    expect(out).toMatch(/not wanted +\d+ files, by the options\n/);
    expect([0, 5]).toContain(code);
    const cells = queryRows(join(cwd, "ukpolice.db"), "select month, kind, force_id from coverage");
    expect(cells).toEqual([{ month: "2024-01", kind: "crimes", force_id: "city-of-london" }]);
  });

  test("warns of a month that was published in part, and status does", async () => {
    const cwd = createFolder();
    const { out } = await runImport(cwd, join(ARCHIVE, "2024-01"));
    const warned = /2024-01 dyfed-powys: 1,187 crimes.* \(known: published in part, 5 to 35%/;
    expect(out).toMatch(warned);
    const status = await runCli(["status"], { cwd });
    expect(status.out.replaceAll(/\s+/g, " ")).toMatch(warned);
    const json = JSON.parse((await runCli(["status", "--json"], { cwd })).out);
    expect(json.shortfalls).toMatchObject([
      { force: "dyfed-powys", month: "2024-01", kind: "crimes", records: 1187 },
    ]);
    expect(json.months[0].sources).toEqual({ crimes: "archive" });
  });

  test("writes one JSON document with --json, and nothing with --quiet", async () => {
    const cwd = createFolder();
    const json = await runImport(cwd, join(ARCHIVE, "2016-01"), "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      database: "ukpolice.db",
      last_update: null,
      crimes: { rows: 446, files: 1, months: ["2016-01"], forces: ["city-of-london"] },
      outcomes: { rows: 574, releases: ["2016-01"] },
      stops: { rows: 150 },
      replaced: { files: 0, months: [] },
      failed: [],
    });
    const quiet = await runImport(cwd, join(ARCHIVE, "2025-01"), "--quiet");
    expect(quiet).toMatchObject({ code: 0, out: "", err: "" });
  });

  test("names every file with --verbose and in the log", async () => {
    const cwd = createFolder();
    const args = [join(ARCHIVE, "2016-01"), "--verbose", "--log-file", "log.jsonl"];
    const { err } = await runImport(cwd, ...args);
    expect(err).toMatch(/2016-01-city-of-london-street\.csv\.gz: 446 rows\n/);
    expect(readdirSync(cwd)).toContain("log.jsonl");
  });

  test("says with --release of which release files are", async () => {
    const cwd = createFolder();
    await runImport(cwd, join(ARCHIVE, "2016-01"), "--release", "2017-04");
    expect(queryColumn(join(cwd, "ukpolice.db"), "select distinct release from coverage")).toEqual([
      "2017-04-01",
    ]);
  });

  test("takes its options from the environment, too", async () => {
    const cwd = createFolder();
    const env = { UKPOLICE_DB: "mine.db", UKPOLICE_WHAT: "stops", UKPOLICE_QUIET: "1" };
    const { code } = await runCli(["import", join(ARCHIVE, "2016-01")], { cwd, env });
    expect(code).toBe(0);
    expect(queryColumn(join(cwd, "mine.db"), "select distinct kind from coverage")).toEqual([
      "stops",
    ]);
  });

  test("is not mixed with the bundled sample afterwards", async () => {
    const cwd = createFolder();
    await runImport(cwd, join(ARCHIVE, "2016-01"));
    const args = ["crawl", "--sandbox", "--db", "ukpolice.db", "--quiet"];
    const finished = await runCli(args, { cwd });
    expectTwoLines(finished, { exit: 2, says: /holds months of the archive/, hint: /--db/ });
  });

  test("keeps last_update.json as it is where there is none", async () => {
    const cwd = createFolder();
    await runImport(cwd, join(ARCHIVE, "2016-01"));
    expect(existsSync(join(cwd, "last_update.json"))).toBe(false);
  });
});

describe.concurrent("a dry run of an import", () => {
  test("tells months, sizes and rows, and writes nothing", async () => {
    const cwd = createFolder();
    const { code, out } = await runImport(cwd, join(ARCHIVE, "2016-01"), "--dry-run");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ukpolice\.db: would import 2016-01\n {2}crimes +about \d+ rows in 1 file/,
    );
    expect(out).toMatch(/size +0\.1 MB packed, 0\.\d MB of CSV\n/);
    expect(out).toMatch(/nothing was written\n$/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("tells what is here, and what would be replaced", async () => {
    const cwd = createFolder();
    await writeZip(join(cwd, "2024-06.zip"), [{ name: CITY, data: OLD }]);
    await writeZip(join(cwd, "2026-01.zip"), [{ name: CITY, data: LATER }]);
    await runImport(cwd, "2024-06.zip");
    const newer = await runImport(cwd, "2024-06.zip", "2026-01.zip", "--dry-run", "--json");
    expect(JSON.parse(newer.out)).toMatchObject({
      crimes: { files: 1, releases: ["2026-01"] },
      replaced: { files: 1, months: [] },
      skipped: { older: 1, done: 0 },
    });
    const same = await runImport(cwd, "2024-06.zip", "--dry-run");
    expect(same.out).toMatch(/would import nothing\n/);
    expect(same.out).toMatch(/here already +1 file\n/);
  });
});

describe.concurrent("an import of what cannot be read", () => {
  test("names it, imports the rest and exits 5", async () => {
    const cwd = createFolder();
    mkdirSync(join(cwd, "in"));
    writeFileSync(join(cwd, "in/2024-01-kent-street.csv"), street(KENT_ROW, KENT_ROW));
    writeFileSync(join(cwd, "in/2024-01-avon-street.csv"), street(KENT_ROW.replace("0.52", "x")));
    writeFileSync(join(cwd, "in/2024-02.zip"), "no zip at all");
    const finished = await runImport(cwd, "in");
    expect(finished.code).toBe(5);
    expect(finished.out).toMatch(/crimes +2 rows in 1 file/);
    expect(finished.out).toMatch(/not imported +2 files or months/);
    expect(finished.err).toMatch(/warning: left out: in\/2024-02\.zip /);
    expect(finished.err).toMatch(/warning: left out: in\/2024-01-avon-street\.csv .*line 2/);
    expect(finished.err).toMatch(
      /ukpolice: 2 files or months .*: .*2024-02\.zip .*; .*avon-street.*\nhint: all else is done/,
    );
    const db = join(cwd, "ukpolice.db");
    expect(queryColumn(db, "select force_id from coverage")).toEqual(["kent"]);
    expect(queryColumn(db, "select count(*) from crimes")).toEqual([2]);
  });

  test("leaves no database where nothing of it could be read", async () => {
    const cwd = createFolder();
    writeFileSync(join(cwd, "latest.zip"), "PK");
    const { code } = await runImport(cwd, "latest.zip");
    expect(code).toBe(5);
    expect(readdirSync(cwd)).toEqual(["latest.zip"]);
  });

  test("keeps the older release where the newer one is bad", async () => {
    const cwd = createFolder();
    await writeZip(join(cwd, "2024-06.zip"), [{ name: CITY, data: OLD }]);
    const bad = `${LATER.slice(0, 100_000)}\n,,,,\n`;
    await writeZip(join(cwd, "2026-01.zip"), [{ name: CITY, data: bad }]);
    await runImport(cwd, "2024-06.zip");
    const before = readImported(cwd);
    const { code } = await runImport(cwd, "2026-01.zip");
    expect(code).toBe(5);
    expect(readImported(cwd)).toEqual(before);
  });
});

describe.concurrent("a bad file of the newest release", () => {
  const CUT = LATER.slice(0, 100_000);

  test("is named, and gives way to an older one that was given, too", async () => {
    const [cwd, other] = [createFolder(), createFolder()];
    await writeZip(join(cwd, "2024-06.zip"), [{ name: CITY, data: OLD }]);
    await writeZip(join(cwd, "2025-01.zip"), [{ name: CITY, data: "" }]);
    await writeZip(join(cwd, "2026-01.zip"), [{ name: CITY, data: `${CUT}\n,,,,\n` }]);
    const { code, out, err } = await runImport(cwd, "2026-01.zip", "2025-01.zip", "2024-06.zip");
    expect(code).toBe(5);
    expect(out).toMatch(/crimes +734 rows in 1 file.*release 2024-06\n/);
    expect(out).toMatch(/not imported +2 files or months/);
    expect(out).not.toMatch(/older/);
    expect(err).toMatch(/left out: 2026-01\.zip: .*\n.*left out: 2025-01\.zip: .* is empty/);
    await runImport(other, join(cwd, "2024-06.zip"));
    expect(readImported(cwd)).toEqual(readImported(other));
    const again = await runImport(cwd, "2026-01.zip", "2024-06.zip");
    expect(again.code).toBe(5);
    expect(readImported(cwd)).toEqual(readImported(other));
  });

  test("does not bring back an older release than there is", async () => {
    const cwd = createFolder();
    await writeZip(join(cwd, "2024-06.zip"), [{ name: CITY, data: OLD }]);
    await writeZip(join(cwd, "2025-01.zip"), [{ name: CITY, data: LATER }]);
    await writeZip(join(cwd, "2026-01.zip"), [{ name: CITY, data: "" }]);
    await runImport(cwd, "2025-01.zip");
    const before = readImported(cwd);
    const { code } = await runImport(cwd, "2026-01.zip", "2024-06.zip", "--replace");
    expect(code).toBe(5);
    expect(readImported(cwd)).toEqual(before);
  });
});

describe.concurrent("wrong usage of an import exits 2 with two lines:", () => {
  test.each([
    ["no file", [], /files|argument/i, /./],
    ["a file that is not there", ["gone.zip"], /gone\.zip is not there/, /./],
    ["a release that is no month", ["x.zip", "--release", "2024"], /--release 2024/, /./],
    [
      "bounds the wrong way round",
      ["x.zip", "--since", "2024-02", "--until", "2024-01"],
      /since/,
      /./,
    ],
    ["--compare with --replace", ["x.zip", "--compare", "--replace"], /--compare/, /leave one/],
    ["--compare with --dry-run", ["x.zip", "--compare", "--dry-run"], /--compare/, /leave one/],
    ["an option that is misspelt", ["x.zip", "--comprae"], /comprae/, /did you mean/],
  ] as const)("%s", async (_, args, says, hint) => {
    const cwd = createFolder();
    const finished = await runImport(cwd, ...args, "--quiet");
    expectTwoLines(finished, { exit: 2, says, hint });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("a folder without a file of the archive", async () => {
    const cwd = createFolder();
    mkdirSync(join(cwd, "empty"));
    const finished = await runImport(cwd, "empty", "--quiet");
    expectTwoLines(finished, {
      exit: 2,
      says: /no file of the archive is in empty/,
      hint: /--help/,
    });
  });
});

describe("an import that ends early", () => {
  /** Many months of one file, under names of their own. */
  async function writeMonths(cwd: string, count: number): Promise<string> {
    const months = Array.from({ length: count }, (_, at) =>
      new Date(Date.UTC(2020, at, 1)).toISOString().slice(0, 7),
    );
    const members = months.map((month) => ({
      name: `${month}/${month}-city-of-london-street.csv`,
      data: OLD.replaceAll("2024-01", month),
    }));
    return writeZip(join(cwd, "2024-01.zip"), members);
  }

  test("goes on where it was killed, and ends as if it had not been", async () => {
    const [cwd, whole] = [createFolder(), createFolder()];
    const zip = await writeMonths(cwd, 48);
    await runImport(whole, zip);
    const killed = startForTest(["import", zip, "--verbose"], { cwd });
    await killed.said(/2020-03-city-of-london-street\.csv: 734 rows/);
    killed.child.kill("SIGKILL");
    await killed.finished;
    const { code, out } = await runImport(cwd, zip);
    expect(code).toBe(0);
    expect(out).toMatch(/here already +\d+ files?\n/);
    expect(readImported(cwd)).toEqual(readImported(whole));
  });

  test("stops at a signal with what is committed, and names the command that goes on", async () => {
    const [cwd, whole] = [createFolder(), createFolder()];
    const zip = await writeMonths(cwd, 48);
    await runImport(whole, zip);
    const stopped = startForTest(["import", zip, "--verbose"], { cwd });
    await stopped.said(/2020-02-city-of-london-street\.csv: 734 rows/);
    stopped.child.kill("SIGINT");
    const finished = await stopped.finished;
    expect(finished).toMatchObject({ code: 130, out: "" });
    expect(finished.err).toMatch(
      /ukpolice: stopped by SIGINT\nhint: go on with: ukpolice import .* --verbose\n$/,
    );
    const cells = queryColumn(join(cwd, "ukpolice.db"), "select sum(records) from coverage");
    const rows = queryColumn(join(cwd, "ukpolice.db"), "select count(*) from crimes");
    expect(rows).toEqual(cells);
    await runImport(cwd, zip);
    expect(readImported(cwd)).toEqual(readImported(whole));
  });
});
