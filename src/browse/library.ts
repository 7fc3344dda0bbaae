import { statSync } from "node:fs";
import { Hono } from "hono";
import { html } from "hono/html";
import { UkpoliceError } from "../errors.ts";
import { openForReading } from "../store/database.ts";
import { isLocked } from "../store/lock.ts";
import { limitConnection } from "../store/read/query.ts";
import { createApp } from "./app.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import type { BrowseTools } from "./tools.ts";

const RETRY_SECONDS = 2;
/** Everyone waits while SQLite does: better to say that the database is held. */
const BUSY_MS = 250;

type Opened = { app: Hono; identity: string; content: string; close: () => void };

export type Library = ReturnType<typeof createLibrary>;

/**
 * The database behind the pages, opened when it is there: it may come, go or be replaced while the
 * server runs. Where it cannot be opened, every page says why, and looks again by itself.
 */
export function createLibrary({ file }: Pick<BrowseTools, "file">) {
  let opened: Opened | undefined;

  const close = (): void => {
    opened?.close();
    opened = undefined;
  };
  const open = ({ identity, content }: Seen): Opened | undefined => {
    const db = openForReading(file, BUSY_MS);
    if (db.memory) {
      db.close(); // a crawl is about to make the tables: what stands in for them is not to be kept
      return undefined;
    }
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
      db.close();
    };
    try {
      limitConnection(db);
      const app = createApp({ db, file, signal: ending.signal });
      return { app, identity, content, close: end };
    } catch (error) {
      end();
      throw error;
    }
  };
  /** The app of the file as it is now; a notice where there is none. */
  const find = (): Opened | Html => {
    const seen = look(file);
    if (opened !== undefined && isOther(opened, seen, file)) close();
    if (seen === undefined) return noticeMissing(file);
    try {
      opened ??= open(seen);
      return opened ?? noticeMissing(file);
    } catch (error) {
      if (error instanceof UkpoliceError) return noticeFailed(file, error);
      throw error;
    }
  };

  return {
    fetch: (request: Request): Response | Promise<Response> => {
      const found = find();
      if ("app" in found) return found.app.fetch(request);
      return refusing(found).fetch(request);
    },
    close,
  };
}

type Seen = {
  /** Which file it is: another one when another takes the name. */
  identity: string;
  /** Another one when the file itself is written to. */
  content: string;
};

/** Undefined where there is nothing, or nothing yet. */
function look(file: string): Seen | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.size === 0) return undefined;
  return { identity: `${stat.dev} ${stat.ino}`, content: `${stat.size} ${stat.mtimeMs}` };
}

/**
 * Whether an open database is not what the file is now. SQLite does not see that another was copied
 * over it, and would mix pages of both; a crawl that is at work writes to it as it is meant to.
 */
function isOther(opened: Seen, seen: Seen | undefined, file: string): boolean {
  if (opened.identity !== seen?.identity) return true;
  return opened.content !== seen.content && !isLocked(file);
}

function refusing(notice: Html): Hono {
  const app = new Hono();
  app.all("*", (context) =>
    context.html(
      renderPage({ title: "No database", body: notice, refreshSeconds: RETRY_SECONDS }),
      503,
    ),
  );
  return app;
}

function noticeMissing(file: string): Html {
  return renderNotice(
    "No database yet",
    html`There is nothing at <code>${file}</code>. A crawl makes it:`,
    html`<code>ukpolice crawl</code> for everything that is published, or
      <code>ukpolice crawl --sandbox</code> to try it on bundled data of London, without the
      internet.`,
    "This page looks again by itself, and shows the database as soon as it is there.",
  );
}

function noticeFailed(file: string, { message, hint }: UkpoliceError): Html {
  return renderNotice(
    "The database cannot be read",
    html`<code>${file}</code>: ${message}`,
    hint === undefined ? "" : html`What to do: ${hint}.`,
    "This page looks again by itself.",
  );
}
