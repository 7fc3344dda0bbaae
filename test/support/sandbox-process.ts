import { loadSample } from "../../src/sandbox/sample.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { SeenElsewhere } from "./sandbox.ts";

/** A sandbox in a process of its own, so that nothing else takes its time: see startElsewhere. */
const seen: SeenElsewhere[] = [];
const sandbox = await startSandbox({
  world: loadSample(),
  latency: "small",
  onRequest: ({ atMs, path, params, status }) =>
    void seen.push({ atMs, path, params: params.toString(), status }),
});
process.send?.({ url: sandbox.url });
process.once("message", () => {
  process.send?.({ seen }, () => process.exit());
});
