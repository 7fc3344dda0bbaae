import { format } from "date-fns/format";
import { parseISO } from "date-fns/parseISO";
import type { Month } from "../types.ts";

/** `May 2018` of `2018-05`. */
export function nameMonth(month: Month): string {
  return format(parseISO(month), "MMMM yyyy");
}
