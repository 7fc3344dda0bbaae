import type { Kind, Month, Point } from "../types.ts";

/** The reports, and what each tells. */
export const REPORTS = {
  trend: "records by month, beside the year before",
  areas: "records by area of a layer: which has the most, or the highest rate",
  streets: "the streets with the most crimes of an area, or near a point",
  outcomes: "how far the crimes of some months are",
  near: "crimes within some metres of a point",
  stops: "stops and searches by ethnicity, object, outcome, …",
  compare: "several areas side by side",
  revisions: "what releases changed of earlier months",
} as const;

export type ReportName = keyof typeof REPORTS;

/** What each report can be grouped by; the first is meant where nothing is said. */
export const GROUPS: Partial<Record<ReportName, readonly string[]>> = {
  outcomes: ["outcome", "state", "month"],
  near: ["category", "month", "street"],
  stops: [
    "ethnicity",
    "self-defined",
    "object",
    "outcome",
    "age",
    "gender",
    "legislation",
    "type",
    "force",
    "month",
  ],
  compare: ["category", "month"],
};

/** A report as it is asked for on the command line. */
export type Wish = {
  name: ReportName;
  kind?: Kind | undefined;
  layer?: string | undefined;
  /** Each `LAYER/AREA`, by id or label. */
  areas: readonly string[];
  category?: string | undefined;
  since?: Month | undefined;
  until?: Month | undefined;
  /** People that a rate is for, such as 1,000. */
  per?: number | undefined;
  near?: Point | undefined;
  /** Metres. */
  within?: number | undefined;
  by?: string | undefined;
};

/** An area of a layer that was found. */
export type ChosenArea = { layer: string; id: string; label: string; population: number | null };

/** A report with all that was left out filled in. */
export type Question = {
  name: ReportName;
  kind: Kind;
  layer: string;
  areas: readonly ChosenArea[];
  category: { id: string; name: string } | null;
  since: Month;
  until: Month;
  /** Those from `since` to `until` that are here. */
  months: readonly Month[];
  per: number | null;
  near: { point: Point; within: number } | null;
  by: string | null;
};

export type Cell = string | number | null;

/** What a report says: a table, and the cautions that apply to it. */
export type Answer = {
  title: string;
  columns: string[];
  rows: Cell[][];
  cautions: string[];
  /** The statement with its values in it, for the SQL box. */
  sql: string;
};
