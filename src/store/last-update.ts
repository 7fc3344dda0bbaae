import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import * as v from "@badrap/valita";
import { sync as writeFileAtomic } from "write-file-atomic";
import { databaseError, explain } from "../errors.ts";
import type { Month } from "../types.ts";

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const month = v.string().assert((value) => MONTH.test(value));
const sidecar = v.object({
  last_update: month,
  since: month,
  forces: v.union(v.literal("all"), v.array(v.string())),
  database: v.string(),
});

/** What a crawl was asked to keep complete: every published month from `since` on. */
export type Aim = { since: Month; forces: "all" | readonly string[] };

export type LastUpdate = Aim & { month: Month; database: string };

export type Sidecar = ReturnType<typeof createLastUpdate>;

/** `last_update.json`, beside the database: how far it is complete, for other programs and for `-u`. */
export function createLastUpdate(path: string, database: string) {
  const name = basename(database);
  const hint = "check its permissions and the room on the disk; the database itself is well";

  /** Null when there is none; an error with exit code 4 when it cannot be understood. */
  function read(): LastUpdate | null {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return null;
      throw databaseError(`${path} cannot be read: ${explain(error)}`, { cause: error, hint });
    }
    const parsed = sidecar.try(parseJson(text), { mode: "strip" });
    if (!parsed.ok) {
      throw databaseError(`${path} is damaged`, {
        hint: "delete it: a crawl without -u looks at the database and writes it anew",
      });
    }
    const { last_update, ...rest } = parsed.value;
    return { month: last_update, ...rest };
  }

  return {
    path,
    name,
    read,
    write({ month: last_update, since, forces }: Aim & { month: Month }): void {
      const text = JSON.stringify({ last_update, since, forces, database: name });
      try {
        writeFileAtomic(path, `${text}\n`);
      } catch (error) {
        throw databaseError(`${path} cannot be written: ${explain(error)}`, { cause: error, hint });
      }
    },
    remove(): void {
      try {
        rmSync(path, { force: true });
      } catch (error) {
        throw databaseError(`${path} cannot be removed: ${explain(error)}`, { cause: error, hint });
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
