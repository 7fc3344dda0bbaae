import type { Releases } from "../store/coverage.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { isFailedQuestion, nameFailure } from "./unanswered.ts";

/** The published months and the newest release, '' where that is not to be had. */
export async function askReleases(context: Context): Promise<Releases> {
  const published = await askPublished(context);
  return { published, release: (await findNewestRelease(context)) ?? "" };
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
