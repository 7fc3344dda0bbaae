import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useBrowser } from "../../support/visits.ts";
import type { Visit } from "../../support/visits.ts";
import { startBrowsing } from "../../support/browsing.ts";
import type { Browsing } from "../../support/browsing.ts";
import { startCli } from "../../support/cli.ts";
import { countRows, createFolder, queryColumn } from "../../support/temp.ts";

const NASTY = `<script>document.title = "broken"</script> & "Sons'`;
const HEAVY = `with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`;

const folder = createFolder();
const file = join(folder, "ukpolice.db");
const browser = useBrowser();
let server: Browsing;
let visited: Visit | undefined;
let page: Page;

/** Goes to a page in the one tab that a test has; answers the status. */
async function visit(path: string): Promise<number | undefined> {
  visited ??= await browser.visit("about:blank");
  ({ page } = visited);
  return (await page.goto(server.url + path))?.status();
}

const complaints = () => visited?.complaints.splice(0);
const text = (selector: string) => page.locator(selector).first().innerText();
const run = async (sql: string) => {
  await visit("/sql");
  await page.fill("#sql", sql);
  await page.press("#sql", "Control+Enter");
  await page.waitForURL(/sql=/);
};

/** A street with a name that would be a script, if it were not escaped. */
function nameNastily(): void {
  const db = new Database(file);
  db.prepare("update streets set name = ? where id = (select min(street_id) from crimes)").run(
    NASTY,
  );
  db.close();
}

describe("in a browser", () => {
  beforeAll(async () => void (server = await startBrowsing(file, folder)));
  beforeEach(() => void (visited = undefined));
  afterAll(() => server?.stop());

  test("without a database each page says what to run", async () => {
    for (const path of ["/", "/map", "/revisions", "/tables", "/sql", "/progress"]) {
      await visit(path);
      expect(await text("main")).toMatch(/No database yet[\s\S]*ukpolice crawl --sandbox/);
    }
  });

  test("a crawl that begins is noticed, and followed live to its end", async () => {
    await visit("/progress");
    const crawl = startCli(["crawl", "--sandbox", "--quiet", "--db", file], { cwd: folder });
    await page.getByText("under way", { exact: true }).first().waitFor();
    complaints();
    await page.evaluate("window.isSame = true");
    await page.getByRole("progressbar", { name: "crimes of 2018-04" }).waitFor();
    const early = await text("#part-run .figure");
    await expect.poll(() => text("#part-run .figure"), { timeout: 10_000 }).not.toBe(early);
    await page.getByText("all that was asked for is there").first().waitFor();
    expect((await crawl.finished).code).toBe(0);
    expect(await text("#part-months")).toMatch(/2018-04[\s\S]*2018-05/);
    const [records] = queryColumn(file, "select records from runs");
    expect(await text("#part-run")).toContain(Number(records).toLocaleString("en-GB"));
    expect(await page.evaluate("window.isSame")).toBe(true);
    expect(complaints()).toEqual([]);
    nameNastily();
  }, 90_000);

  test.each(["/revisions", "/tables", "/tables/crimes", "/tables/months", "/sql", "/progress"])(
    "%s loads without an error, on a desk and on a phone",
    async (path) => {
      await visit(path);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const excess = "document.documentElement.scrollWidth - innerWidth";
        expect(await page.evaluate(excess)).toBeLessThanOrEqual(0);
      }
      expect(complaints()).toEqual([]);
    },
  );

  test("every table and view is listed, and opens", async () => {
    await visit("/tables");
    const links = await page.locator(".tables a").allInnerTexts();
    const names = queryColumn(
      file,
      "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite%'",
    );
    expect([...links].sort()).toEqual([...names].sort());
    for (const name of links) expect(await visit(`/tables/${name}`)).toBe(200);
    expect(complaints()).toEqual([]);
  });

  test("a name that is a script is shown as text, and is not run", async () => {
    await visit("/tables/streets?name__contains=script");
    expect(await text("tbody")).toContain(NASTY);
    await page.getByRole("cell").getByRole("link").first().click();
    expect(await text(".fields")).toContain(NASTY);
    await run("select name from streets where name like '%script%'");
    expect(await text("tbody")).toContain(NASTY);
    expect(await page.title()).toBe("SQL – ukpolice");
    expect(complaints()).toEqual([]);
  });

  test("a foreign key leads to its row, and that back to the rows that refer to it", async () => {
    await visit("/tables/crimes?category=burglary");
    await page.getByRole("link", { name: "Burglary", exact: true }).nth(0).click();
    expect(await text("h1")).toBe("burglary");
    await page.getByRole("link", { name: "All of them" }).first().click();
    expect(await text("h1")).toBe("crimes");
    expect(await text(".chips")).toContain("category is burglary");
  });

  test("sorting, filters and pages work by links and a form alone", async () => {
    await visit("/tables/crimes");
    await page.getByRole("link", { name: "month" }).click();
    await page.getByRole("link", { name: "month" }).click();
    const head = page.getByRole("columnheader", { name: "month" });
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await text("tbody td:nth-child(2)")).toBe("2018-05");

    await page.getByLabel("Column").selectOption("category");
    await page.getByLabel("Value").fill("robbery");
    await page.getByRole("button", { name: "Filter" }).click();
    expect(await text("tbody td:nth-child(3)")).toContain("Robbery");
    const row = () =>
      page.locator("tbody tr").first().getByRole("link").first().getAttribute("href");
    const first = await row();
    await page.getByRole("link", { name: "Next" }).click();
    expect(await row()).not.toBe(first);
    await page.getByRole("link", { name: "Previous" }).click();
    expect(await row()).toBe(first);
    await page.getByRole("link", { name: /Remove the filter/ }).click();
    expect(await page.locator(".chips").count()).toBe(0);
  });

  test("the CSV has every row that the filter shows", async () => {
    await visit("/tables/crimes?category=robbery");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    const path = await (await download).path();
    const lines = readFileSync(path, "utf8").trimEnd().split("\r\n");
    const [expected] = queryColumn(file, "select count(*) from crimes where category = 'robbery'");
    expect(lines[0]).toMatch(/^month,id,persistent_id,category,/);
    expect(lines.length - 1).toBe(expected);
  });

  test("a statement runs by Ctrl+Enter, and its result is in the table", async () => {
    await run("select category, count(*) as crimes\nfrom crimes\ngroup by 1");
    expect(await page.locator("thead").innerText()).toMatch(/category\s+crimes/);
    const total = (await page.locator("tbody td:nth-child(2)").allInnerTexts()).map(Number);
    expect(total.reduce((sum, count) => sum + count, 0)).toBe(countRows(file, "crimes"));
    expect(complaints()).toEqual([]);
  });

  test("a bad statement is answered beside the box, with the word marked and the text kept", async () => {
    await run("select *\nform crimes");
    expect(await text("[role=alert]")).toBe('Line 2: near "form": syntax error');
    expect(await page.inputValue("#sql")).toBe("select *\nform crimes");
    expect(await page.evaluate("getSelection().toString()")).toBe("form");
  });

  test.each([
    ["delete from crimes", /only statements that read/],
    ["with x as (select 1) delete from crimes", /would write/],
    ["pragma journal_mode = delete", /may change something/],
    ["attach 'other.db' as other", /only statements that read/],
    ["select load_extension('x')", /not authorized/],
    ["select 1; select 2", /one at a time/],
  ])("%s is refused", async (sql, reason) => {
    await run(sql);
    expect(await text("[role=alert]")).toMatch(reason);
  });

  test("a heavy statement is stopped, and no other page waits for it", async () => {
    const heavy = fetch(`${server.url}/sql?${new URLSearchParams({ sql: HEAVY })}`);
    let isOver = false;
    void heavy.then(() => (isOver = true));
    for (const path of ["/tables", "/tables/crimes", "/progress"]) await visit(path);
    expect(isOver).toBe(false);
    const reply = await heavy;
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("stopped after 5 seconds");
    await run("select 1 as one");
    expect(await text("tbody")).toBe("1");
  });

  test("a statement that takes too much memory is stopped", async () => {
    await run("select length(group_concat(hex(zeroblob(150000000)))) from forces, forces as more");
    expect(await text("[role=alert]")).toBe("stopped: it took too much memory");
  });

  test("the keyboard alone reaches the content and the sections", async () => {
    await visit("/tables");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/tables\/crimes/);
  });

  test("Ctrl-C ends at once with 130, though a page listens", async () => {
    const own = await startBrowsing(file, folder);
    const reply = await fetch(`${own.url}/progress/events`);
    const reader = reply.body?.getReader();
    await reader?.read();
    const startMs = performance.now();
    expect(await own.stop()).toBe(130);
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
});
