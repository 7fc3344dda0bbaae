import type { Point } from "../types.ts";
import type { Answered, ApiRequest } from "./answer.ts";
import { createBlock } from "./blocks.ts";
import type { BlockOptions } from "./blocks.ts";
import { replyBroken } from "./breaks.ts";
import type { Break } from "./breaks.ts";
import type { Gateway, Slow } from "./gateway.ts";
import { latencyMs, patienceSeconds, refusalMs } from "./latency.ts";
import type { Latency } from "./latency.ts";
import { createLimiter, limitOf, LONGEST_LINE, MAX_RECORDS } from "./limits.ts";
import type { Limit } from "./limits.ts";
import { bare } from "./reply.ts";
import type { HttpReply, Obstacle } from "./reply.ts";
import { createRandom } from "./shares.ts";
import { isWithin } from "./spans.ts";
import type { Span } from "./spans.ts";
import { kindOf, subjectOf } from "./subjects.ts";
import { holds } from "./trouble.ts";
import { monthsAt } from "./window.ts";
import type { WindowOptions } from "./window.ts";
import type { World } from "./world.ts";

export type ObstacleOptions = BlockOptions &
  WindowOptions & {
    world: World;
    latency?: Latency | undefined;
    /** Whether the API's rate is enforced; on unless said otherwise. */
    limited?: boolean | undefined;
    /** When everything is 503. */
    outages?: readonly Span[] | undefined;
    /** While it is true, everything gets 503. */
    isDown?: (() => boolean) | undefined;
    /** Most characters of a request line; 4,094 unless it is said. */
    longestLine?: number | undefined;
    breaks?: readonly Break[] | undefined;
    /** Areas that hold this point always fail with 500. */
    failArea?: Point | undefined;
    gateway?: Gateway | undefined;
    /** In seconds; 30 at live latency, 0 without any, unless it is said. */
    gatewayAfter?: number | undefined;
    limit?: Limit | undefined;
    slow?: Slow | undefined;
    seed?: number | undefined;
    /** The time in milliseconds, for tests that do not want to wait. */
    now?: (() => number) | undefined;
  };

/** A request, and what it would be answered if nothing stood in its way. */
export type Incoming = ApiRequest & {
  url: URL;
  line: string;
  /** Since the sandbox started. */
  seconds: number;
  truth: Answered;
};

/** The reply of an obstacle that a request meets; undefined where it meets none. */
type Decider = (asked: Incoming) => HttpReply | undefined;

/** Decides what stands in a request's way; to be asked once for every request. */
export function createObstacles(options: ObstacleOptions): Decider {
  const deciders = [...inFront(options), ...inTime(options), bySize(options)];
  return (asked) => {
    for (const decide of deciders) {
      const reply = decide(asked);
      if (reply !== undefined) return reply;
    }
    return undefined;
  };
}

/** What every request meets, whatever it asks for. */
function inFront(options: ObstacleOptions): Decider[] {
  const { limited = true, isDown, outages = [], breaks = [], failArea } = options;
  const { longestLine = LONGEST_LINE } = options;
  const block = createBlock(options);
  const isWithinRate = limited ? createLimiter(options.now) : () => true;
  return [
    ({ seconds }) => block(seconds),
    when("rate", 429, () => !isWithinRate()),
    when("outage", 503, ({ seconds }) => isWithin(outages, seconds) || isDown?.() === true),
    when("longest-line", 400, ({ line }) => line.length > longestLine),
    (asked) => replyBroken(breaks, asked),
    when("fail-area", 500, (asked) => failArea !== undefined && holds(asked, failArea)),
  ];
}

/** Months that have left, and months that have not come yet. */
function inTime(options: ObstacleOptions): Decider[] {
  const { world, windowMoves = Infinity, empty = [] } = options;
  const [oldest] = monthsAt(world.months, options, 0);
  const isEmpty = ({ truth, seconds }: Incoming) =>
    empty.some(({ month, seconds: end }) => month === truth.month && seconds < end);
  return [
    ({ truth: { month, status }, seconds }) => {
      const isOldest = month !== undefined && month === oldest;
      const hasMoved = isOldest && seconds >= windowMoves;
      return hasMoved ? { ...bare(status), obstacle: "window-moves" } : undefined;
    },
    (asked) =>
      asked.truth.status === 200 && isEmpty(asked)
        ? { obstacle: "empty", status: 200, body: () => "[]" }
        : undefined,
  ];
}

/**
 * What areas meet that hold too much: the gateway in front first, since it hides the rest. All the
 * records of a force come soon, and have no limit: they can be slow, no more.
 */
function bySize(options: ObstacleOptions): Decider {
  const { latency = "none", limit = MAX_RECORDS, gateway, slow, seed = 1 } = options;
  const { gatewayAfter = patienceSeconds(latency) } = options;
  const draw = createRandom(seed + 2);
  return ({ path, truth: { status, records, body } }) => {
    const subject = subjectOf(path);
    if (subject === undefined || status !== 200) return undefined;
    const kind = kindOf(path);
    if (kind !== undefined && isIn(gateway, records)) return giveUp(gateway, gatewayAfter * 1000);
    if (kind !== undefined && records > limitOf(limit, kind)) {
      return { ...bare(503), obstacle: "limit", waitMs: refusalMs(latency, records, draw()) };
    }
    if (slow === undefined || records <= slow.above) return undefined;
    const waitMs = Math.max(slow.seconds * 1000, latencyMs(latency, records, subject));
    return { obstacle: "slow", status, body, waitMs };
  };
}

function isIn(gateway: Gateway | undefined, records: number): gateway is Gateway {
  if (gateway === undefined) return false;
  return records > gateway.above && records <= (gateway.to ?? Infinity);
}

function giveUp({ end }: Gateway, waitMs: number): HttpReply {
  const reply = { obstacle: "gateway" as const, waitMs };
  if (end === "502" || end === "504") return { ...bare(Number(end)), ...reply };
  return { ...bare(0), ...reply, ending: end === "reset" ? "reset" : "hang" };
}

function when(obstacle: Obstacle, status: number, isMet: (asked: Incoming) => boolean): Decider {
  return (asked) => (isMet(asked) ? { ...bare(status), obstacle } : undefined);
}
