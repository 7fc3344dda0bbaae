import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import * as v from "@badrap/valita";
import { databaseError, explain } from "../errors.ts";
import type { Month } from "../types.ts";

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const month = v.string().assert((value) => MONTH.test(value));
/** Much more than the ids of all forces. */
const MOST_BYTES = 1024 * 1024;
/** Never through a link, and no waiting for who writes into a pipe; Windows has neither. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
    let text: string | undefined;
    try {
      text = readPlainFile(path);
    } catch (error) {
      if (isCode(error, "ENOENT")) return null;
      throw databaseError(`${path} cannot be read: ${explain(error)}`, { cause: error, hint });
    }
    const parsed = sidecar.try(parseJson(text ?? ""), { mode: "strip" });
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
        replaceFile(path, `${path}.${name}.partial`, `${text}\n`);
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

/** Undefined for what is no plain file, or much too large: a link, a pipe, a device. */
function readPlainFile(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, READ_FLAGS);
  } catch (error) {
    if (isCode(error, "ELOOP") || isCode(error, "ENXIO")) return undefined; // a link, a socket
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory() || (stat.isFile() && stat.size <= MOST_BYTES)) {
      return readFileSync(fd, "utf8");
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a file whole or not at all. What had its name, a link or a pipe, too, gives it up. A kill
 * leaves one other file at most, which the next writing clears: it has the name of the database.
 */
function replaceFile(path: string, partial: string, text: string): void {
  rmSync(partial, { force: true });
  try {
    const fd = openSync(partial, "wx");
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
