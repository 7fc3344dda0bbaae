/**
 * Takes the pictures of the pages that the README shows, of a database that is browsed:
 *   npx tsx scripts/draw-pages.ts http://127.0.0.1:9090/
 * They are made of the bundled sample, as `ukpolice crawl --sandbox` has it.
 */
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** Pixels from the top; null: the whole page. */
const PICTURES = [
  { name: "browse-overview", path: "overview", height: 860 },
  { name: "browse-map", path: "map", height: null },
];

const url = process.argv[2] ?? "http://127.0.0.1:9090/";
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const { name, path, height } of PICTURES) {
  const page = await browser.newPage({ viewport: { width: 1280, height: height ?? 900 } });
  await page.goto(url + path, { waitUntil: "networkidle" });
  await page.screenshot({
    path: fileURLToPath(new URL(`../docs/${name}.png`, import.meta.url)),
    fullPage: height === null,
  });
}
await browser.close();
