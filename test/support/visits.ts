import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { startBrowse } from "../../src/browse/server.ts";
import { createApi } from "../../src/fetch/api.ts";
import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { crawlServed } from "./crawled.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type Visit = {
  page: Page;
  /** What the browser complained about: errors, refused loads, dialogs. */
  complaints: string[];
};

/** A browser of a test file; call it where hooks may be registered. */
export function useBrowser() {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: FLAGS });
  }, 60_000);
  afterAll(() => browser?.close());

  return {
    /** Opens an address in a context of its own, which is closed when the test ends. */
    async visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
      if (browser === undefined) throw new Error("there is no browser yet");
      const context = await browser.newContext(options);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const complaints = listenTo(page);
      await page.goto(url);
      return { page, complaints };
    },
  };
}

/** Errors, refused loads, dialogs; a violation of the content security policy is an error, too. */
function listenTo(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}

export type Browsed = { url: string; close(): Promise<void> };

/** Serves a database to browse; the caller closes it. */
export function browseDatabase(file: string): Promise<Browsed> {
  const onError = (error: unknown) => expect.unreachable(`the server failed: ${String(error)}`);
  return startBrowse({ file, port: 0, onError });
}

/** Serves a database to browse until the test ends. */
export async function browseInTest(file: string): Promise<Browsed> {
  const server = await browseDatabase(file);
  onTestFinished(() => server.close());
  return server;
}

/** Crawls the bundled sample of London, without its limits; returns the database's path. */
export async function crawlSample(): Promise<string> {
  const sandbox = await startSandbox({ world: loadSample(), limited: false });
  const baseUrl = new URL(sandbox.url);
  const api = createApi({ baseUrl, rate: 1000, concurrency: 8, userAgent: "ukpolice/test" });
  try {
    const { file } = await crawlServed({ url: sandbox.url, api, seen: [] });
    return file;
  } finally {
    await api.close();
    await sandbox.close();
  }
}
