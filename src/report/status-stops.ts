import { plural } from "../text.ts";
import type { Month } from "../types.ts";
import type { MonthStatus, StatusDocument } from "./status-shape.ts";
import { list, span } from "./summary.ts";

/** Months that lack stops that the API has. */
export function listLackingStops(months: readonly MonthStatus[]): MonthStatus[] {
  return months.filter(({ lacks_stops }) => lacks_stops.length > 0);
}

/** Whether a database is for stops, too: it was asked for some, or has some. */
export function isForStops({
  months,
  asked_kinds,
}: Omit<StatusDocument, "next" | "worth">): boolean {
  const isAsked = asked_kinds?.includes("stops") === true;
  return isAsked || months.some((month) => (month.forces_with_stops ?? 0) > 0);
}

/** What is said beside the number of stops: of whom they are, and who is lacking. */
export function noteStops(status: StatusDocument): string {
  if (!isForStops(status)) return ", never asked for";
  const { months } = status;
  const lacking = listLackingStops(months);
  const names = lacking.map(({ month, lacks_stops: lacks }) => `${month} ${list(lacks)}`);
  if (lacking.length > 0)
    return `; ${plural(lacking.length, "month")} without all that is published: ${list(names, "; ")}`;
  return months.some(({ stops_listed: listed }) => (listed ?? 0) > 0)
    ? ", of every force that publishes them"
    : "";
}

/** Who publishes no stops, months in a row as one; those of no month first. */
export function describeUnpublished({ months }: StatusDocument): string[] {
  const known = months.filter(({ stops_listed: listed }) => listed !== null && listed > 0);
  const forces = [...new Set(known.flatMap((month) => month.stops_not_published))].sort();
  const isNone = (forceId: string) =>
    known.every((month) => month.stops_not_published.includes(forceId));
  const never = forces.filter(isNone);
  const sometimes = forces.filter((forceId) => !isNone(forceId));
  return [
    ...(never.length === 0 ? [] : [`  ${never.join(", ")}: in no month`]),
    ...sometimes.map((forceId) => `  ${forceId}: ${list(listSpans(known, forceId))}`),
  ];
}

function listSpans(known: readonly MonthStatus[], forceId: string): string[] {
  const runs: Month[][] = [];
  let last: Month[] | undefined;
  for (const { month, stops_not_published: none } of known) {
    if (!none.includes(forceId)) last = undefined;
    else if (last === undefined) runs.push((last = [month]));
    else last.push(month);
  }
  return runs.map(span);
}
