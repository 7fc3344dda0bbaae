/**
 * Makes the pages in a process of its own: a database may bring along what never ends, and SQLite
 * cannot be interrupted. Then this process ends, while the server goes on; see pages-process.ts.
 */
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { explain, UkpoliceError } from "../errors.ts";
import { asDatabaseError } from "../store/database.ts";
import { createLibrary } from "./library.ts";
import type { Library } from "./library.ts";
import { renderNotice, renderPage } from "./page.ts";
import { startWatchdog } from "./watchdog.ts";

const MOST_BYTES = 1536 * 2 ** 20;
/** Others wait while SQLite works; what takes longer than this is taken for endless. */
const MOST_MS = 10_000;
const ALIVE_MS = 1000;

/** What the server asks for: a page, then its body part by part. */
export type Order =
  | { do: "open"; file: string }
  | { do: "ask"; id: number; url: string; method: string; headers: [string, string][] }
  | { do: "read"; id: number }
  | { do: "drop"; id: number };

/** A part without bytes is the end. */
export type Reply =
  | { is: "head"; id: number; status: number; headers: [string, string][]; hasBody: boolean }
  | { is: "part"; id: number; bytes: Uint8Array | null }
  | { is: "failed"; id: number }
  | { is: "warning"; message: string };

type Exchange = { ending: AbortController; reader?: ReadableStreamDefaultReader<Uint8Array> };
type Asked = Extract<Order, { do: "ask" }>;

const watchdog = await startWatchdog({ mostBytes: MOST_BYTES });
watchdog.allow(MOST_MS);
// The channel to the server alone keeps this process: it may be gone already.
setInterval(() => watchdog.allow(MOST_MS), ALIVE_MS).unref();
const exchanges = new Map<number, Exchange>();
let file = "";
let library: Library | undefined;
let site = new Hono();

process.on("message", (order: Order) => {
  if (order.do === "open") open(order.file);
  else void obey(order).catch((error: unknown) => fail(order.id, error));
});
process.once("disconnect", () => library?.close());

function open(opening: string): void {
  file = opening;
  const opened = createLibrary({ file });
  library = opened;
  site = new Hono();
  site.all("*", (context) => opened.fetch(context.req.raw));
  site.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    const known = asDatabaseError(error, file);
    const expected = known instanceof UkpoliceError;
    if (!expected) tell({ is: "warning", message: explain(error) });
    const hint = expected ? (known.hint ?? "") : "This is a bug; please report it.";
    const body = renderNotice("This page failed", explain(known), hint);
    return context.html(renderPage({ title: "Failed", body }), expected ? 503 : 500);
  });
}

async function obey(order: Exclude<Order, { do: "open" }>): Promise<void> {
  if (order.do === "ask") return ask(order);
  const exchange = exchanges.get(order.id);
  if (order.do === "drop") {
    exchanges.delete(order.id);
    exchange?.ending.abort();
    await exchange?.reader?.cancel();
    return;
  }
  const part = await exchange?.reader?.read();
  if (part?.value === undefined) exchanges.delete(order.id);
  tell({ is: "part", id: order.id, bytes: part?.value ?? null });
}

async function ask({ id, url, method, headers }: Asked): Promise<void> {
  const ending = new AbortController();
  exchanges.set(id, { ending });
  const response = await site.fetch(new Request(url, { method, headers, signal: ending.signal }));
  const { status, body } = response;
  if (body === null || ending.signal.aborted) {
    exchanges.delete(id);
    await body?.cancel();
  } else exchanges.set(id, { ending, reader: body.getReader() });
  tell({ is: "head", id, status, headers: [...response.headers], hasBody: body !== null });
}

/** In the midst of a page nothing but the connection can tell that the rest does not come. */
function fail(id: number, error: unknown): void {
  exchanges.delete(id);
  tell({ is: "failed", id });
  tell({ is: "warning", message: explain(asDatabaseError(error, file)) });
}

function tell(reply: Reply): void {
  process.send?.(reply, undefined, undefined, () => {}); // the server may have ended
}
