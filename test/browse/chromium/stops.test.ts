import { describe, expect, onTestFinished, test } from "vitest";
import { openForReading } from "../../../src/store/database.ts";
import { createStopsReader } from "../../../src/store/read/stops.ts";
import { browse, makeDatabase } from "../../support/browsing.ts";
import { openTestStore } from "../../support/stored.ts";
import { publishStops, saveStops, stopOf } from "../../support/stops.ts";
import { browseInTest, useBrowser } from "../../support/visits.ts";

const browser = useBrowser();

/** Stops of avon and of the transport police, in three months; kent's of May are not here. */
function fill() {
  const store = openTestStore();
  publishStops(store, {
    "2018-04": ["avon"],
    "2018-05": ["avon", "btp", "kent"],
    "2018-06": ["avon", "btp"],
  });
  store.coverage.noteAsked("all", ["stops"]);
  saveStops(store, { month: "2018-04", force: "avon" }, [stopOf({ gender: "Female" })]);
  saveStops(store, { month: "2018-05", force: "avon" }, [
    stopOf({ ageRange: "over 34" }),
    stopOf({ ageRange: "10-17", outcomeLinkedToObjectOfSearch: false }),
    stopOf({ ageRange: null, outcomeLinkedToObjectOfSearch: null, operationName: "PC Jones" }),
    stopOf({ ageRange: "under 10", type: "Vehicle search" }),
  ]);
  saveStops(store, { month: "2018-05", force: "btp" }, [stopOf({ outcome: "<b>Warned</b>" })]);
  saveStops(store, { month: "2018-06", force: "avon" }, [stopOf()]);
  return store;
}

async function read(path: string, file = fill().file) {
  const { ask } = await browse(file);
  const { status, body } = await ask(path);
  const text = body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  const linesOf = (id: string) => {
    const [, table = ""] = new RegExp(`id="${id}">([\\s\\S]*?)</table>`).exec(body) ?? [];
    return [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].slice(1).map(([, row = ""]) =>
      row
        .replaceAll(/<[^>]*>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
  };
  return { status, body, text, linesOf };
}

describe("the page Stops", () => {
  test("counts by what is told, and of how many a link is told", async () => {
    const { status, linesOf } = await read("/stops");
    expect(status).toBe(200);
    expect(linesOf("gender")).toEqual(["Male 6 85.7% 80.0% of 5", "Female 1 14.3% 100.0% of 1"]);
    expect(linesOf("publishers")).toEqual([
      "Avon 6 85.7% 80.0% of 5",
      "British Transport Police 1 14.3% 100.0% of 1",
    ]);
    expect(linesOf("outcome")[1]).toBe("&lt;b&gt;Warned&lt;/b&gt; 1 14.3% 100.0% of 1");
  });

  test("has ages in their order, and what is not told last", async () => {
    const { linesOf } = await read("/stops?since=2018-05&until=2018-05");
    expect(linesOf("age_range").map((line) => line.replace(/ \d+ [\d.]+%.*/, ""))).toEqual([
      "under 10",
      "10-17",
      "18-24",
      "over 34",
      "not told",
    ]);
  });

  test("is of the force and the months of its address", async () => {
    const { linesOf, text } = await read("/stops?force=btp&since=2018-05");
    expect(linesOf("type")).toEqual(["Person search 1 100.0% 100.0% of 1"]);
    expect(linesOf("publishers")).toEqual([]);
    expect(text).toContain("Stops per month by kind of search, British Transport Police");
    expect(text).toContain("May 2018 to June 2018");
  });

  test("tells not published from not here, and of how many forces a month is", async () => {
    const { body, text } = await read("/stops?force=btp");
    expect(body.match(/<abbr title="[^"]*">–/g)?.length).toBeGreaterThan(3);
    expect(body).toContain('<abbr title="not published">');
    expect(body).toContain('<abbr title="not in this database">');
    expect(text).toContain("British Transport Police (2018-04)");
    const all = await read("/stops");
    expect(all.text).toMatch(/May 2018 4 1 5 2 of 3/);
    expect(all.text).toContain("Published, and not in this database:");
    expect(all.text).toContain("Kent (2018-05)");
  });

  test("says what rates need, and that the two ethnicities are two vocabularies", async () => {
    const { text } = await read("/stops");
    expect(text).toContain("A rate needs the people who were there");
    expect(text).toContain("Small numbers say little");
    expect(text).toContain("another vocabulary");
  });

  test("shows no name of an operation, which may be an officer's", async () => {
    const { body } = await read("/stops");
    expect(body).not.toContain("Jones");
  });

  test.each(["?force=atlantis", "?force=kent", "?since=2018-06&until=2018-05", "?until=2030-01"])(
    "refuses %s",
    async (query) => {
      expect(await read(`/stops${query}`)).toMatchObject({ status: 400 });
    },
  );

  test("says that there are none yet, and what brings them", async () => {
    const { status, text } = await read("/stops", makeDatabase());
    expect(status).toBe(200);
    expect(text).toContain("ukpolice crawl --what stops");
  });

  test("draws its months, and reads them out", async () => {
    const { url } = await browseInTest(fill().file);
    const { page, complaints } = await browser.visit(`${url}stops`);
    const readout = page.locator(".readout");
    await expect(readout.textContent()).resolves.toContain("June 2018: 1 stop");
    await page.locator(".plot").focus();
    await page.keyboard.press("ArrowLeft");
    await expect(readout.textContent()).resolves.toBe(
      "May 2018: 5 stops; most are Person search, 4",
    );
    expect(complaints).toEqual([]);
  });
});

test("the page Stops reads counts, and never a stop", () => {
  const db = openForReading(fill().file);
  onTestFinished(() => void db.close());
  const plans: string[] = [];
  const explaining = new Proxy(db, {
    get(target, name) {
      if (name !== "prepare") return Reflect.get(target, name);
      return (sql: string) => {
        const plan = target.prepare<object, { detail: string }>(`explain query plan ${sql}`);
        const span = { since: "2018-05", until: "2018-05", force: null };
        const details = sql.includes("@since") ? plan.all(span) : plan.all({});
        plans.push(...details.map(({ detail }) => detail));
        return target.prepare(sql);
      };
    },
  });
  createStopsReader(explaining);
  expect(plans.join("\n")).toContain("stop_counts");
  expect(plans.filter((plan) => /\bstops\b/.test(plan))).toEqual([]);
});
