import { InvalidReplyError } from "../fetch/errors.ts";
import { canBePublished } from "../police-api.ts";
import type { Month } from "../types.ts";
import type { Releases } from "../store/coverage.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { isFailedQuestion, nameFailure } from "./unanswered.ts";

/** The published months and the newest release, '' where that is not to be had. */
export async function askReleases(context: Context): Promise<Releases> {
  const published = await askPublished(context);
  return { published, release: (await findNewestRelease(context)) ?? "" };
}

/** Asks which months are published; those that cannot be are left out, and named. */
export async function askMonths(context: Omit<Context, "askMonths">): Promise<Month[]> {
  const { api, health, signal, unanswered } = context;
  const listed = await patiently(health, signal, () => api.fetchMonths(signal));
  const months = listed.filter((month) => canBePublished(month));
  if (months.length === 0) {
    const what = `no month that there can be, as ${listed[0]}; is the clock of this machine right?`;
    throw new InvalidReplyError("/crimes-street-dates", what);
  }
  const odd = listed.filter((month) => !months.includes(month));
  if (odd.length > 0) {
    const reason = `it names what cannot be: ${odd.slice(0, 5).join(", ")}; is the clock of this machine right?`;
    unanswered.add({ question: "the list of months", reason });
  }
  return months;
}

/** What an earlier run was told stands in, where that question alone has no answer. */
async function askPublished({ api, store, signal, unanswered, askMonths }: Context) {
  try {
    return await askMonths();
  } catch (error) {
    const known = store.coverage.findReleases(Infinity);
    if (!isFailedQuestion(error) || known === undefined) throw error;
    if ((await api.probe(signal)) !== "up") throw error; // another address, perhaps
    unanswered.add(nameFailure("the list of months", error));
    return known.published;
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
