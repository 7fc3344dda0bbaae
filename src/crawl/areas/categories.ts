import { UkpoliceError } from "../../errors.ts";
import type { Month } from "../../types.ts";
import type { Context } from "../context.ts";
import { patiently } from "../health.ts";

/**
 * Crime records carry a category's id alone. Asks for the names of a month's categories when
 * the database lacks one; a crawl does not fail for a name.
 */
export async function nameCategories(context: Context, month: Month | undefined): Promise<void> {
  const { api, store, reporter, signal, health } = context;
  if (month === undefined || !store.areas.lacksCategoryNames()) return;
  try {
    const names = await patiently(health, signal, () => api.fetchCategories(month, signal));
    store.areas.saveCategories(names);
  } catch (error) {
    if (signal.aborted || !(error instanceof UkpoliceError)) throw error;
    reporter.warn(`the names of the crime categories could not be fetched: ${error.message}`);
  }
}
