import { Hono } from "hono";
import { addMap } from "./map.ts";
import { addOverview } from "./overview.ts";
import { renderNotice, renderPage } from "./page.ts";
import { addProgress } from "./progress.ts";
import { addRevisions } from "./revisions.ts";
import { addStart } from "./start.ts";
import { addStops } from "./stops.ts";
import { addSql } from "./sql.ts";
import { addTables } from "./tables.ts";
import type { BrowseTools } from "./tools.ts";

/** The pages of one open database. */
export function createApp(tools: BrowseTools): Hono {
  const app = new Hono();
  addStart(app, tools);
  addOverview(app, tools);
  addMap(app, tools);
  addStops(app, tools);
  addRevisions(app, tools);
  addTables(app, tools);
  addSql(app, tools);
  addProgress(app, tools);
  app.notFound((context) => {
    const body = renderNotice("Nothing here", "There is no page at this address.");
    return context.html(renderPage({ title: "Not found", body }), 404);
  });
  app.onError((error) => {
    throw error; // the server knows what to say
  });
  return app;
}
