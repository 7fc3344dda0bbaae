import { once as onceEvent } from "node:events";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { explain, StoppedError } from "../errors.ts";
import { printable } from "../text.ts";
import { databaseFile, range } from "./checks.ts";
import type { Runtime } from "./runtime.ts";

export const BROWSE_OPTIONS = {
  port: {
    type: "number",
    requiresArg: true,
    default: 9090,
    coerce: range("port", 0, 65_535),
    describe: "Port on 127.0.0.1; 0 is any free one",
  },
  db: {
    type: "string",
    requiresArg: true,
    default: "ukpolice.db",
    coerce: databaseFile,
    describe: "The database",
  },
  open: { type: "boolean", default: false, describe: "Open the page in the browser, too" },
} satisfies Record<string, Options>;

type BrowseArgs = InferredOptionTypes<typeof BROWSE_OPTIONS>;

export const browseCommand = (runtime: Runtime): CommandModule<object, BrowseArgs> => ({
  command: "browse",
  describe: "Look into the database with a web browser, on this machine alone",
  builder: (yargs) =>
    yargs
      .options(BROWSE_OPTIONS)
      .example("$0 browse --open", "ukpolice.db, in the browser; a crawl may run meanwhile")
      .example("$0 browse --db sandbox/ukpolice.db", "What crawl --sandbox made")
      .example("$0 browse --port 0", "On any free port"),
  handler: async ({ port, db, open }) => {
    const { stdout, stderr, signal } = runtime;
    const { startBrowse } = await import("../browse/server.ts");
    const warn = (error: unknown) => stderr.write(`warning: ${printable(explain(error))}\n`);
    const server = await startBrowse({ file: db, port, onError: warn });
    stdout.write(`${server.url}\n`);
    stderr.write("read-only, and only this machine can reach it; stop it with Ctrl-C\n");
    if (open) await openBrowser(server.url).catch(warn);
    if (!signal.aborted) await onceEvent(signal, "abort");
    await server.close();
    throw new StoppedError(signal);
  },
});

async function openBrowser(url: string): Promise<void> {
  const { default: launch } = await import("open");
  await launch(url);
}
