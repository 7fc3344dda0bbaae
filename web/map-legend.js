/** @import { MapGap } from "../src/browse/messages.ts" */

/**
 * @param {HTMLElement} element
 * @param {object} shown
 * @param {string} shown.title
 * @param {import("./map-classes.js").Classes} shown.classes
 * @param {boolean} shown.hasZero
 * @param {boolean} shown.hasNone
 * @param {MapGap[]} shown.gaps
 * @param {(force: string) => string} shown.forceName
 */
export function renderLegend(element, { title, classes, hasZero, hasNone, gaps, forceName }) {
  const head = document.createElement("strong");
  head.textContent = title;
  const rows = classes.rows.map(({ klass, label }) => toRow(`map-class-${klass}`, label));
  if (hasZero) rows.unshift(toRow("map-class-0", "0"));
  if (hasNone) rows.push(toRow("map-class-none", "no data for this month"));
  const list = document.createElement("ul");
  list.append(...rows);
  const notes = gaps.map(({ force, why }) => {
    const note = document.createElement("small");
    note.textContent = `${forceName(force)} ${why}.`;
    return note;
  });
  element.replaceChildren(head, list, ...notes);
}

/**
 * @param {string} name
 * @param {string} label
 */
function toRow(name, label) {
  const row = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = `map-swatch ${name}`;
  const text = document.createElement("span");
  text.textContent = label;
  row.append(swatch, text);
  return row;
}
