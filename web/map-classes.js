/** How many colours map.css has for what is more than zero. */
export const CLASSES = 7;

/** What share of the neighbourhoods has less than each class; the top is cut finer. */
const CUTS = [0.2, 0.4, 0.6, 0.8, 0.92, 0.98];

/**
 * @typedef {object} Classes
 * @property {(value: number) => number} classOf  0 for zero, then from 1 for the least
 * @property {{ klass: number, label: string, count: number }[]} rows  for the legend, the least
 *   first, each with how many neighbourhoods it has
 */

/**
 * Classes by rank: counts are so uneven that equal steps would leave all but a few in the first.
 * Four hold a fifth each; the last fifth is cut in three, for it spans as much as all the others.
 * @param {number[]} values
 * @param {boolean} isWhole
 * @returns {Classes}
 */
export function classify(values, isWhole) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const most = sorted.at(-1) ?? 0;
  const starts = [least];
  for (const cut of CUTS) {
    const start = sorted[Math.floor(sorted.length * cut)] ?? 0;
    if (start > (starts.at(-1) ?? 0)) starts.push(start);
  }
  // few classes are spread over all colours, so that the most is always the strongest
  const colours = starts.map((_, at) =>
    starts.length === 1 ? CLASSES : 1 + Math.round((at * (CLASSES - 1)) / (starts.length - 1)),
  );
  return {
    classOf(value) {
      if (value <= 0) return 0;
      return colours[Math.max(0, starts.filter((start) => start <= value).length - 1)] ?? 1;
    },
    rows:
      sorted.length === 0
        ? []
        : starts.map((start, at) => {
            const next = starts[at + 1];
            const held = sorted.filter((value) => value >= start && !(next && value >= next));
            const end = isWhole ? (held.at(-1) ?? start) : (next ?? most);
            return {
              klass: colours[at] ?? 1,
              label: labelOf(start, end, isWhole),
              count: held.length,
            };
          }),
  };
}

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 });

/** @param {number} value */
export function formatDensity(value) {
  return value >= 100 ? whole.format(value) : fine.format(value);
}

/**
 * @param {number} start
 * @param {number} end
 * @param {boolean} isWhole
 */
function labelOf(start, end, isWhole) {
  const format = isWhole ? whole.format : formatDensity;
  const [from, to] = [format(start), format(end)];
  return from === to ? from : `${from}–${to}`;
}
