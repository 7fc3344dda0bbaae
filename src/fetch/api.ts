import { throwIfStopped } from "../errors.ts";
import { LONGEST_GET, MOST_BYTES_OF_FORCE } from "../police-api.ts";
import type { Category, Force, Kind, Month, Neighbourhood, Records, Ring } from "../types.ts";
import type { Published } from "../types.ts";
import { InvalidReplyError, looksBlocked, RejectedError } from "./errors.ts";
import { ENDPOINTS } from "./kinds.ts";
import { parseReply, replies, toCategories } from "./replies.ts";
import { toForces, toNeighbourhoods, toPublished, toRing } from "./replies.ts";
import { createQueue } from "./queue.ts";
import type { AskOptions, Pace, QueueOptions } from "./queue.ts";

/** Questions that cost the API little; that one of them alone fails is not an outage. */
const CHEAP = ["/crime-last-updated", "/forces"];
const CHEAP_MS = 30_000;
const LONG_PAUSE_MS = 60_000;
/** The first question of a run: an address that is wrong shall be known soon. */
const FIRST_RETRIES = 1;
/** Lists are short: who waits long for one waits for nothing. */
const LIST = { timeoutMs: CHEAP_MS, gatewayRetries: 2 };

/** An area and a month to ask for. */
export type AreaQuery = { ring: Ring; month: Month };
/** A force and a month to ask for: what it publishes and no area has. */
export type ForceQuery = { forceId: string; month: Month };

export type Api = {
  /** What is published, newest month first. https://data.police.uk/docs/method/crimes-street-dates/ */
  fetchPublished(signal: AbortSignal): Promise<Published>;
  /** Day of the newest release, `YYYY-MM-DD`. https://data.police.uk/docs/method/crime-last-updated/ */
  fetchLastUpdated(signal: AbortSignal): Promise<string>;
  /** Cheap attempts, ahead of the queue: whether the API answers at all, or blocks us. */
  probe(signal: AbortSignal): Promise<"up" | "down" | "blocked">;
  pace: Pace;
  /** https://data.police.uk/docs/method/crime-categories/ */
  fetchCategories(month: Month, signal: AbortSignal): Promise<Category[]>;
  /** https://data.police.uk/docs/method/forces/ */
  fetchForces(signal: AbortSignal): Promise<Force[]>;
  /** https://data.police.uk/docs/method/neighbourhoods/ */
  fetchNeighbourhoods(forceId: string, signal: AbortSignal): Promise<Neighbourhood[]>;
  /** Null where there is none (404 or empty). https://data.police.uk/docs/method/neighbourhood-boundary/ */
  fetchBoundary(forceId: string, id: string, signal: AbortSignal): Promise<Ring | null>;
  /** The records of an area or a force, and a month; the pages of each kind are named in kinds.ts. */
  fetchRecords<K extends Kind>(
    kind: K,
    question: AreaQuery | ForceQuery,
    signal: AbortSignal,
    options?: AskOptions,
  ): Promise<Records[K][]>;
  /** Ends connections and whatever still runs on them. */
  close(): Promise<void>;
};

type AreaQuestion = AreaQuery & { path: string; signal: AbortSignal; how: AskOptions };

/** The API as typed questions: every attempt waits for a place in the queue and a token. */
export function createApi(options: QueueOptions): Api {
  const { ask, close, pace } = createQueue(options);

  /** By GET where the request line is short enough, and by POST where that is refused all the same. */
  async function askArea(area: AreaQuestion): Promise<unknown> {
    const { path, signal, how } = area;
    const query = `date=${area.month}&poly=${area.ring.map(formatPoint).join(":")}`;
    const full = `${path}?${query}`;
    const post = () => ask({ path, form: query }, signal, how);
    if (options.baseUrl.pathname.length + full.length > LONGEST_GET) return post();
    return ask({ path: full }, signal, how).catch((error: unknown) => {
      if (error instanceof RejectedError && error.status === 400) return post();
      throw error;
    });
  }

  return {
    async fetchPublished(signal) {
      const path = "/crimes-street-dates";
      const reply = await ask({ path }, signal, {
        ...LIST,
        retries: FIRST_RETRIES,
        gatewayRetries: FIRST_RETRIES,
      });
      return toPublished(parseReply(path, replies.months, reply));
    },
    async fetchLastUpdated(signal) {
      const path = "/crime-last-updated";
      return parseReply(path, replies.lastUpdated, await ask({ path }, signal, LIST)).date;
    },
    async probe(signal) {
      let isBlocked = false;
      for (const path of CHEAP) {
        try {
          await ask({ path }, signal, { retries: 0, ahead: true, timeoutMs: CHEAP_MS });
          return "up";
        } catch (error) {
          throwIfStopped(signal);
          isBlocked ||= looksBlocked(error);
          if (pace.pausedMs() > LONG_PAUSE_MS) break; // the next would wait for as long
        }
      }
      return isBlocked ? "blocked" : "down";
    },
    async fetchCategories(month, signal) {
      const path = `/crime-categories?date=${month}`;
      return toCategories(parseReply(path, replies.categories, await ask({ path }, signal, LIST)));
    },
    async fetchForces(signal) {
      return toForces(
        parseReply("/forces", replies.forces, await ask({ path: "/forces" }, signal, LIST)),
      );
    },
    async fetchNeighbourhoods(forceId, signal) {
      const path = `/${segment(forceId)}/neighbourhoods`;
      return toNeighbourhoods(
        parseReply(path, replies.neighbourhoods, await ask({ path }, signal, LIST)),
      );
    },
    async fetchBoundary(forceId, id, signal) {
      const path = `/${segment(forceId)}/${segment(id)}/boundary`;
      const reply = await ask({ path }, signal, LIST).catch(nullIfMissing);
      const ring = reply === null ? [] : toRing(parseReply(path, replies.boundary, reply));
      return ring.length === 0 ? null : ring;
    },
    async fetchRecords(kind, question, signal, how = {}) {
      const { month } = question;
      const { byArea, byForce } = ENDPOINTS[kind];
      const endpoint = "ring" in question ? byArea : byForce;
      if (endpoint === null) throw new TypeError(`${kind} are not asked for like that`);
      const { path, read } = endpoint;
      if ("ring" in question) {
        return read(path, month, await askArea({ ...question, path, signal, how }));
      }
      const query = `force=${encodeURIComponent(question.forceId)}&date=${month}`;
      const full = `${path}${path.includes("?") ? "&" : "?"}${query}`;
      const request = { path: full, mostBytes: MOST_BYTES_OF_FORCE };
      return read(full, month, await ask(request, signal, how));
    },
    pace,
    close,
  };
}

/** Encodes one segment of a path; `.` and `..` would be another path and are refused. */
function segment(id: string): string {
  if (id === "." || id === "..") throw new InvalidReplyError("/neighbourhoods", `the id '${id}'`);
  return encodeURIComponent(id);
}

/** `latitude,longitude`, never in exponential notation: near Greenwich longitudes are tiny. */
function formatPoint({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `${formatDegrees(latitude)},${formatDegrees(longitude)}`;
}

function formatDegrees(degrees: number): string {
  const plain = String(degrees);
  return plain.includes("e") ? degrees.toFixed(20).replace(/0+$/, "").replace(/\.$/, "") : plain;
}

function nullIfMissing(error: unknown): null {
  if (error instanceof RejectedError && error.status === 404) return null;
  throw error;
}
