import { once as onceEvent } from "node:events";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { StoppedError } from "../errors.ts";
import { FAULTS, parseFaults } from "../sandbox/faults.ts";
import { LATENCIES } from "../sandbox/limits.ts";
import { once, range } from "./checks.ts";
import type { Runtime } from "./runtime.ts";

export const SANDBOX_OPTIONS = {
  port: {
    type: "number",
    requiresArg: true,
    default: 0,
    coerce: range("port", 0, 65_535),
    describe: "Port on 127.0.0.1; 0 is any free one",
  },
  latency: {
    choices: LATENCIES,
    default: "small" as const,
    describe: "How long replies take; live is as observed in the field",
  },
  fault: {
    type: "string",
    requiresArg: true,
    default: "",
    coerce: (value: string) => parseFaults(once("fault")(value)),
    describe: `Share of replies to break: ${FAULTS.join(", ")}`,
  },
  seed: {
    type: "number",
    requiresArg: true,
    default: 1,
    coerce: range("seed", 0, 2 ** 31),
    describe: "Chooses which replies break",
  },
  verbose: { type: "boolean", default: false, describe: "A line for every request" },
} satisfies Record<string, Options>;

type SandboxArgs = InferredOptionTypes<typeof SANDBOX_OPTIONS>;

export const sandboxCommand = (runtime: Runtime): CommandModule<object, SandboxArgs> => ({
  command: "sandbox",
  describe: "Serve the bundled sample as the API would, on this machine alone",
  builder: (yargs) =>
    yargs
      .options(SANDBOX_OPTIONS)
      .example("$0 sandbox --port 8080", "Then: ukpolice crawl --api-url http://127.0.0.1:8080/api")
      .example("$0 sandbox --latency live", "As slow as the real API")
      .example("$0 sandbox --fault 500=0.05,reset=0.02", "Break 7% of the replies"),
  handler: async ({ fault, verbose, ...args }) => {
    const { stdout, stderr, signal } = runtime;
    const { loadSample } = await import("../sandbox/sample.ts");
    const { startSandbox } = await import("../sandbox/server.ts");
    const sandbox = await startSandbox({
      world: loadSample(),
      faults: fault,
      ...args,
      onRequest: ({ method, path, status }) => {
        if (verbose) stderr.write(`${method} ${path} ${status || "broken"}\n`);
      },
    });
    stdout.write(`${sandbox.url}\n`);
    stderr.write("only this machine can reach it; stop it with Ctrl-C\n");
    if (!signal.aborted) await onceEvent(signal, "abort");
    await sandbox.close();
    throw new StoppedError(signal);
  },
});
