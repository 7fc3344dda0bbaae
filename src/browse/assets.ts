import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Env, Hono } from "hono";
import { VENDOR } from "./vendor.ts";

const WEB = new URL("../../web/", import.meta.url);
const { resolve } = createRequire(import.meta.url);

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".geojson": "application/geo+json",
};

/**
 * Serves web/ under /assets and the files of packages under /vendor. What there is, is listed
 * once: no path of a request reaches the file system.
 */
export function addAssets<E extends Env>(app: Hono<E>): void {
  for (const name of readdirSync(WEB)) {
    if (TYPES[extname(name)] !== undefined)
      serveFile(app, `/assets/${name}`, () => fileURLToPath(new URL(name, WEB)));
  }
  for (const [name, file] of Object.entries(VENDOR))
    serveFile(app, `/vendor/${name}`, () => resolve(file));
}

/** Read at each request, so that a change shows; the ETag spares the browser the rest. */
function serveFile<E extends Env>(app: Hono<E>, path: string, locate: () => string): void {
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  app.get(path, (context) => {
    const content = readFileSync(locate());
    const etag = `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    const headers = { "content-type": type, etag, "cache-control": "no-cache" };
    if (context.req.header("if-none-match") === etag) return context.body(null, 304, headers);
    return context.body(new Uint8Array(content), 200, headers);
  });
}
