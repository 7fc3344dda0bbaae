import { divIcon, layerGroup, marker, popup } from "/vendor/leaflet.js";
import { nounOf } from "./map-form.js";
import { POINTS_ZOOM } from "./map-layers.js";

/** @import { Circle, MapPoints } from "../src/browse/messages.ts" */

const whole = new Intl.NumberFormat("en-GB");
const compact = new Intl.NumberFormat("en-GB", { notation: "compact" });

const NOTICE =
  "They are shown at anonymised map points near to where they happened: a point is not where it happened.";
const PART = " This view has too many: those nearest to its middle are shown.";

/**
 * Shows the map points of the view when it is near enough, and the words that go with them.
 * @param {import("leaflet").Map} leaflet
 * @param {HTMLElement} notice
 * @param {{ choice: () => Record<string, string>, nameOf: (category: string) => string }} from
 */
export function createPoints(leaflet, notice, { choice, nameOf }) {
  const group = layerGroup().addTo(leaflet);
  /** @type {AbortController | undefined} */
  let loading;
  /** What the popup, if any, is of. */
  let last = "";

  /** @param {Circle[]} circles */
  const draw = (circles) => {
    group.clearLayers();
    for (const circle of circles) group.addLayer(toMarker(circle));
  };

  /** @param {Circle} circle */
  function toMarker(circle) {
    const { latitude, longitude, records, opensAt } = circle;
    const size = sizeOf(records);
    const label = document.createElement("span");
    label.textContent = compact.format(records);
    const icon = divIcon({
      html: label,
      className: opensAt === undefined ? "map-point" : "map-point map-cluster",
      iconSize: [size, size],
    });
    const found = marker([latitude, longitude], { icon, keyboard: false });
    if (opensAt === undefined) found.on("click", () => open(circle));
    else found.on("click", () => leaflet.setView([latitude, longitude], Math.min(18, opensAt)));
    return found;
  }

  /**
   * Of the map, not of its marker: moving the map to make room for it draws the markers anew.
   * @param {Circle} circle
   */
  function open(circle) {
    popup(toPopup(leaflet.getSize().x))
      .setLatLng([circle.latitude, circle.longitude])
      .setContent(describe(circle))
      .openOn(leaflet);
  }

  /** @param {Circle} circle */
  function describe({ street, records, categories = [] }) {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = street || "A map point without a name";
    const list = document.createElement("ul");
    for (const { id, records: count } of categories) {
      const item = document.createElement("li");
      item.textContent = `${nameOf(id)}: ${whole.format(count)}`;
      list.append(item);
    }
    const words = document.createElement("small");
    words.textContent = "An anonymised map point, not where it happened.";
    const total = document.createElement("p");
    total.textContent = `${whole.format(records)} ${nounOf(records)}`;
    box.append(title, total, list, words);
    return box;
  }

  return {
    async show() {
      loading?.abort();
      const chosen = choice();
      const isNear = leaflet.getZoom() >= POINTS_ZOOM && (chosen["month"] ?? "") !== "";
      notice.hidden = !isNear;
      const asked = JSON.stringify(chosen);
      if (!isNear || asked !== last) leaflet.closePopup();
      last = asked;
      if (!isNear) return void group.clearLayers();
      loading = new AbortController();
      const bounds = leaflet.getBounds().pad(0.1);
      const query = new URLSearchParams({
        ...chosen,
        south: String(bounds.getSouth()),
        west: String(bounds.getWest()),
        north: String(bounds.getNorth()),
        east: String(bounds.getEast()),
        zoom: String(Math.floor(leaflet.getZoom())),
      });
      const response = await fetch(`/data/map/points?${query}`, { signal: loading.signal });
      if (!response.ok) throw new Error(`the points could not be loaded: ${response.status}`);
      /** @type {MapPoints} */
      const { isWhole, circles } = await response.json();
      notice.textContent = isWhole ? NOTICE : NOTICE + PART;
      draw(circles);
    },
  };
}

/** @param {number} records */
function sizeOf(records) {
  return Math.round(Math.min(52, 17 + 2.4 * Math.sqrt(records)));
}

/**
 * The map moves until a popup is clear of the legend, where there is room for both.
 * @param {number} width
 * @returns {import("leaflet").PopupOptions}
 */
function toPopup(width) {
  return {
    maxWidth: 260,
    autoPanPaddingTopLeft: [width > 640 ? 220 : 12, 12],
    autoPanPaddingBottomRight: [12, 84],
  };
}
