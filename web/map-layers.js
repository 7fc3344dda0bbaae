import { canvas, control, featureGroup, map, polygon } from "/vendor/leaflet.js";
import { CLASSES } from "./map-classes.js";
import { drawHatch } from "./map-hatch.js";
import { holds, keyOf } from "./map-shapes.js";

/** From this zoom on the map points are shown, and the colours step back. */
export const POINTS_ZOOM = 13.5;
/** Below this zoom boundaries are so close that lines between them would hide their colours. */
const LINES_ZOOM = 9.5;

/**
 * How the boundaries are painted at a zoom.
 * @param {number} zoom
 */
export function manner(zoom) {
  return zoom >= POINTS_ZOOM ? "near" : zoom >= LINES_ZOOM ? "middle" : "far";
}

/** @typedef {import("./map-shapes.js").Area} Area */

/**
 * The boundaries on a canvas, and nothing else: there are no tiles of others below them.
 * @param {HTMLElement} element
 * @param {Area[]} areas
 * @param {(area: Area) => HTMLElement} describe  for the tooltip
 */
export function createLayers(element, areas, describe) {
  const leaflet = map(element, {
    renderer: canvas({ padding: 0.4 }),
    attributionControl: false,
    minZoom: 5,
    maxZoom: 18,
    zoomSnap: 0.5,
    wheelPxPerZoomLevel: 90,
    maxBoundsViscosity: 0.6,
  });
  control.scale({ imperial: true, position: "bottomright" }).addTo(leaflet);
  /** @type {Map<unknown, Area>} */
  const areaOf = new Map();
  const layers = areas.map((area) => {
    const layer = polygon(area.ring, { weight: 0.6, smoothFactor: 1 });
    areaOf.set(layer, area);
    return layer;
  });
  const byKey = new Map(areas.map((area, at) => [keyOf(area), layers[at]]));
  const group = featureGroup(layers);
  leaflet.fitBounds(group.getBounds());
  group.addTo(leaflet);
  group.bindTooltip(
    (layer) => {
      const area = areaOf.get(layer);
      return area === undefined ? "" : describe(area);
    },
    { sticky: true, className: "map-tip" },
  );
  const outline = polygon([], { fill: false, interactive: false, weight: 3 }).addTo(leaflet);
  leaflet.setMaxBounds(group.getBounds().pad(0.5));

  return {
    leaflet,
    group,
    /** @param {unknown} layer */
    areaOf: (layer) => areaOf.get(layer),
    /**
     * @param {Area} area
     * @param {{ animate?: boolean }} options
     */
    fitArea(area, options = {}) {
      const bounds = byKey.get(keyOf(area))?.getBounds();
      if (bounds !== undefined)
        leaflet.fitBounds(bounds, { padding: [40, 40], maxZoom: 15, ...options });
    },
    /**
     * @param {string} force  empty: all
     * @param {{ animate?: boolean }} options
     */
    fitForce(force, options = {}) {
      const of = layers.filter((_, at) => force === "" || areas[at]?.force === force);
      if (of.length > 0)
        leaflet.fitBounds(featureGroup(of).getBounds(), { padding: [12, 12], ...options });
    },
    /** @param {Area | undefined} area */
    outline(area) {
      outline.setLatLngs(area?.ring ?? []);
      outline.bringToFront();
    },
    /**
     * Colours every boundary: by its class, or hatched where nothing is known, or grey where no
     * month has a record, or as one that is not of the chosen force.
     * @param {(area: Area) => number | "none" | "bare" | "other"} classOf
     */
    paint(classOf) {
      const colours = readColours();
      const seen = manner(leaflet.getZoom());
      const strength = seen === "near" ? 0.35 : 0.92;
      const hatch = drawHatch(colours.none, colours.hatch);
      layers.forEach((layer, at) => {
        const area = areas[at];
        const klass = area === undefined ? "none" : classOf(area);
        const known = typeof klass === "number" ? colours.classes[klass] : undefined;
        const fillColor = known ?? (klass === "bare" ? colours.bare : colours.none);
        layer.setStyle({
          color: seen === "far" ? fillColor : colours.line,
          fillColor,
          fillOpacity: klass === "other" ? 0.25 : klass === "none" ? 0.8 : strength,
          opacity: klass === "other" ? 0.35 : 1,
        });
        // a canvas takes a pattern for a colour, which the types of Leaflet do not tell
        if (klass === "none" && hatch !== null && Reflect.set(layer.options, "fillColor", hatch))
          layer.redraw();
      });
      outline.setStyle({ color: colours.chosen });
    },
    /** The neighbourhood in the middle of the view, which the keyboard moves. */
    areaInMiddle() {
      const middle = leaflet.getCenter();
      return areas.find(
        ({ ring }, at) => layers[at]?.getBounds().contains(middle) && holds(ring, middle),
      );
    },
  };
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    classes: Array.from({ length: CLASSES + 1 }, (_, klass) => read(`--map-${klass}`)),
    none: read("--map-none"),
    hatch: read("--map-hatch"),
    bare: read("--map-bare"),
    line: read("--map-line"),
    chosen: read("--map-chosen"),
  };
}
