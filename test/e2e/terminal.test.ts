import { describe, expect, test } from "vitest";
import { holdBack } from "../support/holding.ts";
import { createFolder } from "../support/temp.ts";
import { hasTerminals, runOnTerminal } from "../support/terminal.ts";
import type { OnTerminal } from "../support/terminal.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

const MONTHS = ["2018-04", "2018-05"];
const BAR = /[█░]|%/;

/** A crawl of two months on a terminal: all of the first comes, and no reply of the second yet. */
async function crawlHeld(columns: number) {
  const ten = Array.from({ length: 10 }, (_, n) => n);
  const areas = { avon: Object.fromEntries(ten.map((n) => [`A${n}`, square(51, n / 10, 0.08)])) };
  const crimes = MONTHS.flatMap((month, at) =>
    ten.map((n) =>
      rawCrime(100 * at + n, { latitude: 51.05, longitude: n / 10 + 0.05 }, { month }),
    ),
  );
  const { url } = await serve(createWorld({ areas, crimes, months: MONTHS }));
  const held = await holdBack(url, (path) => path.includes("2018-05&poly"));
  const args = ["crawl", "--api-url", held.url, "--plan", "neighbourhoods"];
  const terminal = runOnTerminal(args, { cwd: createFolder(), columns });
  await untilShown(terminal, /waiting \d+ s for 12 replies/);
  return { ...held, terminal };
}

async function untilShown({ rows }: OnTerminal, pattern: RegExp): Promise<void> {
  await expect.poll(async () => (await rows()).join("\n"), { timeout: 20_000 }).toMatch(pattern);
}

/** Whether the cursor was given back: the last that was said of it. */
function cursorIsShown({ told }: OnTerminal): boolean {
  return told().lastIndexOf("\u001B[?25h") > told().lastIndexOf("\u001B[?25l");
}

describe.skipIf(!hasTerminals)("a crawl on a terminal", () => {
  test("has one bar below all that was said, and says what it waits for", async () => {
    const { terminal } = await crawlHeld(80);
    expect(await terminal.rows()).toEqual([
      expect.stringMatching(/^ukpolice \S+ http/),
      "2018-04 is complete, but for what lies in no force's area",
      expect.stringMatching(
        /^2\/2 2018-05 {2}█+░+ {2}52% {2}22\/42 {2}\d+ records {2}waiting \d+ s for 12 replies$/,
      ),
    ]);
    expect(cursorIsShown(terminal)).toBe(false);
  });

  test("has one bar, and one line of it, at every width and after each change of it", async () => {
    const { terminal } = await crawlHeld(120);
    for (const columns of [40, 80, 20, 120]) {
      terminal.resize(columns);
      const isDrawn = async () => {
        const rows = await terminal.rows();
        return rows.filter((row) => BAR.test(row)).map((row) => row.length < columns);
      };
      await expect.poll(isDrawn, { timeout: 5000 }).toEqual([true]);
      // Not only at a lucky moment.
      const widths = new Set<string>();
      for (let look = 0; look < 10; look += 1) {
        const rows = await terminal.rows();
        widths.add(rows.map((row) => (BAR.test(row) ? "bar" : "text")).join(" "));
        expect(BAR.test(rows.at(-1) ?? "")).toBe(true);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(widths.size).toBe(1);
    }
    expect(await terminal.rows()).toEqual([
      expect.stringMatching(/^ukpolice \S+ http/),
      "2018-04 is complete, but for what lies in no force's area",
      expect.stringMatching(/^month 2 of 2: 2018-05 {2}█+░+ {2}52% {2}22\/42 questions/),
    ]);
  });

  test("keeps the bar below what is said of a Ctrl-C, and leaves nothing of it at the end", async () => {
    const { terminal, release } = await crawlHeld(80);
    terminal.type("\u0003");
    await untilShown(terminal, /stopping/);
    const [, , stopping, bar, ...more] = await terminal.rows();
    expect(stopping).toBe("stopping; what is under way settles first (again: at once)");
    expect(bar).toMatch(/^2\/2 2018-05 .* waiting \d+ s for 12 replies$/);
    expect(more).toEqual([]);
    release();
    expect(await terminal.exitCode).toBe(130);
    const rows = await terminal.rows();
    expect(rows.slice(3, 5)).toEqual([
      "ukpolice: stopped by SIGINT",
      expect.stringMatching(/^hint: go on with: ukpolice crawl /),
    ]);
    expect(rows.filter((row) => BAR.test(row))).toEqual([]);
    expect(cursorIsShown(terminal)).toBe(true);
  });

  test("gives the cursor back when a second Ctrl-C ends it at once", async () => {
    const { terminal } = await crawlHeld(80);
    terminal.type("\u0003");
    await untilShown(terminal, /stopping/);
    terminal.type("\u0003");
    expect(await terminal.exitCode).toBe(130);
    expect((await terminal.rows()).filter((row) => BAR.test(row))).toEqual([]);
    expect(cursorIsShown(terminal)).toBe(true);
  });

  test("gives the cursor back when Ctrl-Z stops it, and draws the bar again when it goes on", async () => {
    const { terminal } = await crawlHeld(80);
    const isDrawn = async () => (await terminal.rows()).some((row) => BAR.test(row));
    terminal.type("\u001A");
    await expect.poll(() => cursorIsShown(terminal), { timeout: 5000 }).toBe(true);
    expect(await isDrawn()).toBe(false);
    terminal.wake();
    await expect.poll(isDrawn, { timeout: 5000 }).toBe(true);
    expect(cursorIsShown(terminal)).toBe(false);
  });

  test("ends with the sum, and the cursor", async () => {
    const { terminal, release } = await crawlHeld(80);
    release();
    expect(await terminal.exitCode).toBe(0);
    const rows = await terminal.rows();
    expect(rows.slice(1, 5)).toEqual([
      "2018-04 is complete, but for what lies in no force's area",
      "2018-05 is complete, but for what lies in no force's area",
      expect.stringMatching(/^ukpolice\.db: crawled 2018-04 to 2018-05/),
      expect.stringMatching(/^ {2}crimes {6}20 new$/),
    ]);
    expect(rows.filter((row) => BAR.test(row))).toEqual([]);
    expect(cursorIsShown(terminal)).toBe(true);
  });

  test("says that the API is down while it waits for it, and gives the cursor back when it stays so", async () => {
    const { url } = await serve(createWorld({ areas: {}, crimes: [] }), { isDown: () => true });
    const args = ["crawl", "--api-url", url, "--patience", "0.05"];
    const terminal = runOnTerminal(args, { cwd: createFolder(), columns: 80 });
    await untilShown(terminal, /^waiting: the API is down$/m);
    expect(await terminal.exitCode).toBe(3);
    expect((await terminal.rows()).filter((row) => row.startsWith("waiting"))).toEqual([]);
    expect(cursorIsShown(terminal)).toBe(true);
  });
});
