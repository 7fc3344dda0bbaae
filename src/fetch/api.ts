import { throwIfStopped } from "../errors.ts";
import type { Category, Crime, Force, Month, Neighbourhood, Outcome, Ring } from "../types.ts";
import { InvalidReplyError, RejectedError } from "./errors.ts";
import { checkMonth, parseReply, replies, toCategories, toCrime, toOutcome } from "./replies.ts";
import { toForces, toNeighbourhoods, toRing } from "./replies.ts";
import { createQueue } from "./queue.ts";
import type { QueueOptions } from "./queue.ts";

/** The longest GET that the API takes, path and query (https://data.police.uk/docs/method/crime-street/). */
const MAX_GET = 4094;
/** The first question of a run: an address that is wrong shall be known soon. */
const FIRST_RETRIES = 3;

/** An area and a month to ask for. */
export type Question = { ring: Ring; month: Month };

export type Api = {
  /** Months with data, newest first. https://data.police.uk/docs/method/crimes-street-dates/ */
  fetchMonths(signal: AbortSignal): Promise<Month[]>;
  /** Day of the newest release, `YYYY-MM-DD`. https://data.police.uk/docs/method/crime-last-updated/ */
  fetchLastUpdated(signal: AbortSignal): Promise<string>;
  /** One cheap attempt at `/crime-last-updated`, ahead of the queue: whether the API answers at all. */
  probe(signal: AbortSignal): Promise<boolean>;
  /** https://data.police.uk/docs/method/crime-categories/ */
  fetchCategories(month: Month, signal: AbortSignal): Promise<Category[]>;
  /** https://data.police.uk/docs/method/forces/ */
  fetchForces(signal: AbortSignal): Promise<Force[]>;
  /** https://data.police.uk/docs/method/neighbourhoods/ */
  fetchNeighbourhoods(forceId: string, signal: AbortSignal): Promise<Neighbourhood[]>;
  /** Null where there is none (404 or empty). https://data.police.uk/docs/method/neighbourhood-boundary/ */
  fetchBoundary(forceId: string, id: string, signal: AbortSignal): Promise<Ring | null>;
  /** https://data.police.uk/docs/method/crime-street/ */
  fetchCrimes(question: Question, signal: AbortSignal): Promise<Crime[]>;
  /** https://data.police.uk/docs/method/outcomes-at-location/ */
  fetchOutcomes(question: Question, signal: AbortSignal): Promise<Outcome[]>;
  /** Ends connections and whatever still runs on them. */
  close(): Promise<void>;
};

/** The API as typed questions: every attempt waits for a place in the queue and a token. */
export function createApi(options: QueueOptions): Api {
  const { ask, close } = createQueue(options);

  async function askArea(path: string, { ring, month }: Question, signal: AbortSignal) {
    const poly = ring.map(formatPoint).join(":");
    const full = `${path}?date=${month}&poly=${poly}`;
    const fits = options.baseUrl.pathname.length + full.length <= MAX_GET;
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
      try {
        await ask({ path: "/crime-last-updated" }, signal, { retries: 0, ahead: true });
        return true;
      } catch {
        throwIfStopped(signal);
        return false;
      }
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
    async fetchCrimes(question, signal) {
      const path = "/crimes-street/all-crime";
      const crimes = parseReply(path, replies.crimes, await askArea(path, question, signal));
      checkMonth(
        path,
        question.month,
        crimes.map((crime) => crime.month),
      );
      return crimes.map(toCrime);
    },
    async fetchOutcomes(question, signal) {
      const path = "/outcomes-at-location";
      const outcomes = parseReply(path, replies.outcomes, await askArea(path, question, signal));
      checkMonth(
        path,
        question.month,
        outcomes.map((outcome) => outcome.date),
      );
      return outcomes.map(toOutcome);
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
