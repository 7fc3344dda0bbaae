import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { HTTPException } from "hono/http-exception";
import { EXIT, explain, UkpoliceError } from "../errors.ts";
import { asDatabaseError } from "../store/database.ts";
import { addAssets } from "./assets.ts";
import { createGuard } from "./guard.ts";
import { createLibrary } from "./library.ts";
import type { Library } from "./library.ts";
import { renderNotice, renderPage } from "./page.ts";

const HOST = "127.0.0.1";

export type BrowseOptions = {
  file: string;
  /** 0: any free one. */
  port: number;
  /** Told of what went wrong in a request that was not to be expected. */
  onError: (error: unknown) => void;
};

export type BrowseServer = { url: string; close(): Promise<void> };

/** Serves the pages on 127.0.0.1; exits with 2 where the port cannot be listened on. */
export async function startBrowse(options: BrowseOptions): Promise<BrowseServer> {
  const library = createLibrary(options);
  let listening = options.port;
  const site = createSite(library, options, () => listening);
  const server = createAdaptorServer({ fetch: site.fetch });
  listening = await listen(server, options.port);
  return {
    url: `http://${HOST}:${listening}/`,
    close: () =>
      new Promise((resolve) => {
        library.close();
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function createSite(library: Library, { file, onError }: BrowseOptions, port: () => number): Hono {
  const site = new Hono();
  site.use(createGuard(port));
  site.use(compress());
  addAssets(site);
  site.all("*", (context) => library.fetch(context.req.raw));
  site.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    const known = asDatabaseError(error, file);
    const expected = known instanceof UkpoliceError;
    if (!expected) onError(error);
    const hint = expected ? (known.hint ?? "") : "This is a bug; please report it.";
    const body = renderNotice("This page failed", explain(known), hint);
    return context.html(renderPage({ title: "Failed", body }), expected ? 503 : 500);
  });
  return site;
}

function listen(server: ReturnType<typeof createAdaptorServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is taken" : "cannot be listened on";
      const hint = `name another with --port ${port < 65_535 ? port + 1 : 9090}; 0 takes any free one`;
      reject(new UkpoliceError(`port ${port} ${why}`, EXIT.usage, { cause, hint }));
    });
    server.listen(port, HOST, () => resolve(portOf(server)));
  });
}

function portOf(server: { address: Server["address"] }): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port is listened on");
  return address.port;
}
