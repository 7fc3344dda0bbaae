import { createRandom, gauss, total } from "./random.ts";

/** A force; the crimes are a month's, the area is in square kilometres. */
export type ForcePlan = {
  id: string;
  name: string;
  neighbourhoods: number;
  crimes: number;
  area: number;
  /** Crimes and the share of them on one snap point, for each extreme town centre. */
  centres: readonly (readonly [crimes: number, share: number])[];
};

const NEIGHBOURHOODS = 4652;
const CRIMES = 528_000;
const AREA = 230_000;

type Known = Partial<ForcePlan> & { neighbourhoods: number; crimes: number; area: number };

/** By position in the list, which runs from the south to the north: forces as in the field. */
const KNOWN: Record<number, Known> = {
  0: { neighbourhoods: 30, crimes: 1500, area: 6000 },
  6: { id: "kent", name: "Kent", neighbourhoods: 306, crimes: 15_500, area: 3700 },
  8: {
    id: "metropolitan",
    name: "Metropolitan",
    neighbourhoods: 660,
    crimes: 94_000,
    area: 1570,
    centres: [
      [6400, 0.63],
      [5600, 0.4],
      [5300, 0.25],
    ],
  },
  9: { id: "city", name: "City", neighbourhoods: 5, crimes: 800, area: 60 },
  20: { neighbourhoods: 30, crimes: 1600, area: 10_400 },
  22: { neighbourhoods: 170, crimes: 32_000, area: 900, centres: [[6200, 0.5]] },
  26: { neighbourhoods: 283, crimes: 6000, area: 6200 },
  29: { neighbourhoods: 200, crimes: 33_000, area: 1280, centres: [[6000, 0.35]] },
  31: { neighbourhoods: 160, crimes: 28_000, area: 2030, centres: [[5800, 0.3]] },
  32: { neighbourhoods: 75, crimes: 17_000, area: 650, centres: [[5600, 0.25]] },
  37: { neighbourhoods: 30, crimes: 1700, area: 9000 },
  41: { neighbourhoods: 30, crimes: 1500, area: 14_000 },
  43: { neighbourhoods: 30, crimes: 1500, area: 19_000 },
};
const COUNT = 44;

/** The forces of the country from the south to the north, neighbours in the list near each other. */
export function planForces(seed: number): ForcePlan[] {
  const random = createRandom(seed, 1);
  const known = Object.values(KNOWN);
  const others = COUNT - known.length;
  const spreads = Array.from({ length: others }, () => Math.exp(0.5 * gauss(random)));
  const divide = (whole: number, key: "neighbourhoods" | "crimes" | "area", least: number) => {
    const left = whole - total(known.map((force) => force[key])) - least * others;
    const shares = spreads.map((spread) => spread * Math.exp(0.3 * gauss(random)));
    const sum = total(shares);
    return shares.map((share) => least + (left * share) / sum);
  };
  const neighbourhoods = wholeNumbers(divide(NEIGHBOURHOODS, "neighbourhoods", 30));
  const crimes = wholeNumbers(divide(CRIMES, "crimes", 2500));
  const areas = divide(AREA, "area", 1500);

  let next = 0;
  return Array.from({ length: COUNT }, (_, position): ForcePlan => {
    const name = `Area ${String(position + 1).padStart(2, "0")}`;
    const base = { id: name.toLowerCase().replace(" ", "-"), name, centres: [] };
    const given = KNOWN[position];
    if (given !== undefined) return { ...base, ...given };
    const at = next;
    next += 1;
    return {
      ...base,
      neighbourhoods: neighbourhoods[at] ?? 0,
      crimes: crimes[at] ?? 0,
      area: areas[at] ?? 0,
    };
  });
}

/** Rounds so that the sum stays: what is lost in one goes to the next. */
function wholeNumbers(values: readonly number[]): number[] {
  let running = 0;
  return values.map((value) => {
    const before = Math.round(running);
    running += value;
    return Math.round(running) - before;
  });
}
