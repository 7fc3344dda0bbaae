import { listRecords } from "../../src/sandbox/record-list.ts";
import type { RecordList } from "../../src/sandbox/record-list.ts";
import { createRandom } from "../../src/sandbox/shares.ts";
import type { RawCrime, RawPoint, RawStop } from "../../src/sandbox/world.ts";
import type { Month } from "../../src/types.ts";
import { rawCrime, rawStop } from "./world.ts";

/** What there is of a release, beside the records of areas. */
export type Edition = {
  seed: number;
  release: number;
  months: readonly Month[];
  places: readonly { point: RawPoint; street: { id: number; name: string } }[];
  firstId: number;
};

/** Publishes stops; the last one is late with the newest month, until the next release. */
const PUBLISHERS = ["avon", "btp", "kent"];
const OUTCOMES = [null, "", false as const, "Arrest"];
const FORCES = ["avon", "kent", "rutland"];
/** Beyond the ids of crimes with a place. */
const FIRST_UNLOCATED = 500_000;

/** Which forces' stops are published of a month. */
export function listPublishers({ months, release }: Edition, month: Month): string[] {
  const isLate = release === 1 && month === months.at(-1);
  return months.includes(month) ? PUBLISHERS.slice(0, isLate ? -1 : undefined) : [];
}

/** A force's stops of a month: some are equal to the letter, and each release revises some. */
export function listStops(edition: Edition, force: string, month: Month): RecordList | undefined {
  if (!listPublishers(edition, month).includes(force)) return undefined;
  const stops = draw(edition, `stops ${force} ${month}`, 8, (_, below, isRevised): RawStop => {
    const place = edition.places[below(2 * edition.places.length)];
    return rawStop({
      datetime: `${month}-1${below(2)}T12:00:00+00:00`,
      location: place === undefined ? null : { ...place.point, street: place.street },
      gender: isRevised ? "Female" : "Male",
      outcome: OUTCOMES[below(OUTCOMES.length)] ?? null,
    });
  });
  return listRecords(stops);
}

/** A force's crimes without location. */
export function listUnlocated(edition: Edition, force: string, month: Month) {
  if (!FORCES.includes(force) || !edition.months.includes(month)) return undefined;
  const at = edition.months.indexOf(month) * 1000 + FORCES.indexOf(force) * 100;
  const crimes = draw(edition, `crimes ${force} ${month}`, 4, (index, below, isRevised): RawCrime =>
    rawCrime(
      edition.firstId + FIRST_UNLOCATED + at + index,
      { latitude: 0, longitude: 0 },
      {
        month,
        location: null,
        category: ["burglary", "drugs"][below(2)],
        outcome_status: isRevised ? { category: "Local resolution", date: month } : null,
      },
    ),
  );
  return listRecords(crimes);
}

type Make<R> = (index: number, below: (count: number) => number, isRevised: boolean) => R;

/** One to so many records, the same for the same name; a release leaves out and changes some. */
function draw<R>({ seed, release }: Edition, name: string, most: number, make: Make<R>): R[] {
  const salt = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, seed);
  const random = createRandom(salt);
  const below = (count: number) => Math.floor(random() * count);
  const revise = createRandom(salt + release);
  return Array.from({ length: 1 + below(most) }, (_, index) => index).flatMap((index) => {
    const record = make(index, below, revise() < 0.2);
    return revise() < 0.1 && index > 0 ? [] : [record];
  });
}
