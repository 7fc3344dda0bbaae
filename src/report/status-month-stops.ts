import { sortStops } from "../completeness.ts";
import type { Snapshot } from "../store/read/status.ts";
import type { Month } from "../types.ts";
import type { MonthStops } from "./status-shape.ts";

/** What is said where stops are not looked at, or it is not known whose there are. */
export const NO_STOPS: MonthStops = {
  stops_listed: null,
  lacks_stops: [],
  stops_not_published: [],
};

/** Whose stops of a month are here, are lacking, and are not published. */
export function describeStopsOf(month: Month, { cover, stops }: Snapshot): MonthStops {
  const sorted = sortStops(month, cover, stops);
  if (sorted === undefined) return NO_STOPS;
  const { listed, lacking, unpublished } = sorted;
  return {
    stops_listed: listed.length,
    lacks_stops: lacking,
    stops_not_published: unpublished,
  };
}
