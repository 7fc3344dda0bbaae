import type { MiddlewareHandler } from "hono";

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
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Lets through only what this machine's user asks for. A page of elsewhere may point its own name
 * at 127.0.0.1 (DNS rebinding): then the Host header gives it away. `port` is known once we listen.
 */
export function createGuard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const refusal = refuse(context.req.raw, port());
    if (refusal !== undefined) context.res = context.text(refusal.text, refusal.status);
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-cache");
  };
}

type Refusal = { status: 403 | 405; text: string };

function refuse({ method, headers }: Request, port: number): Refusal | undefined {
  const host = (headers.get("host") ?? "").toLowerCase();
  const isOurs = NAMES.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
  if (!isOurs) return { status: 403, text: "this address is not one of ukpolice browse\n" };
  // Pages of elsewhere may link here, but not load what is here.
  const isForeign = headers.get("sec-fetch-site") === "cross-site";
  if (isForeign && headers.get("sec-fetch-mode") !== "navigate")
    return { status: 403, text: "only pages of ukpolice browse may load this\n" };
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, text: "everything here is read-only\n" };
  return undefined;
}
