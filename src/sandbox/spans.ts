import { usageError } from "../errors.ts";

/** A span of time, in seconds from the start; `to` may be infinite. */
export type Span = { from: number; to: number };

/** Reads `30..150,300..`; anything else is wrong usage. */
export function parseSpans(option: string, text: string): Span[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const match = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)?$/.exec(piece);
      const from = Number(match?.[1]);
      const to = match?.[2] === undefined ? Infinity : Number(match[2]);
      if (match !== null && from < to) return { from, to };
      throw usageError(
        `--${option} ${piece} is not FROM..TO, in seconds from the start, as in 30..150; ` +
          "30.. is for good",
      );
    });
}

/** Whether a moment, in seconds from the start, lies in one of the spans. */
export function isWithin(spans: readonly Span[], seconds: number): boolean {
  return spans.some(({ from, to }) => seconds >= from && seconds < to);
}
