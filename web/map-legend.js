import { isSample } from "./map-form.js";

/** @import { MapGap } from "../src/browse/messages.ts" */

/**
 * @param {HTMLElement} element
 * @param {object} shown
 * @param {string} shown.title
 * @param {import("./map-classes.js").Classes} shown.classes
 * @param {boolean} shown.hasZero
 * @param {boolean} shown.hasNone
 * @param {number} shown.bare  neighbourhoods without a record in any month
 * @param {MapGap[]} shown.gaps
 * @param {(force: string) => string} shown.forceName
 */
export function renderLegend(element, { title, classes, hasZero, hasNone, bare, gaps, forceName }) {
  const head = document.createElement("strong");
  head.textContent = title;
  const rows = classes.rows.map(({ klass, label, count }) =>
    toRow(`map-class-${klass}`, label, countAreas(count)),
  );
  if (hasZero) rows.unshift(toRow("map-class-0", "0"));
  if (hasNone) rows.push(toRow("map-class-none", "not in this database, or not published"));
  if (bare > 0) rows.push(toRow("map-class-bare", sayBare(), countAreas(bare)));
  const list = document.createElement("ul");
  list.append(...rows);
  const notes = gaps.map(({ force, why }) => {
    const note = document.createElement("small");
    note.textContent = `${forceName(force)} ${why}.`;
    return note;
  });
  element.replaceChildren(head, list, ...notes);
}

/** @param {number} count */
const countAreas = (count) => `${count.toLocaleString("en-GB")} ${count === 1 ? "area" : "areas"}`;

/** Why neighbourhoods of a complete force may have none at all. */
function sayBare() {
  return isSample ? "not in the sample" : "none in any month here";
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} [count]
 */
function toRow(name, label, count = "") {
  const row = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = `map-swatch ${name}`;
  const text = document.createElement("span");
  text.textContent = label;
  row.append(swatch, text);
  if (count !== "") {
    const small = document.createElement("span");
    small.className = "map-count";
    small.textContent = count;
    row.append(small);
  }
  return row;
}
