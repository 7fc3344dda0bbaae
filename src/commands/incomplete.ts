import { NOWHERE } from "../completeness.ts";
import type { CrawlResult } from "../crawl/crawl-result.ts";
import { EXIT, UkpoliceError } from "../errors.ts";
import { list } from "../report/summary.ts";
import type { CrawlDocument } from "../report/summary.ts";
import { plural } from "../text.ts";

/** A crawl that came to its end without all that it was asked for, and what it did. */
export class IncompleteError extends UkpoliceError {
  readonly document: CrawlDocument;

  constructor(message: string, document: CrawlDocument) {
    const hint = "all else is stored; run the same command again to ask for these alone";
    super(message, EXIT.incomplete, { hint });
    this.document = document;
  }
}

/** Whatever could not be fetched is named, whichever question it was. */
export function failIfIncomplete(
  { failures, unanswered, doubts }: CrawlResult,
  document: CrawlDocument,
): void {
  const named = [
    ...failures.map(({ month, kind, where, reason }) => `${where} ${month} ${kind} (${reason})`),
    ...unanswered.map(({ question, reason }) => `${question} (${reason})`),
    ...doubts.map(
      ({ month, kind, forces }) =>
        `${kind} of ${month} (no record in ${list(forces.map(nameForce))}, which is not believed)`,
    ),
  ];
  if (named.length === 0) return;
  const message = `${plural(named.length, "question")} could not be answered: ${list(named)}`;
  throw new IncompleteError(message, document);
}

function nameForce(forceId: string): string {
  return forceId === NOWHERE ? "no force's area" : forceId;
}
