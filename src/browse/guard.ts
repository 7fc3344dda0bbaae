import type { HonoRequest, MiddlewareHandler } from "hono";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Record<string, string> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Addresses of what is saved, or read by our scripts. */
const NO_PAGE = /\/csv$|^\/data\/|^\/progress\/events$/;

const FRAMES = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

const NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Lets through only what this machine's user asks for. A page of elsewhere may point its own name
 * at 127.0.0.1 (DNS rebinding): then the Host header gives it away. `port` is known once we listen.
 */
export function createGuard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const refusal = refuse(context.req, port());
    if (refusal !== undefined) context.res = context.text(refusal.text, refusal.status);
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-cache");
  };
}

type Refusal = { status: 403 | 405; text: string };

function refuse({ raw, path }: HonoRequest, port: number): Refusal | undefined {
  const { method, headers } = raw;
  const host = (headers.get("host") ?? "").toLowerCase();
  const isOurs = NAMES.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
  if (!isOurs) return { status: 403, text: "this address is not one of ukpolice browse\n" };
  if (FRAMES.has(headers.get("sec-fetch-dest") ?? ""))
    return { status: 403, text: "pages of ukpolice browse are not shown in frames\n" };
  // Pages of elsewhere may link to pages, but neither load nor save what is here.
  const isLink = headers.get("sec-fetch-mode") === "navigate" && !NO_PAGE.test(path);
  if (isForeign(headers) && !isLink)
    return { status: 403, text: "only pages of ukpolice browse may load this\n" };
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, text: "everything here is read-only\n" };
  return undefined;
}

/** A page of another port of this machine is another site's, too. */
function isForeign(headers: Headers): boolean {
  return !["same-origin", "none", null].includes(headers.get("sec-fetch-site"));
}

/**
 * Whether a request may run a statement: our own page's, one whose address the user typed or kept,
 * and that of a program which is no browser. A browser that says nothing of the page that asks may
 * do it for any page.
 */
export function mayRun({ headers }: Request): boolean {
  const isSilent = headers.get("sec-fetch-site") === null;
  const isBrowser = headers.get("user-agent")?.startsWith("Mozilla/") === true;
  return !isForeign(headers) && !(isSilent && isBrowser);
}
