import { RefusedError } from "../fetch/errors.ts";
import type { Releases } from "../store/coverage.ts";
import type { Context } from "./context.ts";
import { patiently } from "./health.ts";
import { isFailedQuestion, nameFailure } from "./unanswered.ts";

/**
 * The published months and the newest release, '' where that is not to be had. The first question
 * of a run is asked without patience: an address may be wrong.
 */
export async function askReleases(context: Context): Promise<Releases> {
  const { api, health, signal } = context;
  const published = await api.fetchMonths(signal).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    return patiently(health, signal, () => api.fetchMonths(signal));
  });
  return { published, release: (await findNewestRelease(context)) ?? "" };
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
