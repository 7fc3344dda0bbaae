import { InvalidReplyError } from "../fetch/errors.ts";
import { canBePublished } from "../police-api.ts";
import type { Releases } from "../store/coverage.ts";
import type { Published } from "../types.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { isFailedQuestion, nameFailure } from "./unanswered.ts";

/** The published months and the newest release, '' where that is not to be had. */
export async function askReleases(context: Context): Promise<Releases> {
  const listed = await askPublished(context);
  return { ...listed, release: (await findNewestRelease(context)) ?? "" };
}

/** Forces that publish stops in some month; not all of them are in the list of forces. */
export function listPublishers({ stops }: Published): string[] {
  return [...new Set([...stops.values()].flat())].sort();
}

/** Asks what is published; months that cannot be are left out, and named. */
export async function learnPublished(context: Omit<Context, "askPublished">): Promise<Published> {
  const { api, health, signal, unanswered } = context;
  const listed = await patiently(health, signal, () => api.fetchPublished(signal));
  const published = listed.published.filter((month) => canBePublished(month));
  const odd = listed.published.filter((month) => !published.includes(month));
  if (published.length === 0) {
    const what = `no month that there can be, as ${odd[0]}; is the clock of this machine right?`;
    throw new InvalidReplyError("/crimes-street-dates", what);
  }
  if (odd.length > 0) {
    const reason = `it names what cannot be: ${odd.slice(0, 5).join(", ")}; is the clock of this machine right?`;
    unanswered.add({ question: "the list of months", reason });
  }
  return { ...listed, published };
}

/** What an earlier run was told stands in, where that question alone has no answer. */
async function askPublished(context: Context): Promise<Published> {
  const { api, store, signal, unanswered } = context;
  try {
    return await context.askPublished();
  } catch (error) {
    const known = store.coverage.findReleases(Infinity);
    if (!isFailedQuestion(error) || known === undefined) throw error;
    if ((await api.probe(signal)) !== "up") throw error; // another address, perhaps
    unanswered.add(nameFailure("the list of months", error));
    return known;
  }
}

/** The API's newest release; undefined where that question alone has no answer. */
export async function findNewestRelease(context: Context): Promise<string | undefined> {
  const { api, health, signal, unanswered } = context;
  try {
    return await patiently(health, signal, () => api.fetchLastUpdated(signal));
  } catch (error) {
    if (!isFailedQuestion(error)) throw error;
    unanswered.add(nameFailure("the date of the newest release", error));
    return undefined;
  }
}
