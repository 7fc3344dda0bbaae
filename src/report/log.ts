import { closeSync, constants, openSync } from "node:fs";
import pino from "pino";
import { explain, usageError } from "../errors.ts";
import type { Attempt } from "../fetch/queue.ts";

type Teller = { note(text: string): void; warn(text: string): void };

/** A log of JSON lines: what the reporter is told, and every request. */
export type Log = {
  follow<M extends Teller>(monitor: M): M;
  attempt(attempt: Attempt): void;
  note(text: string): void;
  close(): void;
};

/**
 * Appends to a file, synchronously: a killed crawl leaves every line it logged. A file that
 * cannot be opened is wrong usage; one that fails later costs the log, and not the crawl.
 */
export function openLog(file: string, warn: (text: string) => void): Log {
  const stream = openStream(file);
  const logger = pino({ base: { pid: process.pid } }, stream);
  let failed = false;
  const write = (line: () => void) => {
    if (failed) return;
    try {
      line();
    } catch (error) {
      failed = true;
      warn(`going on without the log, ${file} cannot be written: ${explain(error)}`);
    }
  };
  return {
    follow: (monitor) => ({
      ...monitor,
      note(text) {
        write(() => logger.info(text));
        monitor.note(text);
      },
      warn(text) {
        write(() => logger.warn(text));
        monitor.warn(text);
      },
    }),
    note: (text) => write(() => logger.info(text)),
    attempt({ error, pauseMs, ...attempt }) {
      const outcome = error === undefined ? {} : { error: explain(error) };
      const pause = pauseMs === 0 ? {} : { pauseMs: Math.round(pauseMs) };
      const request = { ...attempt, ms: Math.round(attempt.ms), ...pause, ...outcome };
      write(() => logger.info({ request }));
    },
    close() {
      if (!failed) write(() => stream.end());
    },
  };
}

/** A pipe that nobody reads from would be waited for without end: such a one is refused first. */
function openStream(file: string) {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;
  let early: number | undefined;
  try {
    early = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK);
    return pino.destination({ dest: file, append: true, sync: true });
  } catch (error) {
    const hint = "name a file in a folder that exists and can be written";
    throw usageError(`--log-file ${file} cannot be opened: ${explain(error)}`, hint);
  } finally {
    // Only now: its reader would take the end of the first writer for the end of all.
    if (early !== undefined) closeSync(early);
  }
}
