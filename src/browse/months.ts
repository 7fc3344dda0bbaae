import { format } from "date-fns/format";
import { parseISO } from "date-fns/parseISO";
import { isMonth } from "../months.ts";
import type { Month } from "../types.ts";

/** `May 2018` of `2018-05`. */
export function nameMonth(month: Month): string {
  if (!isMonth(month)) return month; // of a database that no crawl wrote
  return format(parseISO(month), "MMMM yyyy");
}
