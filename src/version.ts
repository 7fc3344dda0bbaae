import { readFileSync } from "node:fs";

type Manifest = { version: string; homepage: string };

const manifest: Manifest = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

export const VERSION = manifest.version;

/** How the project names itself to the API. */
export const USER_AGENT = `ukpolice/${VERSION} (+${manifest.homepage})`;
