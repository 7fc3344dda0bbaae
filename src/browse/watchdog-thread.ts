/** The thread that ends its process: see watchdog.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { Watch } from "./watchdog.ts";

/** Little enough that what can be allocated in between is little, too. */
const LOOK_MS = 20;

const { deadline, parent, mostBytes }: Watch = workerData;

setInterval(() => {
  if (isLate() || isOrphan() || process.memoryUsage.rss() > mostBytes)
    process.kill(process.pid, "SIGKILL");
}, LOOK_MS);
parentPort?.postMessage("watching");

function isLate(): boolean {
  const end = Atomics.load(deadline, 0);
  return end > 0n && process.hrtime.bigint() > end;
}

/** Another process takes an orphan on, but not on Windows. */
function isOrphan(): boolean {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}
