import { usageError } from "../errors.ts";

/** A span of time in which the API is down, in seconds from the start; `to` may be infinite. */
export type Outage = { from: number; to: number };

/** Reads `30..150,300..`; anything else is wrong usage. */
export function parseOutages(text: string): Outage[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const match = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)?$/.exec(piece);
      const from = Number(match?.[1]);
      const to = match?.[2] === undefined ? Infinity : Number(match[2]);
      if (match !== null && from < to) return { from, to };
      throw usageError(
        `--outage ${piece} is not FROM..TO, in seconds from the start, as in 30..150; ` +
          "30.. is for good",
      );
    });
}

/** Tells whether an outage is on; time begins now. */
export function createClock(
  outages: readonly Outage[],
  now: () => number = () => performance.now(),
): () => boolean {
  const startMs = now();
  return () => {
    const at = (now() - startMs) / 1000;
    return outages.some(({ from, to }) => at >= from && at < to);
  };
}
