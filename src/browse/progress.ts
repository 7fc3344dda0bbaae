import type { Hono } from "hono";
import { html } from "hono/html";
import { streamSSE } from "hono/streaming";
import { isLocked } from "../store/lock.ts";
import { createProgress } from "../store/read/progress.ts";
import type { ProgressMessage } from "./messages.ts";
import { renderPage } from "./page.ts";
import { createHub } from "./progress-hub.ts";
import type { Sight } from "./progress-hub.ts";
import { PARTS, renderParts } from "./progress-parts.ts";
import type { Parts } from "./progress-parts.ts";
import type { BrowseTools } from "./tools.ts";

/** Without scripts the page is loaded again so often. */
const REFRESH_SECONDS = 5;

/** The section Progress: the crawl at hand, live, and the last runs. */
export function addProgress(app: Hono, { db, file, signal }: BrowseTools): void {
  const hub = createHub(createProgress(db), signal);
  const render = (sight: Sight) =>
    renderParts(sight, { nowMs: Date.now(), isLocked: isLocked(file) });

  app.get("/progress", (context) => {
    const parts = render(hub.look());
    const body = html`<h1>Progress</h1>
      <p class="hidden-label" id="connection" role="status"></p>
      ${PARTS.map((name) => html`<div id="part-${name}">${parts[name]}</div>`)}`;
    return context.html(
      renderPage({
        title: "Progress",
        active: "progress",
        body,
        styles: ["/assets/progress.css"],
        scripts: ["/assets/progress.js"],
        refreshSeconds: REFRESH_SECONDS,
      }),
    );
  });

  app.get("/progress/events", (context) => {
    context.header("cache-control", "no-cache, no-transform");
    if (context.req.method === "HEAD") return context.body(null);
    return streamSSE(context, async (stream) => {
      const send = async (sight: Sight) => {
        await stream.writeSSE({ data: JSON.stringify(await toMessage(render(sight))) });
      };
      const first = hub.look();
      await new Promise<void>((resolve) => {
        const leave = hub.listen({ onSight: (sight) => void send(sight), onEnd: resolve });
        stream.onAbort(() => {
          leave();
          resolve();
        });
        void send(first);
      });
    });
  });
}

async function toMessage(parts: Parts): Promise<ProgressMessage> {
  const message: ProgressMessage = {};
  for (const name of PARTS) message[name] = String(await parts[name]);
  return message;
}
