import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A request as a sandbox of another process saw it. */
export type SeenElsewhere = { atMs: number; path: string; params: string; status: number };

export type SandboxElsewhere = {
  url: string;
  stop(): Promise<SeenElsewhere[]>;
  /** Ends it, if it has not ended. */
  kill(): void;
};

const FILE = fileURLToPath(new URL("sandbox-process.ts", import.meta.url));

/** Serves the bundled sample, limits and all, in another process; `stop` tells what it saw. */
export async function startElsewhere(): Promise<SandboxElsewhere> {
  const child = fork(FILE, { execArgv: ["--import", "tsx"] });
  const [started]: { url: string }[] = await once(child, "message");
  const url = started?.url ?? "";
  return {
    url,
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      child.send("stop");
      const [told]: { seen: SeenElsewhere[] }[] = await once(child, "message");
      return told?.seen ?? [];
    },
  };
}
