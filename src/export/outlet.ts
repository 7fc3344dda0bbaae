import { mkdir, open, rename, rm, rmdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { EXIT, explain, throwIfStopped, UkpoliceError } from "../errors.ts";
import type { Chunk } from "./format.ts";
import { choosePartial, clearPartials } from "./partial.ts";
import type { IsLiving } from "./partial.ts";

/** Where files go: takes one whole file, and returns its bytes. */
export type Outlet = {
  write(path: string, chunks: Iterable<Chunk>, signal: AbortSignal): Promise<number>;
};

/** A folder that files go to, one by one or together. */
export type FolderOutlet = Outlet & {
  /** As `write`, but for the last step: the file has its name when all are put in place. */
  stage: Outlet["write"];
  /** Gives all that is staged its name. */
  settle(): Promise<void>;
  /** Removes what is staged. */
  discard(): Promise<void>;
  /** Removes a file, and the folders that it leaves empty. */
  remove(path: string): Promise<void>;
};

/** The stream took no more: its reader has seen enough, or its owner has been told of worse. */
export class ClosedStreamError extends Error {}

const HINTS: Record<string, string> = {
  ENOSPC: "the disk is full; free some room, or name another folder with --out",
  EDQUOT: "your share of the disk is used up; free some room, or name another folder with --out",
  EFBIG: "files may not be so large there; name another folder with --out",
  EACCES: "check the permissions, or name another folder with --out",
  EPERM: "check the permissions, or name another folder with --out",
  EROFS: "nothing can be written there; name another folder with --out",
  ENOTDIR: "a file is in the way of the folder; name another one with --out",
  EEXIST: "a file is in the way of the folder; name another one with --out",
  EXDEV: "a folder there is on another disk; name that one with --out",
  EISDIR: "a folder is in the way of the file; move it away, or name another folder with --out",
};

/**
 * Files below a folder, each whole or not at all: written in that folder under another name, which
 * starts with a dot and has no ending that a reader looks for, brought to the disk, then renamed.
 * What is there already is replaced at that moment, and what killed exports left is cleared before
 * the first, as far as `isLiving` knows of its process. Errors exit with 4.
 */
export function createFolderOutlet(folder: string, isLiving: IsLiving = () => true): FolderOutlet {
  let isCleared = false;
  const staged: Whole[] = [];
  const prepare = async (path: string, chunks: Iterable<Chunk>, signal: AbortSignal) => {
    const target = join(folder, path);
    const partial = choosePartial(folder);
    try {
      await mkdir(dirname(target), { recursive: true });
      if (!isCleared) await clearPartials(folder, isLiving);
      isCleared = true;
      return { partial, target, bytes: await writePartial(partial, chunks, signal) };
    } catch (error) {
      await removeQuietly(partial);
      throw asOutputError(error, target);
    }
  };
  return {
    async write(path, chunks, signal) {
      const whole = await prepare(path, chunks, signal);
      await putInPlace(whole);
      return whole.bytes;
    },
    async stage(path, chunks, signal) {
      const whole = await prepare(path, chunks, signal);
      staged.push(whole);
      return whole.bytes;
    },
    async settle() {
      for (const whole of staged) await putInPlace(whole);
      staged.length = 0;
    },
    async discard() {
      for (const { partial } of staged.splice(0)) await removeQuietly(partial);
    },
    async remove(path) {
      const target = join(folder, path);
      await rm(target, { force: true }).catch((error: unknown) => {
        throw asOutputError(error, target);
      });
      await removeEmpty(folder, dirname(path));
    },
  };
}

/** A file that is whole, and has not its name yet. */
type Whole = { partial: string; target: string; bytes: number };

async function putInPlace({ partial, target }: Whole): Promise<void> {
  try {
    await rename(partial, target);
  } catch (error) {
    await removeQuietly(partial);
    throw asOutputError(error, target);
  }
}

/** The first error says more than one of clearing up. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {});
}

/** Folders that are not empty stay, and so does the one that was named. */
async function removeEmpty(folder: string, path: string): Promise<void> {
  for (let at = path; at !== "."; at = dirname(at)) {
    const isGone = await rmdir(join(folder, at)).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function writePartial(
  path: string,
  chunks: Iterable<Chunk>,
  signal: AbortSignal,
): Promise<number> {
  const handle: FileHandle = await open(path, "wx");
  try {
    let bytes = 0;
    for (const chunk of chunks) {
      throwIfStopped(signal);
      await handle.writeFile(chunk);
      bytes += Buffer.byteLength(chunk);
    }
    throwIfStopped(signal);
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}

/**
 * One file into a stream, at the pace of its reader; a ClosedStreamError when it takes no more.
 * Text is changed before, where it must not be exact.
 */
export function createStreamOutlet(
  stream: Writable,
  change: (text: string) => string = (text) => text,
): Outlet {
  const write = (chunk: Chunk) =>
    new Promise<void>((resolve, reject) => {
      stream.write(typeof chunk === "string" ? change(chunk) : chunk, (cause) => {
        if (cause) reject(new ClosedStreamError("the stream is closed", { cause }));
        else resolve();
      });
    });
  return {
    async write(_, chunks, signal) {
      let bytes = 0;
      for (const chunk of chunks) {
        throwIfStopped(signal);
        await write(chunk);
        bytes += Buffer.byteLength(chunk);
      }
      return bytes;
    },
  };
}

/** What the system refused, in a user's words; anything else is passed on. */
function asOutputError(error: unknown, target: string): unknown {
  if (!isSystemError(error)) return error;
  const hint = HINTS[error.code] ?? "name another folder with --out";
  const message = `${target} cannot be written: ${explain(error)}`;
  return new UkpoliceError(message, EXIT.database, { hint, cause: error });
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "syscall" in error && "code" in error;
}
