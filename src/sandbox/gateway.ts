import { usageError } from "../errors.ts";

const ENDS = ["504", "502", "reset", "silence"] as const;

const DAY_SECONDS = 24 * 3600;

/** How a gateway ends a request: by a status, a closed socket, or no answer at all. */
export type GatewayEnd = (typeof ENDS)[number];

/** A gateway that gives up on areas of more than `above` records, up to `to` where that is said. */
export type Gateway = { above: number; to?: number; end: GatewayEnd };

/** Areas of more than so many records are answered only after so many seconds. */
export type Slow = { above: number; seconds: number };

/** Reads `8000`, `8000:reset` or `8000..10000:reset`; anything else is wrong usage. */
export function parseGateway(text: string): Gateway {
  const match = /^(\d+)(?:\.\.(\d+))?(?::(\w+))?$/.exec(text);
  const [, above, to, named = "504"] = match ?? [];
  const end = ENDS.find((one) => one === named);
  if (match !== null && end !== undefined) {
    return { above: Number(above), ...(to === undefined ? {} : { to: Number(to) }), end };
  }
  throw usageError(
    `--gateway ${text} is not N, N:END or N..M:END, as in 8000:504; ends are ${ENDS.join(", ")}`,
  );
}

/** Reads `5000:20`; anything else is wrong usage. */
export function parseSlow(text: string): Slow {
  const match = /^(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  const seconds = Number(match?.[2]);
  if (match !== null && seconds <= DAY_SECONDS) return { above: Number(match[1]), seconds };
  throw usageError(`--slow ${text} is not N:SECONDS, as in 5000:20, and at most a day`);
}
