import type { Hono } from "hono";
import { html } from "hono/html";
import type { BrowseTools } from "./app.ts";
import { renderPage } from "./page.ts";

/** The page Map. */
export function addMap(app: Hono, { file }: BrowseTools): void {
  app.get("/map", (context) =>
    context.html(
      renderPage({
        title: "Map",
        active: "map",
        body: html`<h1>Map</h1>
          <p>${file}</p>`,
      }),
    ),
  );
}
