import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes npm-shrinkwrap.json, the lock that goes into the package, so that what is installed is
 * what was tested. It is package-lock.json without what is for development: npm would install that,
 * too. Called when the package is packed.
 */
type Lock = { packages: Record<string, { dev?: boolean; devDependencies?: unknown }> };

const [folder = "."] = process.argv.slice(2);
const lock: Lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
const used = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
for (const [, entry] of used) delete entry.devDependencies;
const shrinkwrap = { ...lock, packages: Object.fromEntries(used) };
writeFileSync(join(folder, "npm-shrinkwrap.json"), `${JSON.stringify(shrinkwrap, null, 2)}\n`);
