import type { Hono } from "hono";
import { html } from "hono/html";
import { createMapReader, MAP_KINDS } from "../store/read/map.ts";
import type { MapKind, MapReader } from "../store/read/map.ts";
import { createIsSample } from "../store/read/origin.ts";
import { addMapData } from "./map-data.ts";
import { capitalize } from "../text.ts";
import { createShapes } from "./map-shapes.ts";
import { nameMonth } from "./months.ts";
import { renderNotice, renderPage } from "./page.ts";
import type { Html } from "./page.ts";
import type { BrowseTools } from "./tools.ts";

const STYLES = ["/vendor/leaflet.css", "/assets/map.css"];
const SCRIPTS = ["/assets/map.js"];

/** The page Map, and the data that its script asks for. */
export function addMap(app: Hono, { db, signal }: BrowseTools): void {
  const readers = {
    crimes: createMapReader(db, "crimes"),
    stops: createMapReader(db, "stops"),
  };
  const reader = readers.crimes;
  const isSample = createIsSample(db);
  const shapes = createShapes(reader, signal);
  // begun with the first page of any kind, so that it is there when the map asks
  shapes.find().catch(() => {});
  app.get("/map", (context) => {
    const hasShapes = reader.hasBoundaries();
    const kind = MAP_KINDS.find((one) => one === context.req.query("kind")) ?? "crimes";
    const body = hasShapes ? renderMap(readers[kind], kind, isSample()) : renderNone();
    const scripts = hasShapes ? SCRIPTS : [];
    return context.html(renderPage({ title: "Map", active: "map", body, styles: STYLES, scripts }));
  });
  addMapData(app, { readers, shapes });
}

function renderNone(): Html {
  return renderNotice(
    "No boundaries yet",
    html`The map is drawn from the boundaries of neighbourhoods, and there are none in this
      database. A crawl fetches them before its first month: <a href="/progress">Progress</a> shows
      how far it is.`,
  );
}

/** Where the records of each kind are, and what is to be known of them. */
const LEADS: Record<MapKind, string> = {
  crimes: "Crimes of a month by neighbourhood; nearer, at their anonymised map points.",
  stops:
    "Stops and searches of a month by the neighbourhood that they lie in; those without a location are not here. They are no rates.",
};

const OF_SAMPLE: Record<MapKind, string> = {
  crimes:
    "The sample lacks wards of the east and the City: they are grey, and those beside them have few.",
  stops: "The bundled sample has stops of the City of London Police alone.",
};

function renderMap(reader: MapReader, kind: MapKind, isSample: boolean): Html {
  const months = reader.listMonths();
  return html`<h1>Map</h1>
    <p class="lead">${LEADS[kind]}${isSample ? ` ${OF_SAMPLE[kind]}` : ""}</p>
    <p class="map-kinds" aria-label="What is shown">
      ${MAP_KINDS.map((one) =>
        one === kind
          ? html`<a aria-current="true" href="/map?kind=${one}">${capitalize(one)}</a> `
          : html`<a href="/map?kind=${one}">${capitalize(one)}</a> `,
      )}
    </p>
    ${
      months.length === 0
        ? html`<p class="message" id="no-months">
            No month of ${kind} is complete yet, so that the boundaries have no colours.
            <a href="/progress">Progress</a> shows how far the crawl is.
          </p>`
        : ""
    }
    <p class="message" id="map-left-out" hidden></p>
    ${renderControls(reader, months, { kind, isSample })}
    <div class="map-layout">
      <div class="map-frame">
        <div
          id="map"
          role="application"
          aria-label="Map of neighbourhoods"
          aria-describedby="map-keys"
        ></div>
        <p id="map-readout" class="map-box" aria-live="polite">Loading the boundaries …</p>
        <div id="map-legend" class="map-box" role="group" aria-label="Legend"></div>
        <p id="map-notice" class="map-box" role="status" hidden></p>
      </div>
      <aside class="map-side" aria-label="Neighbourhoods">
        <section id="map-area" hidden></section>
        <section id="map-list">
          <label for="map-find">Find a neighbourhood</label>
          <input id="map-find" type="search" autocomplete="off" placeholder="Name, id or force" />
          <p id="map-found" class="small muted" role="status"></p>
          <ol id="map-areas"></ol>
        </section>
      </aside>
    </div>
    <p id="map-keys" class="small muted">
      By keyboard: arrows move the map, <kbd>+</kbd> and <kbd>-</kbd> zoom, <kbd>Enter</kbd> opens
      what lies in the middle; the list has every neighbourhood, too.
    </p>
    <p class="small muted">
      Coast, main rivers and place names: Natural Earth, public domain, drawn for maps of the
      country: near by, a river may lie a kilometre beside its bed.
    </p>
    <noscript><p class="message">The map needs JavaScript; the tables do not.</p></noscript>`;
}

function renderControls(
  reader: MapReader,
  months: readonly string[],
  { kind, isSample }: { kind: MapKind; isSample: boolean },
): Html {
  const newestFirst = months.toReversed();
  return html`<form
    class="row"
    id="map-choose"
    autocomplete="off"
    data-kind="${kind}"
    data-sample="${isSample ? "yes" : ""}"
  >
    <div>
      <label for="map-month">Month</label>
      <select id="map-month" name="month">
        ${newestFirst.map((month) => html`<option value="${month}">${nameMonth(month)}</option>`)}
      </select>
    </div>
    <div>
      <label for="map-category">Category</label>
      <select id="map-category" name="category">
        <option value="">${kind === "crimes" ? "All crime" : "All stops"}</option>
        ${reader
          .listCategories()
          .map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
      </select>
    </div>
    <div>
      <label for="map-force">Force</label>
      <select id="map-force" name="force">
        <option value="">All forces</option>
        ${reader.listForces().map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
      </select>
    </div>
    <div>
      <label for="map-measure">Shown as</label>
      <select id="map-measure" name="measure">
        <option value="count">${capitalize(kind)}</option>
        <option value="density">${capitalize(kind)} per km²</option>
      </select>
    </div>
  </form>`;
}
