import type { Hono } from "hono";
import { html } from "hono/html";
import type { BrowseTools } from "./app.ts";
import { renderPage } from "./page.ts";

/** The page Overview. */
export function addOverview(app: Hono, { file }: BrowseTools): void {
  app.get("/", (context) =>
    context.html(
      renderPage({
        title: "Overview",
        active: "overview",
        body: html`<h1>Overview</h1>
          <p>${file}</p>`,
      }),
    ),
  );
}
