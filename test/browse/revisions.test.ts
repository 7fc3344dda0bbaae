import { describe, expect, test } from "vitest";
import { openConnection } from "../../src/store/database.ts";
import { browse } from "../support/browsing.ts";
import { newDatabase } from "../support/crawled.ts";

type Line = { month: string; to?: string; from?: string; force?: string; kind?: string };

/** A database with revisions: each line adds 1, changes 5, 4 of them in their outcome, and removes 2. */
function makeRevised(lines: readonly Line[]): string {
  const file = newDatabase();
  const db = openConnection(file);
  db.exec(`insert into forces (id, name) values ('avon', 'Avon & Co');
    insert into crime_categories (id, name) values ('burglary', 'Burglary')`);
  const insert = db.prepare(
    `insert into revisions values
       (?, (select count(*) + 1 from revisions), ?, ?, 'burglary', ?, ?, '', 1000, 1, 5, 4, 2)`,
  );
  for (const { month, kind = "crimes", force = "avon", ...releases } of lines) {
    const { from = "2018-05-05", to = "2018-06-05" } = releases;
    insert.run(month, kind, force, from, to);
  }
  db.exec(
    `insert into crime_outcome_history
     select month, nth, value, iif(value < 4, 'Under investigation', null), '2018-04', 'Fined', '2018-05', '', ''
     from revisions join json_each('[1, 2, 3, 4]') where kind = 'crimes'`,
  );
  db.close();
  return file;
}

async function read(file: string, path = "/revisions"): Promise<{ status: number; text: string }> {
  const { ask } = await browse(file);
  const { status, body } = await ask(path);
  const text = body.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  return { status, text };
}

describe("the page of revisions", () => {
  test("has what each release changed of each month, the newest first", async () => {
    const { text } = await read(
      makeRevised([
        { month: "2018-03" },
        { month: "2018-04" },
        { month: "2018-04", kind: "outcomes" },
      ]),
    );
    expect(text).toMatch(
      /April 2018 crimes 2018-06-05 2018-05-05 1 4 1 2 1,000 0\.8% April 2018 outcomes .* March 2018 crimes/,
    );
  });

  test("shows the newest in full: by category and force, and outcomes from and to", async () => {
    const { text } = await read(
      makeRevised([{ month: "2018-04" }, { month: "2018-04", force: "" }]),
    );
    expect(text).toContain("April 2018, as of 2018-06-05");
    expect(text).toContain("crimes: 2 added, 8 outcomes changed, 2 changed otherwise, 4 removed");
    expect(text).toMatch(/From To Crimes Under investigation Fined 6 none Fined 2 /);
    expect(text).toMatch(/Crimes by category Category [A-Za-z ]+ Burglary 2 8 2 4 2,000/);
    expect(text).toMatch(/Avon &amp; Co 1 4 1 2 1,000 In no force’s area 1 4 1 2 1,000/);
  });

  test("shows another one that is chosen", async () => {
    const to = "2018-07-05";
    const file = makeRevised([{ month: "2018-04" }, { month: "2018-04", to, from: "" }]);
    const { text } = await read(file, "/revisions?month=2018-04&release=2018-06-05");
    expect(text).toContain("April 2018, as of 2018-06-05");
    expect(text).toMatch(/April 2018 crimes 2018-07-05 – 1 4/);
    const unknown = await read(makeRevised([{ month: "2018-04", to: "" }]));
    expect(unknown.text).toContain("April 2018, as of an unknown release");
  });

  test("is of twelve months, and goes on with older ones", async () => {
    const months = Array.from({ length: 14 }, (_, at) => ({
      month: at < 12 ? `2017-${String(at + 1).padStart(2, "0")}` : `2018-0${at - 11}`,
    }));
    const { ask } = await browse(makeRevised(months));
    const { body } = await ask("/revisions");
    expect(body).toContain("March 2017");
    expect(body).not.toContain("February 2017");
    const [, older = ""] = /href="([^"]+)">Older months/.exec(body) ?? [];
    const next = await ask(older);
    expect(next.body).toMatch(/February 2017[\s\S]*January 2017/);
    expect(next.body).not.toMatch(/March 2017|Older months/);
  });

  test("says what makes a revision, where there is none", async () => {
    const { status, text } = await read(makeRevised([]));
    expect(status).toBe(200);
    expect(text).toMatch(/Nothing was revised yet.*crawl --refresh/);
  });

  test.each([
    "?month=2018-13",
    "?until=x",
    "?month=2017-01",
    "?until=2018-03",
    "?month=2018-04&release=2011-01-01",
  ])("has nothing to say to %s", async (query) => {
    const { status, text } = await read(makeRevised([{ month: "2018-04" }]), `/revisions${query}`);
    expect(status).toBe(400);
    expect(text).toContain("No such revision");
  });
});
