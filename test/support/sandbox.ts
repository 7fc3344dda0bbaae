import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A request as a sandbox of another process saw it. */
export type SeenElsewhere = { atMs: number; path: string; params: string; status: number };

export type SandboxElsewhere = { url: string; stop(): Promise<SeenElsewhere[]> };

const FILE = fileURLToPath(new URL("sandbox-process.ts", import.meta.url));

/** Serves the bundled sample, limits and all, in another process; `stop` tells what it saw. */
export async function startElsewhere(): Promise<SandboxElsewhere> {
  const child = fork(FILE, { execArgv: ["--import", "tsx"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [started]: { url: string }[] = await once(child, "message");
  const url = started?.url ?? "";
  return {
    url,
    async stop() {
      child.send("stop");
      const [told]: { seen: SeenElsewhere[] }[] = await once(child, "message");
      return told?.seen ?? [];
    },
  };
}
