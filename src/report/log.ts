import pino from "pino";
import { explain } from "../errors.ts";
import type { Attempt } from "../fetch/queue.ts";
import type { Monitor } from "./lines.ts";

/** A log of JSON lines: what the reporter is told, and every request. */
export type Log = {
  follow(monitor: Monitor): Monitor;
  attempt(attempt: Attempt): void;
  close(): void;
};

/** Appends to a file, synchronously: a killed crawl leaves every line it logged. */
export function openLog(file: string): Log {
  const stream = pino.destination({ dest: file, append: true, sync: true });
  const logger = pino({ base: { pid: process.pid } }, stream);
  return {
    follow: (monitor) => ({
      ...monitor,
      progress(progress) {
        logger.debug(progress);
        monitor.progress(progress);
      },
      note(text) {
        logger.info(text);
        monitor.note(text);
      },
      warn(text) {
        logger.warn(text);
        monitor.warn(text);
      },
    }),
    attempt({ error, ...attempt }) {
      const outcome = error === undefined ? {} : { error: explain(error) };
      logger.info({ request: { ...attempt, ms: Math.round(attempt.ms), ...outcome } });
    },
    close: () => stream.end(),
  };
}
