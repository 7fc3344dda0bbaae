import { createHash, randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Where a process's number says whether it lives: a machine, or a container with numbers of its own. */
const HOST = createHash("sha256")
  .update(`${hostname()} ${findNamespace()}`)
  .digest("hex")
  .slice(0, 8);
/** Made anew by every process: the number of one that died may be this one's by now. */
const PROCESS = randomBytes(4).toString("hex");
const NAME = /^\.ukpolice-([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-\d+\.partial$/;
/** Of another machine it is not known whether a process lives: an export writes all the time. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

let count = 0;

/** A path for a file that is not whole yet; its name says which process of which machine owns it. */
export function choosePartial(folder: string): string {
  count += 1;
  return join(folder, `.ukpolice-${HOST}-${process.pid}-${PROCESS}-${count}.partial`);
}

/** Whether a process of this machine lives. */
export type IsLiving = (pid: number) => boolean;

/** Removes what exports that were killed left in a folder; what a living one owns stays. */
export async function clearPartials(folder: string, isLiving: IsLiving): Promise<void> {
  const lives = (pid: number, owner: string | undefined) =>
    pid === process.pid ? owner === PROCESS : isLiving(pid);
  for (const name of await readdir(folder)) {
    const [, host, pid, owner] = NAME.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const isOwned = host === HOST ? lives(Number(pid), owner) : !(await isAbandoned(path));
    if (isOwned) continue;
    await rm(path, { force: true }).catch(() => {
      // An export need not fail for what another one left: it says so where it cannot write.
    });
  }
}

/** Linux alone tells, and only there it is needed. */
function findNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS;
}
