import { formatDensity } from "./map-classes.js";
import { ask, isDensity, isSample, nounOf, readChoice } from "./map-form.js";
import { keyOf } from "./map-shapes.js";

/** @typedef {import("./map-shapes.js").Area} Area */
/** @import { MapGap } from "../src/browse/messages.ts" */

const whole = new Intl.NumberFormat("en-GB");

/**
 * Gives every neighbourhood its records of the month and category; returns the known gaps.
 * @param {Area[]} areas
 * @returns {Promise<MapGap[]>}
 */
export async function loadFigures(areas) {
  if (readChoice().month === "") return [];
  const { counts, complete, gaps, bare } = await ask("/data/map/counts", readChoice());
  const records = new Map(counts.map(([force, id, count]) => [keyOf({ force, id }), count]));
  const known = new Set(complete);
  for (const { force } of gaps) known.delete(force);
  const empty = new Set(bare.map(([force, id]) => keyOf({ force, id })));
  for (const area of areas) {
    area.records = known.has(area.force) ? (records.get(keyOf(area)) ?? 0) : null;
    area.isBare = empty.has(keyOf(area));
  }
  return gaps;
}

/**
 * The figure that is coloured; null where there is none.
 * @param {Area} area
 */
export function valueOf({ records, km2 }) {
  if (records === null) return null;
  return isDensity() ? records / km2 : records;
}

/**
 * The same in words.
 * @param {Area} area
 */
export function sayValue(area) {
  if (area.isBare) return isSample ? "not in the sample" : "none in any month";
  const value = valueOf(area);
  if (value === null) return "not here";
  return isDensity() ? `${formatDensity(value)} per km²` : whole.format(value);
}

/** @param {Area} area */
export function sayFigure(area) {
  const noun =
    area.records === null || area.isBare || isDensity() ? "" : ` ${nounOf(area.records)}`;
  return `${sayValue(area)}${noun}`;
}

/** @param {Area} area */
export function sayArea(area) {
  return `${area.name}: ${sayFigure(area)}`;
}

/**
 * What the tooltip holds.
 * @param {Area} area
 */
export function describeArea(area) {
  const name = document.createElement("strong");
  name.textContent = area.name;
  const figure = document.createElement("div");
  figure.textContent = sayFigure(area);
  const force = document.createElement("small");
  force.textContent = area.forceName;
  const box = document.createElement("div");
  box.append(name, figure, force);
  return box;
}
