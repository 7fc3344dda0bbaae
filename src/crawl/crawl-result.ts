import type { Kind, Month } from "../types.ts";

/** Rows that were the same before, rows that a walk added and changed, and rows that are gone. */
export type Change = { kept: number; added: number; changed: number; removed: number };
export type Changes = Record<Kind, Change>;

/** Cells whose answer of no record is not believed. */
export type Doubt = { month: Month; kind: Kind; forces: readonly string[] };

/** What a walk did. */
export type Tally = {
  changes: Changes;
  doubts: Doubt[];
  /** Months that left the API's window while they were asked for. */
  gone: Month[];
};

/** A question other than for records that got no answer: what it was for, and why. */
export type Unanswered = { question: string; reason: string };

/** One question for records that could not be answered. */
export type QuestionFailure = { month: Month; kind: Kind; where: string; reason: string };

/** What a crawl did and what it found. */
export type CrawlResult = Tally & {
  /** The months asked for, oldest first. */
  months: Month[];
  /** Those of them that were not complete before. */
  crawled: Month[];
  /** Complete months that were fetched again. */
  refreshed: Month[];
  /** Months of these that are not complete yet, or whose refresh is not. */
  incomplete: Month[];
  /** Complete months of an earlier release than the API's newest. */
  outdated: Month[];
  /** The API's newest release, `YYYY-MM-DD`; '' where it is not known. */
  release: string;
  lastUpdate: Month | null;
  forces: number;
  neighbourhoods: number;
  /** Neighbourhoods of which the API has no boundary; they keep no month from being complete. */
  withoutBoundary: string[];
  failures: QuestionFailure[];
  /** Other questions that got no answer. */
  unanswered: Unanswered[];
  /** Cells whose answer of no record is not believed; they are asked for again. */
  doubts: Doubt[];
};
