import { usageError } from "../errors.ts";
import { monthsBetween } from "../months.ts";
import { createRandom } from "./shares.ts";
import type { RawCrime } from "./world.ts";

/** The share of open cases of which a later release tells an outcome, in a month that is just over. */
const SOLVED = 0.1;
/** The share of crimes that a later release withdraws, and as many get another id. */
const WITHDRAWN = 0.0005;
const NEW_IDS = 1_000_000_000;

/** What open cases become, one as likely as another. */
const OUTCOMES = [
  "Investigation complete; no suspect identified",
  "Unable to prosecute suspect",
  "Awaiting court outcome",
  "Local resolution",
];

/** The release that the sample is of unless a later one is asked for. */
const RECORDED = "2018-05-01";

/** Reads the day of a later release, `YYYY-MM-DD`; anything else is wrong usage. */
export function parseRelease(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isDay && text > RECORDED) return text;
  throw usageError(
    `--release ${text} is not a day after ${RECORDED}, the sample's own; write it as YYYY-MM-DD, as in 2018-06-05`,
  );
}

/**
 * Crimes as a later release has them, made up, and the same for the same day: open cases have an
 * outcome of the release's month, younger ones more often; a few crimes are gone, or have another id.
 */
export function reviseCrimes(crimes: readonly RawCrime[], release: string): RawCrime[] {
  const random = createRandom(Date.parse(release) / 86_400_000);
  return crimes.flatMap((crime) => {
    const draw = random();
    if (draw < WITHDRAWN) return [];
    if (draw < 2 * WITHDRAWN) return [{ ...crime, id: crime.id + NEW_IDS }];
    const isSolved = random() < SOLVED / Math.max(1, monthsBetween(release, crime.month));
    const category = OUTCOMES[Math.floor(random() * OUTCOMES.length)] ?? "";
    if (!isSolved || crime.outcome_status?.category !== "Under investigation") return [crime];
    return [{ ...crime, outcome_status: { category, date: release.slice(0, 7) } }];
  });
}
