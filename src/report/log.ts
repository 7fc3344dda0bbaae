import { statSync } from "node:fs";
import pino from "pino";
import { explain, usageError } from "../errors.ts";
import type { Attempt } from "../fetch/queue.ts";
import type { Monitor } from "./lines.ts";

/** A log of JSON lines: what the reporter is told, and every request. */
export type Log = {
  follow(monitor: Monitor): Monitor;
  attempt(attempt: Attempt): void;
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

function openStream(file: string) {
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO() === true) {
    throw usageError(
      `--log-file ${file} is a pipe: a crawl would wait for its reader`,
      "name a file",
    );
  }
  try {
    return pino.destination({ dest: file, append: true, sync: true });
  } catch (error) {
    const hint = "name a file in a folder that exists and can be written";
    throw usageError(`--log-file ${file} cannot be opened: ${explain(error)}`, hint);
  }
}
