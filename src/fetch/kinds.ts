import type { Kind, Month, Records } from "../types.ts";
import { checkMonth, parseReply, replies, toCrime, toOutcome } from "./replies.ts";

/** How a kind of record is asked for by area, and how the reply is read. */
export type Endpoint<R> = {
  path: string;
  /** Throws an InvalidReplyError where the reply is not of its shape, or of another month. */
  read(path: string, month: Month, reply: unknown): R[];
};

/** https://data.police.uk/docs/method/crime-street/ */
const crimes: Endpoint<Records["crimes"]> = {
  path: "/crimes-street/all-crime",
  read(path, month, reply) {
    const found = parseReply(path, replies.crimes, reply);
    for (const crime of found) checkMonth(path, month, crime.month);
    return found.map(toCrime);
  },
};

/** https://data.police.uk/docs/method/outcomes-at-location/ */
const outcomes: Endpoint<Records["outcomes"]> = {
  path: "/outcomes-at-location",
  read(path, month, reply) {
    const found = parseReply(path, replies.outcomes, reply);
    for (const { date } of found) checkMonth(path, month, date);
    return found.map(toOutcome);
  },
};

export const ENDPOINTS: { [K in Kind]: Endpoint<Records[K]> } = { crimes, outcomes };
