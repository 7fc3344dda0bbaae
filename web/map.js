import { renderArea } from "./map-area.js";
import { classify } from "./map-classes.js";
import { describeArea, loadFigures, sayArea, sayValue, valueOf } from "./map-figures.js";
import {
  ask,
  categoryName,
  describeChoice,
  find,
  form,
  isDensity,
  monthName,
  readChoice,
  remember,
  restore,
  selects,
} from "./map-form.js";
import { drawGround } from "./map-ground.js";
import { createLayers, manner } from "./map-layers.js";
import { renderLegend } from "./map-legend.js";
import { createList } from "./map-list.js";
import { createPoints } from "./map-points.js";
import { loadAreas } from "./map-shapes.js";

/** @typedef {import("./map-shapes.js").Area} Area */
/** @typedef {ReturnType<typeof createLayers>} Layers */

const readout = find("map-readout", HTMLElement);
const legend = find("map-legend", HTMLElement);
const panel = find("map-area", HTMLElement);
const listSection = find("map-list", HTMLElement);
const frame = find("map", HTMLElement);
const search = find("map-find", HTMLInputElement);

/** @param {unknown} error */
function fail(error) {
  if (error instanceof Error && error.name === "AbortError") return;
  readout.textContent = error instanceof Error ? error.message : String(error);
}

async function start() {
  const wanted = restore();
  const { areas, leftOut } = await loadAreas();
  sayLeftOut(leftOut);
  const layers = createLayers(frame, areas, describeArea);
  drawGround(layers.leaflet).catch(fail);
  const selection = createSelection(layers);
  const points = createPoints(layers.leaflet, find("map-notice", HTMLElement), {
    choice: () => ({ ...readChoice(), force: selects.force.value }),
    nameOf: categoryName,
  });
  const figures = createFigures(areas, layers, (area) => {
    layers.fitArea(area);
    openArea(selection, area, search);
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target === selects.force) layers.fitForce(selects.force.value);
    figures.load().then(selection.refresh).catch(fail);
    points.show().catch(fail);
  });
  layers.leaflet.on("moveend", () => void points.show().catch(fail));
  listenToPointer(layers, selection);
  listenToKeys(layers, selection);
  repaint(layers.leaflet, figures.paint);

  // at once: the end of a move would undo what the address asks for
  layers.fitForce(selects.force.value, { animate: false });
  await figures.load();
  const area = areas.find(({ force, id }) => force === wanted.force && id === wanted.id);
  if (area !== undefined) layers.fitArea(area, { animate: false });
  if (wanted.view !== undefined) layers.leaflet.setView(...wanted.view, { animate: false });
  if (area !== undefined) await selection.choose(area);
  layers.leaflet.on("moveend", selection.remember);
}

/** @param {string[]} names */
function sayLeftOut(names) {
  const message = find("map-left-out", HTMLElement);
  message.hidden = names.length === 0;
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  const listed = names.slice(0, 5).join(", ") + more;
  message.textContent = `Left out, for their stored boundary is no polygon: ${listed}`;
}

/**
 * The colours, the legend and the list of what is chosen in the form.
 * @param {Area[]} areas
 * @param {Layers} layers
 * @param {(area: Area) => void} choose
 */
function createFigures(areas, layers, choose) {
  const list = createList(
    {
      input: search,
      list: find("map-areas", HTMLElement),
      status: find("map-found", HTMLElement),
    },
    choose,
  );
  const forceNames = new Map(areas.map(({ force, forceName }) => [force, forceName]));
  let latest = 0;
  /** @type {import("./map-classes.js").Classes} */
  let classes = classify([], true);

  const isShown = (/** @type {Area} */ { force }) =>
    selects.force.value === "" || force === selects.force.value;
  const paint = () =>
    layers.paint((area) => {
      if (!isShown(area)) return "other";
      const value = valueOf(area);
      if (area.isBare) return "bare";
      return value === null ? "none" : classes.classOf(value);
    });

  return {
    paint,
    async load() {
      latest += 1;
      const asked = latest;
      const gaps = await loadFigures(areas);
      // a slow answer must not take the place of a later one
      if (asked !== latest) return;
      const shown = areas.filter(isShown);
      const told = shown.filter(({ isBare }) => !isBare);
      const values = told.map(valueOf).filter((value) => value !== null);
      classes = classify(values, !isDensity());
      paint();
      renderLegend(legend, {
        title: describeChoice(),
        classes,
        hasZero: values.some((value) => value === 0),
        hasNone: values.length < told.length,
        bare: shown.length - told.length,
        gaps: gaps.filter(({ force }) => shown.some((area) => area.force === force)),
        forceName: (id) => forceNames.get(id) ?? id,
      });
      list.fill(
        shown.map((area) => ({ area, value: valueOf(area), text: sayValue(area) })),
        selects.force.value === "" && forceNames.size > 1,
      );
      const noun = shown.length === 1 ? "neighbourhood" : "neighbourhoods";
      readout.textContent = `${shown.length.toLocaleString("en-GB")} ${noun}`;
    },
  };
}

/** @typedef {ReturnType<typeof createSelection>} Selection */

/**
 * The neighbourhood whose figures are shown beside the map, if any.
 * @param {Layers} layers
 */
function createSelection(layers) {
  /** @type {Area | undefined} */
  let selected;
  /** @type {HTMLElement} */
  let origin = search;
  let hasMoved = false;
  const rememberAll = () => remember(selected, hasMoved ? layers.leaflet : undefined);

  /**
   * @param {Area | undefined} area
   * @param {HTMLElement} from  where the focus goes back to
   */
  async function choose(area, from = origin) {
    selected = area;
    origin = from;
    layers.outline(area);
    rememberAll();
    if (area === undefined) {
      panel.hidden = true;
      listSection.hidden = false;
      return;
    }
    const { kind, month, category } = readChoice();
    const detail =
      month === ""
        ? { ...area, trend: [], categories: [], streets: [] }
        : await ask("/data/map/area", { kind, month, category, force: area.force, id: area.id });
    if (selected !== area || readChoice().month !== month) return;
    const shown = { month, category: category === "" ? "" : categoryName(category) };
    panel.replaceChildren(...renderArea(detail, { ...shown, monthName, close }));
    panel.hidden = false;
    listSection.hidden = true;
  }
  function close() {
    choose(undefined).catch(fail);
    origin.focus();
  }
  return {
    choose,
    /** Keeps the view in the address, too. */
    remember: () => {
      hasMoved = true;
      rememberAll();
    },
    /** After another choice in the form: a neighbourhood of another force is let go. */
    refresh: () => {
      const force = selects.force.value;
      return choose(force === "" || selected?.force === force ? selected : undefined);
    },
  };
}

/**
 * By the keyboard the focus goes along, and comes back to where it was.
 * @param {Selection} selection
 * @param {Area | undefined} area
 * @param {HTMLElement} from
 */
function openArea(selection, area, from) {
  selection
    .choose(area, from)
    .then(() => panel.querySelector("h2")?.focus())
    .catch(fail);
}

/**
 * @param {Layers} layers
 * @param {Selection} selection
 */
function listenToPointer({ group, areaOf }, selection) {
  group.on("click", ({ propagatedFrom }) => {
    selection.choose(areaOf(propagatedFrom), search).catch(fail);
  });
  group.on("mouseover", ({ propagatedFrom }) => {
    const area = areaOf(propagatedFrom);
    if (area !== undefined) readout.textContent = sayArea(area);
  });
}

/**
 * Leaflet moves the map by arrow keys; what lies in its middle is read out, and chosen by Enter.
 * @param {Layers} layers
 * @param {Selection} selection
 */
function listenToKeys({ leaflet, areaInMiddle }, selection) {
  leaflet.on("moveend", () => {
    if (!frame.classList.contains("is-keyed")) return;
    const area = areaInMiddle();
    readout.textContent = area === undefined ? "No neighbourhood in the middle" : sayArea(area);
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === frame) openArea(selection, areaInMiddle(), frame);
  });
  // Leaflet takes the focus at a press of the pointer, too, which wants no cross
  for (const type of ["keydown", "keyup"])
    frame.addEventListener(type, () => frame.classList.add("is-keyed"));
  for (const type of ["pointerdown", "blur"])
    frame.addEventListener(type, () => frame.classList.remove("is-keyed"));
}

/**
 * Colours depend on the scheme, and on how near the boundaries are.
 * @param {import("leaflet").Map} leaflet
 * @param {() => void} paint
 */
function repaint(leaflet, paint) {
  let last = manner(leaflet.getZoom());
  leaflet.on("zoomend", () => {
    const next = manner(leaflet.getZoom());
    if (next !== last) paint();
    last = next;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

start().catch(fail);
