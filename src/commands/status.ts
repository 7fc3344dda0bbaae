import { existsSync } from "node:fs";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { databaseError } from "../errors.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import { shellWord } from "../report/text.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { once } from "./checks.ts";
import type { Runtime } from "./runtime.ts";

export const STATUS_OPTIONS = {
  db: {
    type: "string",
    requiresArg: true,
    default: DATABASE_FILE,
    coerce: once("db"),
    describe: "The database",
  },
  json: { type: "boolean", default: false, describe: "One JSON document on stdout" },
} satisfies Record<string, Options>;

type StatusArgs = InferredOptionTypes<typeof STATUS_OPTIONS>;

export const statusCommand = (runtime: Runtime): CommandModule<object, StatusArgs> => ({
  command: "status",
  describe: "Show what the database holds, what it lacks and what to run next",
  builder: (yargs) =>
    yargs
      .options(STATUS_OPTIONS)
      .example("$0 status", "How ukpolice.db is, also while a crawl is writing to it")
      .example("$0 status --db sandbox/ukpolice.db", "How the sandbox's database is")
      .example("$0 status --json", "The same and more, for scripts"),
  handler: async ({ db: file, json }) => {
    const { stdout, unicode, isAlive } = runtime;
    checkThere(file);
    const { toStatusDocument } = await import("../report/status-document.ts");
    const { describeStatus } = await import("../report/status.ts");
    const { measureFile } = await import("../store/read/status.ts");
    const snapshot = await readSnapshot(file);
    const around = { database: file, ...measureFile(file), now: new Date(), isAlive };
    const status = toStatusDocument(snapshot, around);
    const text = json
      ? JSON.stringify(status, null, 2)
      : describeStatus(status, { stream: stdout, unicode });
    stdout.write(`${text}\n`);
  },
});

async function readSnapshot(file: string) {
  const { createStatus } = await import("../store/read/status.ts");
  const db = openForReading(file);
  try {
    return createStatus(db, file)();
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db.close();
  }
}

/** A database that is not there is no empty one: the name may be wrong. */
function checkThere(file: string): void {
  if (existsSync(file)) return;
  const sandbox = file === DATABASE_FILE && existsSync(SANDBOX_FILE);
  throw databaseError(`there is no database ${file}`, {
    hint: sandbox
      ? `look at the sandbox's: ukpolice status --db ${SANDBOX_FILE}`
      : `make it with: ukpolice crawl${file === DATABASE_FILE ? "" : ` --db ${shellWord(file)}`}`,
  });
}
