import { usageError } from "../errors.ts";
import { segmentsOf } from "./answer.ts";
import { elsewhere } from "./lies.ts";
import type { HttpReply } from "./reply.ts";

/** An endpoint, and all below it, that is always broken. */
export type Break = { path: string; by: number | "redirect" | "error" };

/** Reads `/forces=502,/kent/K1/boundary=error`; anything else is wrong usage. */
export function parseBreaks(text: string): Break[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [, path = "", by = ""] = /^(\/.*)=([^=]*)$/.exec(piece) ?? [];
      if (path !== "" && (by === "redirect" || by === "error")) return { path, by };
      if (path !== "" && /^[45]\d\d$/.test(by)) return { path, by: Number(by) };
      throw usageError(
        `--break ${piece} is not PATH=STATUS, as in /forces=502; ` +
          "a status is from 400 to 599, or redirect or error",
      );
    });
}

/** What a request of a broken endpoint is answered; the first break that fits decides. */
export function replyBroken(
  breaks: readonly Break[],
  path: string,
  url: URL,
): HttpReply | undefined {
  const found = breaks.find((one) => isBelow(path, one.path));
  if (found === undefined) return undefined;
  const { by } = found;
  if (by === "redirect") return broken(302, "", { location: elsewhere(url) });
  if (by === "error") return broken(200, JSON.stringify({ error: "Something went wrong" }));
  return broken(by, "");
}

function broken(status: number, body: string, headers: Record<string, string> = {}): HttpReply {
  return { obstacle: "break", status, headers, body: () => body };
}

/** Whole segments count: /kent/K1 is not above /kent/K10. */
function isBelow(path: string, above: string): boolean {
  const segments = segmentsOf(path);
  return segmentsOf(above.replace(/\/$/, "")).every((segment, at) => segment === segments[at]);
}
