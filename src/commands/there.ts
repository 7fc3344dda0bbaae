import { existsSync } from "node:fs";
import { databaseError } from "../errors.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { shellWord } from "../text.ts";

/** A database that is not there is not an empty one: the name may be wrong. */
export function checkThere(file: string, command = "status"): void {
  if (existsSync(file)) return;
  const sandbox = file === DATABASE_FILE && existsSync(SANDBOX_FILE);
  throw databaseError(`there is no database ${file}`, {
    hint: sandbox
      ? `look at the sandbox's: ukpolice ${command} --db ${SANDBOX_FILE}`
      : `make it with: ukpolice crawl${file === DATABASE_FILE ? "" : ` --db ${shellWord(file)}`}`,
  });
}
