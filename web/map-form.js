/** @typedef {import("./map-shapes.js").Area} Area */
/** @import { MapReplies } from "../src/browse/messages.ts" */

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
export function find(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no #${id}`);
  return element;
}

export const form = find("map-choose", HTMLFormElement);

/** What is shown: crimes, or stops. */
export const kind = form.dataset["kind"] ?? "crimes";

/** Whether the database is of the bundled sample, which lacks neighbourhoods. */
export const isSample = form.dataset["sample"] === "yes";

/** @param {number} count */
export const nounOf = (count) => (count === 1 ? kind.replace(/s$/, "") : kind);

export const selects = {
  month: find("map-month", HTMLSelectElement),
  category: find("map-category", HTMLSelectElement),
  force: find("map-force", HTMLSelectElement),
  measure: find("map-measure", HTMLSelectElement),
};

/** What is asked of the server; an empty category is all of them. */
export function readChoice() {
  return { kind, month: selects.month.value, category: selects.category.value };
}

export function isDensity() {
  return selects.measure.value === "density";
}

/**
 * What an option is called.
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function nameOf(select, value) {
  const found = [...select.options].find((option) => option.value === value);
  return found?.textContent?.trim() ?? value;
}

/** @param {string} month */
export const monthName = (month) => nameOf(selects.month, month);

/** @param {string} category */
export const categoryName = (category) => nameOf(selects.category, category);

/** What the map shows, for its legend. */
export function describeChoice() {
  const { month, category } = readChoice();
  if (month === "") return "No month is complete yet";
  return `${categoryName(category)}${isDensity() ? " per km²" : ""}, ${monthName(month)}`;
}

/**
 * Keeps what is chosen in the address, so that it can be passed on.
 * @param {Area | undefined} selected
 * @param {import("leaflet").Map} [leaflet]  whose view is kept, too
 */
export function remember(selected, leaflet) {
  const query = new URLSearchParams();
  if (kind !== "crimes") query.set("kind", kind);
  for (const [name, select] of Object.entries(selects))
    if (select.selectedIndex > 0) query.set(name, select.value);
  if (selected !== undefined) {
    query.set("of", selected.force);
    query.set("id", selected.id);
  }
  if (leaflet !== undefined) {
    const { lat, lng } = leaflet.getCenter();
    query.set("lat", lat.toFixed(4));
    query.set("lng", lng.toFixed(4));
    query.set("zoom", String(leaflet.getZoom()));
  }
  history.replaceState(null, "", query.size === 0 ? "/map" : `/map?${query}`);
}

/** Chooses what the address says; returns the neighbourhood and the view that it names. */
export function restore() {
  const query = new URLSearchParams(location.search);
  for (const [name, select] of Object.entries(selects)) {
    const wanted = query.get(name);
    if (wanted !== null && [...select.options].some(({ value }) => value === wanted))
      select.value = wanted;
  }
  return { force: query.get("of"), id: query.get("id"), view: readView(query) };
}

/**
 * @param {URLSearchParams} query
 * @returns {[{ lat: number, lng: number }, number] | undefined}
 */
function readView(query) {
  const [lat, lng, zoom] = ["lat", "lng", "zoom"].map((name) => Number(query.get(name) ?? NaN));
  if (lat === undefined || lng === undefined || zoom === undefined) return undefined;
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  return isPlace && zoom >= 0 && zoom <= 20 ? [{ lat, lng }, zoom] : undefined;
}

/**
 * Asks the server.
 * @template {keyof MapReplies} Path
 * @param {Path} path
 * @param {Record<string, string>} query
 * @returns {Promise<MapReplies[Path]>}
 */
export async function ask(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
