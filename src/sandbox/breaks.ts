import { usageError } from "../errors.ts";
import { segmentsOf } from "./answer.ts";
import type { ApiRequest } from "./answer.ts";
import { elsewhere } from "./lies.ts";
import type { HttpReply } from "./reply.ts";

/** An endpoint, and all below it, that is always broken; where it names parameters, if they are asked. */
export type Break = { path: string; by: number | "redirect" | "error" | "none" };

/** Reads `/forces=502,/stops-force?force=kent=error`; anything else is wrong usage. */
export function parseBreaks(text: string): Break[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [, path = "", by = ""] = /^(\/.*)=([^=]*)$/.exec(piece) ?? [];
      if (path !== "" && isWord(by)) return { path, by };
      if (path !== "" && /^[45]\d\d$/.test(by)) return { path, by: Number(by) };
      throw usageError(
        `--break ${piece} is not PATH=STATUS, as in /forces=502; ` +
          "a status is from 400 to 599, or redirect, error or none",
      );
    });
}

function isWord(by: string): by is "redirect" | "error" | "none" {
  return by === "redirect" || by === "error" || by === "none";
}

/** What a request of a broken endpoint is answered; the first break that fits decides. */
export function replyBroken(
  breaks: readonly Break[],
  asked: ApiRequest & { url: URL },
): HttpReply | undefined {
  const found = breaks.find((one) => isBelow(asked, one.path));
  if (found === undefined) return undefined;
  const { by } = found;
  if (by === "redirect") return broken(302, "", { location: elsewhere(asked.url) });
  if (by === "error") return broken(200, JSON.stringify({ error: "Something went wrong" }));
  return by === "none" ? broken(200, "[]") : broken(by, "");
}

function broken(status: number, body: string, headers: Record<string, string> = {}): HttpReply {
  return { obstacle: "break", status, headers, body: () => body };
}

/** Whole segments count: /kent/K1 is not above /kent/K10. */
function isBelow({ path, params }: ApiRequest, above: string): boolean {
  const [abovePath = "", query] = above.split("?");
  const segments = segmentsOf(path);
  return (
    segmentsOf(abovePath.replace(/\/$/, "")).every((segment, at) => segment === segments[at]) &&
    [...new URLSearchParams(query)].every(([name, value]) => params.get(name) === value)
  );
}
