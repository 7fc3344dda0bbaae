import { renderArea } from "./map-area.js";
import { classify, formatDensity } from "./map-classes.js";
import { createLayers, POINTS_ZOOM } from "./map-layers.js";
import { renderLegend } from "./map-legend.js";
import { createList } from "./map-list.js";
import { createPoints } from "./map-points.js";
import { keyOf, loadAreas } from "./map-shapes.js";

/** @typedef {import("./map-shapes.js").Area} Area */

const whole = new Intl.NumberFormat("en-GB");

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
function find(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no #${id}`);
  return element;
}

const form = find("map-choose", HTMLFormElement);
const readout = find("map-readout", HTMLElement);
const legend = find("map-legend", HTMLElement);
const panel = find("map-area", HTMLElement);
const listSection = find("map-list", HTMLElement);
const frame = find("map", HTMLElement);
const selects = {
  month: find("map-month", HTMLSelectElement),
  category: find("map-category", HTMLSelectElement),
  force: find("map-force", HTMLSelectElement),
  measure: find("map-measure", HTMLSelectElement),
};

/** @param {HTMLSelectElement} select */
const textOf = (select) => select.selectedOptions[0]?.textContent?.trim() ?? "";
/** @param {string} month */
const monthName = (month) =>
  [...selects.month.options].find(({ value }) => value === month)?.textContent?.trim() ?? month;
/** @param {string} id */
const categoryName = (id) =>
  [...selects.category.options].find(({ value }) => value === id)?.textContent?.trim() ?? id;

/** @type {{ counts: Map<string, number>, complete: Set<string>, gaps: { force: string, why: string }[] }} */
let figures = { counts: new Map(), complete: new Set(), gaps: [] };
/** @type {Area | undefined} */
let selected;

/** @param {Area} area */
function valueOf(area) {
  if (area.records === null) return null;
  return selects.measure.value === "density" ? area.records / area.km2 : area.records;
}

/** @param {Area} area */
function sayFigure(area) {
  const value = valueOf(area);
  if (value === null) return "no data";
  if (selects.measure.value === "density") return `${formatDensity(value)} per km²`;
  return whole.format(value);
}

/** @param {Area} area */
function sayArea(area) {
  const figure = sayFigure(area);
  const isCount = selects.measure.value === "count" && area.records !== null;
  return `${area.name}: ${figure}${isCount ? (area.records === 1 ? " crime" : " crimes") : ""}`;
}

/** @param {Area} area */
function describe(area) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = area.name;
  const figure = document.createElement("div");
  figure.textContent = sayArea(area).slice(area.name.length + 2);
  const force = document.createElement("small");
  force.textContent = area.forceName;
  box.append(name, figure, force);
  return box;
}

/** @param {string} path @param {Record<string, string>} query */
async function ask(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

const choice = () => ({ month: selects.month.value, category: selects.category.value });

/** @param {unknown} error */
function fail(error) {
  if (error instanceof Error && error.name === "AbortError") return;
  readout.textContent = error instanceof Error ? error.message : String(error);
}

async function start() {
  restore();
  const areas = await loadAreas();
  const layers = createLayers(frame, areas, describe);
  const { leaflet } = layers;
  const points = createPoints(leaflet, find("map-notice", HTMLElement), {
    choice: () => ({ ...choice(), force: selects.force.value }),
    nameOf: categoryName,
  });
  const list = createList(
    {
      input: find("map-find", HTMLInputElement),
      list: find("map-areas", HTMLElement),
      status: find("map-found", HTMLElement),
    },
    (area) => {
      const bounds = layers.boundsOf(area);
      if (bounds !== undefined) leaflet.fitBounds(bounds, { padding: [40, 40], maxZoom: 15 });
      void select(area).then(() => panel.querySelector("h2")?.focus());
    },
  );

  async function loadFigures() {
    if (choice().month === "") return;
    const { counts, complete, gaps } = await ask("/data/map/counts", choice());
    figures = {
      complete: new Set(complete),
      gaps,
      counts: new Map(
        counts.map((/** @type {[string, string, number]} */ [force, id, records]) => [
          keyOf({ force, id }),
          records,
        ]),
      ),
    };
    const without = new Set(figures.gaps.map(({ force }) => force));
    for (const area of areas) {
      const isKnown = figures.complete.has(area.force) && !without.has(area.force);
      area.records = isKnown ? (figures.counts.get(keyOf(area)) ?? 0) : null;
    }
  }

  function show() {
    const force = selects.force.value;
    const shown = areas.filter((area) => force === "" || area.force === force);
    const values = shown.map(valueOf).filter((value) => value !== null);
    const isCount = selects.measure.value === "count";
    const classes = classify(values, isCount);
    paint = () =>
      layers.paint((area) => {
        if (force !== "" && area.force !== force) return "other";
        const value = valueOf(area);
        return value === null ? "none" : classes.classOf(value);
      });
    paint();
    const title = `${textOf(selects.category)}${isCount ? "" : " per km²"}, ${textOf(selects.month)}`;
    renderLegend(legend, {
      title,
      classes,
      hasZero: values.some((value) => value === 0),
      hasNone: values.length < shown.length,
      gaps: figures.gaps.filter((gap) => shown.some((area) => area.force === gap.force)),
      forceName: (id) => areas.find((area) => area.force === id)?.forceName ?? id,
    });
    list.fill(
      shown.map((area) => ({ area, value: valueOf(area), text: sayFigure(area) })),
      force === "" && new Set(areas.map((area) => area.force)).size > 1,
    );
    readout.textContent = `${whole.format(shown.length)} ${shown.length === 1 ? "neighbourhood" : "neighbourhoods"}`;
  }
  let paint = () => {};

  /** @param {Area | undefined} area */
  async function select(area) {
    selected = area;
    layers.outline(area);
    panel.hidden = area === undefined;
    listSection.hidden = area !== undefined;
    remember();
    if (area === undefined) return;
    const detail =
      choice().month === ""
        ? { ...area, trend: [], categories: [], streets: [] }
        : await ask("/data/map/area", { ...choice(), force: area.force, id: area.id });
    if (selected !== area) return;
    const category = selects.category.value === "" ? "" : categoryName(selects.category.value);
    const close = () => {
      void select(undefined);
      find("map-find", HTMLInputElement).focus();
    };
    panel.replaceChildren(
      ...renderArea(detail, { month: selects.month.value, category, monthName, close }),
    );
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target === selects.force) {
      layers.fitForce(selects.force.value);
      if (selected && selects.force.value !== "" && selected.force !== selects.force.value)
        void select(undefined);
    }
    loadFigures()
      .then(show)
      .then(() => select(selected))
      .catch(fail);
    points.show().catch(fail);
    remember();
  });
  layers.group.on("click", ({ propagatedFrom }) => {
    select(layers.areaOf(propagatedFrom)).catch(fail);
  });
  layers.group.on("mouseover", ({ propagatedFrom }) => {
    const area = layers.areaOf(propagatedFrom);
    if (area !== undefined) readout.textContent = sayArea(area);
  });
  leaflet.on("moveend", () => {
    points.show().catch(fail);
    if (document.activeElement !== frame) return;
    const area = layers.areaInMiddle();
    readout.textContent = area === undefined ? "No neighbourhood in the middle" : sayArea(area);
  });
  let wasNear = false;
  leaflet.on("zoomend", () => {
    const isNear = leaflet.getZoom() >= POINTS_ZOOM;
    if (isNear !== wasNear) paint();
    wasNear = isNear;
  });
  // Leaflet takes the focus at a press of the pointer, too, which wants no cross
  frame.addEventListener("keyup", () => frame.classList.add("is-keyed"));
  for (const type of ["pointerdown", "blur"])
    frame.addEventListener(type, () => frame.classList.remove("is-keyed"));
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === frame) select(layers.areaInMiddle()).catch(fail);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());

  layers.fitForce(selects.force.value);
  await loadFigures();
  show();
  const wanted = new URLSearchParams(location.search);
  const area = areas.find(({ force, id }) => force === wanted.get("of") && id === wanted.get("id"));
  if (area === undefined) return;
  const bounds = layers.boundsOf(area);
  if (bounds !== undefined) leaflet.fitBounds(bounds, { padding: [40, 40], maxZoom: 15 });
  await select(area);
}

/** The address holds what is chosen, so that it can be kept and passed on. */
function remember() {
  const query = new URLSearchParams();
  for (const [name, select] of Object.entries(selects))
    if (select.selectedIndex > 0) query.set(name, select.value);
  if (selected !== undefined) {
    query.set("of", selected.force);
    query.set("id", selected.id);
  }
  history.replaceState(null, "", query.size === 0 ? "/map" : `/map?${query}`);
}

function restore() {
  const query = new URLSearchParams(location.search);
  for (const [name, select] of Object.entries(selects)) {
    const wanted = query.get(name);
    if ([...select.options].some(({ value }) => value === wanted)) select.value = wanted ?? "";
  }
}

start().catch(fail);
