/** @import { MapShapes } from "../src/browse/messages.ts" */

/**
 * A neighbourhood on the map; `records` is null where the month is not complete.
 * @typedef {object} Area
 * @property {string} force
 * @property {string} forceName
 * @property {string} id
 * @property {string} name
 * @property {number} km2
 * @property {[number, number][]} ring  latitude, longitude
 * @property {number | null} records
 * @property {boolean} isBare  whether no month has a record of any category
 */

/** @returns {Promise<{ areas: Area[], leftOut: string[] }>} */
export async function loadAreas() {
  const response = await fetch("/data/map/shapes");
  if (!response.ok) throw new Error(`the boundaries could not be loaded: ${response.status}`);
  /** @type {MapShapes} */
  const { scale, forces, areas: shapes, leftOut } = await response.json();
  const areas = shapes.map(([force, id, name, km2, steps]) => ({
    force: forces[force]?.id ?? "",
    forceName: forces[force]?.name ?? "",
    id,
    name,
    km2,
    ring: decode(steps, scale),
    records: null,
    isBare: false,
  }));
  return { areas, leftOut };
}

/**
 * @param {number[]} steps
 * @param {number} scale
 * @returns {[number, number][]}
 */
function decode(steps, scale) {
  /** @type {[number, number][]} */
  const ring = [];
  let [y, x] = [0, 0];
  for (let at = 0; at + 1 < steps.length; at += 2) {
    y += steps[at] ?? 0;
    x += steps[at + 1] ?? 0;
    ring.push([y / scale, x / scale]);
  }
  return ring;
}

/**
 * Whether a place lies in a ring, by the even-odd rule.
 * @param {[number, number][]} ring
 * @param {{ lat: number, lng: number }} place
 */
export function holds(ring, { lat, lng }) {
  let inside = false;
  let [lastY, lastX] = ring.at(-1) ?? [0, 0];
  for (const [y, x] of ring) {
    if (y > lat !== lastY > lat && lng < ((lastX - x) * (lat - y)) / (lastY - y) + x)
      inside = !inside;
    [lastY, lastX] = [y, x];
  }
  return inside;
}

/** @param {Pick<Area, "force" | "id">} area */
export function keyOf({ force, id }) {
  return `${force}/${id}`;
}
