import { once as onceEvent } from "node:events";
import type { CommandModule } from "yargs";
import { StoppedError } from "../errors.ts";
import type { Seen } from "../sandbox/server.ts";
import type { Runtime } from "./runtime.ts";
import { SANDBOX_OPTIONS } from "./sandbox-options.ts";
import type { SandboxOptionTypes } from "./sandbox-options.ts";

/** Without choices: the parser would refuse a number. */
const { choices: _, ...latency } = SANDBOX_OPTIONS.latency;

export const sandboxCommand = (runtime: Runtime): CommandModule<object, SandboxOptionTypes> => ({
  command: "sandbox",
  describe: "Serve the bundled sample as the API would, on this machine alone",
  builder: (yargs) =>
    yargs
      .options({ ...SANDBOX_OPTIONS, latency })
      .example("$0 sandbox --port 8080", "Then: ukpolice crawl --api-url http://127.0.0.1:8080/api")
      .example("$0 sandbox --release 2018-06-05", "Released anew: what crawl --refresh is for")
      .example("$0 sandbox --latency live", "As slow as the real API")
      .example("$0 sandbox --fault 500=0.05,reset=0.02", "Break 7% of the replies")
      .example("$0 sandbox --outage 30..150", "Be down for two minutes")
      .example("$0 sandbox --gateway 3000:silence", "Leave large areas without an answer")
      .example("$0 sandbox --break /forces=502", "Break one endpoint alone")
      .example(
        "$0 sandbox --late city-of-london:1",
        "Publish its newest stops for the second crawl",
      )
      .example("$0 sandbox --lie gzip-bomb=1 --lie-area 51.5142,-0.0931", "Lie about the City"),
  handler: async ({ fault, lie, outage, break: breaks, release, verbose, ...args }) => {
    const { stdout, stderr, signal } = runtime;
    const { loadSample } = await import("../sandbox/sample.ts");
    const { startSandbox } = await import("../sandbox/server.ts");
    const sandbox = await startSandbox({
      world: loadSample({ release }),
      faults: fault,
      lies: lie,
      outages: outage,
      breaks,
      ...args,
      onRequest: (seen) => {
        if (verbose) stderr.write(`${describeRequest(seen)}\n`);
      },
    });
    stdout.write(`${sandbox.url}\n`);
    stderr.write("only this machine can reach it; stop it with Ctrl-C\n");
    if (!signal.aborted) await onceEvent(signal, "abort");
    await sandbox.close();
    throw new StoppedError(signal);
  },
});

function describeRequest({ method, path, status, trouble, obstacle, records }: Seen): string {
  const met = trouble === undefined && obstacle !== undefined ? ` ${obstacle}` : "";
  const held = records > 0 ? ` ${records} records` : "";
  return `${method} ${path} ${trouble ?? status}${met}${held}`;
}
