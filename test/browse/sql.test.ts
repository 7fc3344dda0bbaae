import { describe, expect, test } from "vitest";
import { browse, makeDatabase } from "../support/browsing.ts";
import { openTestStore } from "../support/stored.ts";

/** The address at which a statement runs, or is saved. */
function toRun(sql: string, path = "/sql"): string {
  return `${path}?${new URLSearchParams({ sql })}`;
}

describe("a statement", () => {
  const MARK = "select 6 * 7 as answer";
  const navigate = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  const BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/15.6 Safari/605.1.15";

  test.each([
    ["a page of another site", { "sec-fetch-site": "cross-site", ...navigate }],
    ["a page of another port", { "sec-fetch-site": "same-site", ...navigate }],
    ["a page that a browser says nothing of", { "user-agent": BROWSER }],
  ])("of %s is shown, and not run", async (_who, headers) => {
    const { ask } = await browse(makeDatabase());
    const { status, body } = await ask(toRun(MARK), { headers });
    expect(status).toBe(200);
    expect(body).toContain(`${MARK}</textarea>`);
    expect(body).toContain("has not been run");
    expect(body).not.toContain("<td");
    expect(await ask(toRun(MARK, "/sql/csv"), { headers })).toMatchObject({ status: 403 });
  });

  test.each([
    ["our own page", { "sec-fetch-site": "same-origin", ...navigate }],
    ["the user who typed it", { "sec-fetch-site": "none", ...navigate }],
    ["a program of the user, which is no browser", { "user-agent": "curl/8.5.0" }],
  ])("of %s is run", async (_who, headers) => {
    const { ask } = await browse(makeDatabase());
    expect((await ask(toRun(MARK), { headers })).body).toMatch(/<td class="number">42<\/td>/);
    const { body } = await ask(toRun(MARK, "/sql/csv"), { headers });
    expect(body).toBe("answer\r\n42\r\n");
  });
});

test("a cell that a spreadsheet would take for a formula is saved letter for letter", async () => {
  const { ask } = await browse(makeDatabase());
  const cells = ["=1+1", "+44", "-0.12", "@a", "=cmd|' /C calc'!A0"];
  const sql = `values ${cells.map((cell) => `('${cell.replaceAll("'", "''")}')`).join(", ")}`;
  const { body } = await ask(toRun(sql, "/sql/csv"));
  expect(body.trimEnd().split("\r\n").slice(1)).toEqual(cells);
});

test("two servers show one database at once, also while it is written to", async () => {
  const store = openTestStore();
  const both = [await browse(store.file), await browse(store.file)];
  for (const [nth, { ask }] of both.entries()) {
    const id = `force-${nth}`;
    store.areas.saveForces([{ id, name: `The force ${nth}` }], "2018-07-01");
    for (const other of both) {
      expect((await other.ask("/tables/forces")).body).toContain(`The force ${nth}`);
      const found = toRun(`select name from forces where id = '${id}'`, "/sql/csv");
      expect((await other.ask(found)).body).toBe(`name\r\nThe force ${nth}\r\n`);
    }
    expect(await ask("/progress")).toMatchObject({ status: 200 });
  }
});
