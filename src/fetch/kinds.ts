import type { Kind, Month, Records } from "../types.ts";
import {
  checkDay,
  checkMonth,
  parseReply,
  replies,
  toCrime,
  toOutcome,
  toStop,
} from "./replies.ts";

/** One way of asking for records of a kind, and how the reply is read. */
export type Endpoint<R> = {
  path: string;
  /** Throws an InvalidReplyError where the reply is not of its shape, or of another month. */
  read(path: string, month: Month, reply: unknown): R[];
};

/** How a kind is asked for: by area, by the force that publishes it, or both, each for some of it. */
export type Endpoints<R> = { byArea: Endpoint<R> | null; byForce: Endpoint<R> | null };

function readCrimes(path: string, month: Month, reply: unknown): Records["crimes"][] {
  const found = parseReply(path, replies.crimes, reply);
  for (const crime of found) checkMonth(path, month, crime.month);
  return found.map(toCrime);
}

/** Those without a location lie in no area. */
const crimes: Endpoints<Records["crimes"]> = {
  /** https://data.police.uk/docs/method/crime-street/ */
  byArea: { path: "/crimes-street/all-crime", read: readCrimes },
  /** https://data.police.uk/docs/method/crimes-no-location/ */
  byForce: { path: "/crimes-no-location?category=all-crime", read: readCrimes },
};

const outcomes: Endpoints<Records["outcomes"]> = {
  /** https://data.police.uk/docs/method/outcomes-at-location/ */
  byArea: {
    path: "/outcomes-at-location",
    read(path, month, reply) {
      const found = parseReply(path, replies.outcomes, reply);
      for (const { date } of found) checkMonth(path, month, date);
      return found.map(toOutcome);
    },
  },
  byForce: null,
};

/** All stops of a force, those without a location among them. */
const stops: Endpoints<Records["stops"]> = {
  byArea: null,
  /** https://data.police.uk/docs/method/stops-force/ */
  byForce: {
    path: "/stops-force",
    read(path, month, reply) {
      const found = parseReply(path, replies.stops, reply);
      for (const { datetime } of found) checkDay(path, month, datetime);
      return found.map((stop) => toStop(stop, month));
    },
  },
};

export const ENDPOINTS: { [K in Kind]: Endpoints<Records[K]> } = { crimes, outcomes, stops };
