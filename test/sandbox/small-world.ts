import type { Asked } from "../support/open-sandbox.ts";
import { createWorld, gridOfCrimes, square } from "../support/world.ts";

export const CRIMES = "/crimes-street/all-crime";
export const OUTCOMES = "/outcomes-at-location";
const ALL = "49,-1:51,-1:51,1:49,1";
/** Ten crimes of May, three of them with an outcome; and as many of April without. */
const may = gridOfCrimes(10, 50, 0, 0.1);
const april = may.map((crime) => ({ ...crime, month: "2018-04", outcome_status: null }));
/** A world of ten records: large enough for limits that are as small. */
export const world = createWorld({
  areas: { kent: { K1: square(50, 0, 0.1), K10: square(50.1, 0, 0.1) }, surrey: {} },
  crimes: [...april, ...may],
  months: ["2018-04", "2018-05"],
});

/** The path of a question about all of the small world. */
export const areaPath = (path: string, date = "2018-05") => `${path}?date=${date}&poly=${ALL}`;

/** The status of a reply. */
export async function statusOf({ get }: Asked, path: string): Promise<number> {
  return (await get(path)).status;
}

/** A clock that stands still until it is moved, in seconds. */
export function createTime() {
  let seconds = 0;
  return { now: () => 1000 * seconds, set: (to: number) => void (seconds = to) };
}
