import { throwIfStopped } from "../errors.ts";
import { LONGEST_GET } from "../police-api.ts";
import type { Category, Force, Kind, Month, Neighbourhood, Records, Ring } from "../types.ts";
import { InvalidReplyError, RejectedError } from "./errors.ts";
import { ENDPOINTS } from "./kinds.ts";
import { parseReply, replies, toCategories } from "./replies.ts";
import { toForces, toNeighbourhoods, toRing } from "./replies.ts";
import { createQueue } from "./queue.ts";
import type { QueueOptions } from "./queue.ts";

/** Questions that cost the API little; that one of them alone fails is not an outage. */
const CHEAP = ["/crime-last-updated", "/forces"];
/** The first question of a run: an address that is wrong shall be known soon. */
const FIRST_RETRIES = 3;

/** An area and a month to ask for. */
export type AreaQuery = { ring: Ring; month: Month };

export type Api = {
  /** Months with data, newest first. https://data.police.uk/docs/method/crimes-street-dates/ */
  fetchMonths(signal: AbortSignal): Promise<Month[]>;
  /** Day of the newest release, `YYYY-MM-DD`. https://data.police.uk/docs/method/crime-last-updated/ */
  fetchLastUpdated(signal: AbortSignal): Promise<string>;
  /** Cheap attempts, ahead of the queue: whether the API answers at all. */
  probe(signal: AbortSignal): Promise<boolean>;
  /** https://data.police.uk/docs/method/crime-categories/ */
  fetchCategories(month: Month, signal: AbortSignal): Promise<Category[]>;
  /** https://data.police.uk/docs/method/forces/ */
  fetchForces(signal: AbortSignal): Promise<Force[]>;
  /** https://data.police.uk/docs/method/neighbourhoods/ */
  fetchNeighbourhoods(forceId: string, signal: AbortSignal): Promise<Neighbourhood[]>;
  /** Null where there is none (404 or empty). https://data.police.uk/docs/method/neighbourhood-boundary/ */
  fetchBoundary(forceId: string, id: string, signal: AbortSignal): Promise<Ring | null>;
  /** The records of an area and month; the pages of each kind are named in kinds.ts. */
  fetchRecords<K extends Kind>(
    kind: K,
    question: AreaQuery,
    signal: AbortSignal,
  ): Promise<Records[K][]>;
  /** Ends connections and whatever still runs on them. */
  close(): Promise<void>;
};

/** The API as typed questions: every attempt waits for a place in the queue and a token. */
export function createApi(options: QueueOptions): Api {
  const { ask, close } = createQueue(options);

  async function askArea(path: string, { ring, month }: AreaQuery, signal: AbortSignal) {
    const poly = ring.map(formatPoint).join(":");
    const full = `${path}?date=${month}&poly=${poly}`;
    const fits = options.baseUrl.pathname.length + full.length <= LONGEST_GET;
    return ask(fits ? { path: full } : { path, form: `date=${month}&poly=${poly}` }, signal);
  }

  return {
    async fetchMonths(signal) {
      const path = "/crimes-street-dates";
      const reply = await ask({ path }, signal, { retries: FIRST_RETRIES });
      const months = parseReply(path, replies.months, reply);
      return months.map(({ date }) => date).sort((a, b) => (a < b ? 1 : -1));
    },
    async fetchLastUpdated(signal) {
      const path = "/crime-last-updated";
      return parseReply(path, replies.lastUpdated, await ask({ path }, signal)).date;
    },
    async probe(signal) {
      for (const path of CHEAP) {
        try {
          await ask({ path }, signal, { retries: 0, ahead: true });
          return true;
        } catch {
          throwIfStopped(signal);
        }
      }
      return false;
    },
    async fetchCategories(month, signal) {
      const path = `/crime-categories?date=${month}`;
      return toCategories(parseReply(path, replies.categories, await ask({ path }, signal)));
    },
    async fetchForces(signal) {
      return toForces(
        parseReply("/forces", replies.forces, await ask({ path: "/forces" }, signal)),
      );
    },
    async fetchNeighbourhoods(forceId, signal) {
      const path = `/${segment(forceId)}/neighbourhoods`;
      return toNeighbourhoods(
        parseReply(path, replies.neighbourhoods, await ask({ path }, signal)),
      );
    },
    async fetchBoundary(forceId, id, signal) {
      const path = `/${segment(forceId)}/${segment(id)}/boundary`;
      const reply = await ask({ path }, signal).catch(nullIfMissing);
      const ring = reply === null ? [] : toRing(parseReply(path, replies.boundary, reply));
      return ring.length === 0 ? null : ring;
    },
    async fetchRecords(kind, question, signal) {
      const { path, read } = ENDPOINTS[kind];
      return read(path, question.month, await askArea(path, question, signal));
    },
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
