import type { UkpoliceError } from "../errors.ts";
import {
  BlockedError,
  InvalidReplyError,
  OversizeError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../fetch/errors.ts";
import type { Unanswered } from "./crawl-result.ts";
import type { Reporter } from "./reporter.ts";

/** Collects what got no answer; each is warned of once. */
export function createUnanswered(reporter: Pick<Reporter, "warn">) {
  const found = new Map<string, Unanswered>();
  return {
    add(unanswered: Unanswered): void {
      if (!found.has(unanswered.question)) {
        reporter.warn(`${unanswered.question}: no answer (${unanswered.reason})`);
      }
      found.set(unanswered.question, unanswered);
    },
    list: (): Unanswered[] => [...found.values()],
  };
}

export function nameFailure(question: string, { message }: UkpoliceError): Unanswered {
  return { question, reason: message };
}

/** Whether one question failed while the API is well otherwise; all else can go on. */
export function isFailedQuestion(error: unknown): error is UkpoliceError {
  const kinds = [
    BlockedError,
    InvalidReplyError,
    OversizeError,
    RefusedError,
    RejectedError,
    TransientError,
  ];
  return kinds.some((kind) => error instanceof kind);
}

/** A documented 404: there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof RejectedError && error.status === 404;
}
