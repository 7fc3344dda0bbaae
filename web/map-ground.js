import { canvas, divIcon, latLng, layerGroup, marker, polygon, polyline } from "/vendor/leaflet.js";

/**
 * A feature of orientation.geojson: the land, a river or a place.
 * @typedef {[longitude: number, latitude: number]} Position
 * @typedef {{ name: string, rank?: number }} Named
 * @typedef {{ properties: Named, geometry:
 *   | { type: "MultiPolygon", coordinates: Position[][][] }
 *   | { type: "MultiLineString", coordinates: Position[][] }
 *   | { type: "Point", coordinates: Position } }} Feature
 */

/** A place is named from this zoom on, by its rank in the source. */
const NAMED_FROM = [5, 5, 5, 5, 5, 6, 6, 7, 8];
/** From here on rivers, drawn for a map of the country, would be seen to run beside their beds. */
const RIVERS_UNTIL = 11;

/**
 * The coast, the main rivers and place names, for orientation. They hear no pointer.
 * @param {import("leaflet").Map} leaflet
 */
export async function drawGround(leaflet) {
  const response = await fetch("/assets/orientation.geojson");
  if (!response.ok) throw new Error(`the coast could not be loaded: ${response.status}`);
  /** @type {{ features: Feature[] }} */
  const { features } = await response.json();
  const land = features.flatMap(({ geometry }) =>
    geometry.type === "MultiPolygon" ? geometry.coordinates.map(([ring = []]) => toPath(ring)) : [],
  );
  const water = features.flatMap(({ geometry }) =>
    geometry.type === "MultiLineString" ? geometry.coordinates.map(toPath) : [],
  );
  const ground = polygon(land, optionsOf(leaflet, "land", 300)).addTo(leaflet);
  const rivers = polyline(water, optionsOf(leaflet, "rivers", 410)).addTo(leaflet);
  const names = createNames(leaflet, features);

  const paint = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    ground.setStyle({
      color: read("--map-coast"),
      weight: 1,
      fillColor: read("--map-land"),
      fillOpacity: 1,
    });
    const isNear = leaflet.getZoom() > RIVERS_UNTIL;
    rivers.setStyle({
      color: read("--map-river"),
      weight: 2,
      opacity: isNear ? 0 : 1,
      fill: false,
    });
    names.show();
  };
  paint();
  leaflet.on("zoomend", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

/** @param {Position[]} positions */
function toPath(positions) {
  return positions.map(([longitude, latitude]) => latLng(latitude, longitude));
}

/**
 * @param {import("leaflet").Map} leaflet
 * @param {string} pane
 * @param {number} height  the boundaries are at 400
 */
function optionsOf(leaflet, pane, height) {
  const { style } = leaflet.createPane(pane);
  style.zIndex = String(height);
  style.pointerEvents = "none";
  return { pane, interactive: false, renderer: canvas({ pane, padding: 0.4 }) };
}

/**
 * @param {import("leaflet").Map} leaflet
 * @param {Feature[]} features
 */
function createNames(leaflet, features) {
  const { style } = leaflet.createPane("names");
  style.zIndex = "420";
  style.pointerEvents = "none";
  const group = layerGroup().addTo(leaflet);
  const places = features.flatMap(({ geometry, properties }) => {
    if (geometry.type !== "Point") return [];
    const [longitude, latitude] = geometry.coordinates;
    const label = document.createElement("span");
    label.textContent = properties.name;
    const icon = divIcon({ html: label, className: "map-place", iconSize: [0, 0] });
    const from = NAMED_FROM[properties.rank ?? NaN] ?? 8;
    const options = { icon, pane: "names", interactive: false, keyboard: false };
    return [{ from, label: marker([latitude, longitude], options) }];
  });
  return {
    show() {
      const zoom = leaflet.getZoom();
      for (const { from, label } of places)
        if (zoom >= from) group.addLayer(label);
        else group.removeLayer(label);
    },
  };
}
