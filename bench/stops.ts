import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RecordList } from "../src/sandbox/record-list.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import { createCountry } from "./country.ts";
import { atMost } from "./figure.ts";
import type { Part } from "./figure.ts";

const BIN = fileURLToPath(new URL("../bin/ukpolice.js", import.meta.url));
const MONTH = "2018-01";
const REPLY_MB = 12;
const REPORT =
  'process.on("exit", () => process._rawDebug("peak " + process.resourceUsage().maxRSS))';

/** What the largest replies cost: stops of a force and month come all at once. */
export const stops: Part = async (folder) => {
  const country = createCountry({ seed: 1, months: [MONTH] });
  const large = repeat(country.stops("metropolitan", MONTH), REPLY_MB * 1e6);
  const world = {
    ...country,
    stopForces: () => FORCES,
    stops: () => large,
  };
  const sandbox = await startSandbox({ world, limited: false });
  try {
    const args = ["crawl", "--api-url", sandbox.url, "--what", "stops", "--force", ...FORCES];
    const { stderr } = await promisify(execFile)(process.execPath, [BIN, ...args, "--quiet"], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURI(REPORT)}` },
    });
    const peakMb = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
    const note = `${FORCES.length} replies of ${REPLY_MB} MB, ${large.count} stops each, 12 requests in flight at most`;
    return [atMost("MB of memory at most, with the largest replies of stops", peakMb, 400, note)];
  } finally {
    await sandbox.close();
  }
};

/** Those with few neighbourhoods, for the replies are the subject. */
const FORCES = ["city-of-london", "btp"];

/** Stops as often as it takes for so many bytes. */
function repeat(list: RecordList | undefined, bytes: number): RecordList {
  const texts = Array.from({ length: list?.count ?? 0 }, (_, at) => list?.json(at) ?? "null");
  const each = texts.reduce((sum, text) => sum + text.length + 1, 0) / texts.length;
  return {
    count: Math.ceil(bytes / each),
    json: (index) => texts[index % texts.length] ?? "null",
  };
}
