import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { EXIT, UkpoliceError } from "../errors.ts";
import { addAssets } from "./assets.ts";
import { createGuard } from "./guard.ts";
import { createPages } from "./pages-process.ts";
import type { Pages, PagesOptions } from "./pages-process.ts";

const HOST = "127.0.0.1";

export type BrowseOptions = PagesOptions & {
  /** 0: any free one. */
  port: number;
};

export type BrowseServer = { url: string; close(): Promise<void> };

/** Serves the pages on 127.0.0.1; exits with 2 where the port cannot be listened on. */
export async function startBrowse(options: BrowseOptions): Promise<BrowseServer> {
  const pages = createPages(options);
  let listening = options.port;
  const site = createSite(pages, options, () => listening);
  const server = createAdaptorServer({ fetch: site.fetch });
  listening = await listen(server, options.port);
  pages.warm();
  return {
    url: `http://${HOST}:${listening}/`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await Promise.all([pages.close(), closed]);
    },
  };
}

function createSite(
  pages: Pages,
  { onError }: BrowseOptions,
  port: () => number,
): Hono<{ Bindings: HttpBindings }> {
  const site = new Hono<{ Bindings: HttpBindings }>();
  site.use(createGuard(port));
  site.use(compress());
  addAssets(site);
  site.all("*", ({ req, env }) => pages.fetch(req.raw, () => env.outgoing.destroy()));
  site.onError((error, context) => {
    onError(error);
    return context.text("this failed; please report it\n", 500);
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
