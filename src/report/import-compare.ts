import type { Comparison } from "../archive/compare.ts";
import type { CellComparison, OutcomeChange } from "../archive/match.ts";
import { formatCount, plural, printable } from "../text.ts";
import { KINDS } from "../types.ts";
import type { Kind } from "../types.ts";

/** More than so many forces and months are told by month, and more months than that by kind. */
const LISTED = 40;

/** The stable document of `--compare --json`. */
export function toComparisonDocument({ cells, notCompared, failed }: Comparison, database: string) {
  return {
    database,
    cells: cells.map((cell) => ({
      month: cell.month,
      kind: cell.kind,
      force: cell.forceId,
      release: cell.release,
      archive: cell.archive,
      api: cell.api,
      both: cell.both,
      elsewhere: cell.elsewhere,
      equal_place: cell.equalPlace,
      equal_category: cell.equalCategory,
      outcome_changed: cell.outcomeChanged,
      outcomes: cell.outcomes,
      only_archive: cell.onlyArchive,
      only_archive_without_location: cell.withoutLocation,
      only_archive_at_border: cell.atBorder,
      only_api: cell.onlyApi,
    })),
    not_compared: notCompared,
    failed,
  };
}

const HEAD = [
  "archive",
  "API",
  "in both",
  "same place",
  "same type",
  "outcome changed",
  "only archive",
  "no location",
  "at border",
  "only API",
];

/** How files and the API's records differ, for people: a table by kind, then the outcomes. */
export function describeComparison(comparison: Comparison, database: string): string {
  const { cells, notCompared, failed } = comparison;
  const none = "the API brought nothing of the months and forces of these files";
  const lines = [
    `${database}: ${cells.length === 0 ? none : `${plural(cells.length, "file")} compared`}`,
    ...KINDS.flatMap((kind) =>
      describeKind(
        cells.filter((cell) => cell.kind === kind),
        kind,
      ),
    ),
    ...(notCompared === 0
      ? []
      : [
          `${plural(notCompared, "file")} of what the API did not bring ${notCompared === 1 ? "is" : "are"} not compared`,
        ]),
    ...failed.map(({ name, reason }) => `not read: ${name} ${reason}`),
    "nothing was written",
  ];
  return lines.map(printable).join("\n");
}

function describeKind(cells: readonly CellComparison[], kind: Kind): string[] {
  if (cells.length === 0) return [];
  const rows = group(cells);
  const table = [
    [kind, ...HEAD],
    ...rows.map(({ name, sum }) => [name, ...toFigures(sum)]),
    ...(rows.length > 1 ? [["all", ...toFigures(addUp(cells))]] : []),
  ];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const drawn = table.map((line) =>
    line
      .map((text, column) =>
        column === 0 ? text.padEnd(widths?.[0] ?? 0) : text.padStart(widths?.[column] ?? 0),
      )
      .join("  "),
  );
  return ["", ...drawn, ...describeOutcomes(cells)];
}

/** A line a force and month where these are few, else a line a month. */
function group(cells: readonly CellComparison[]): { name: string; sum: Sum }[] {
  if (cells.length <= LISTED) {
    return cells.map((cell) => ({ name: `${cell.month} ${cell.forceId}`, sum: cell }));
  }
  const months = [...new Set(cells.map(({ month }) => month))];
  return months.map((name) => ({
    name,
    sum: addUp(cells.filter(({ month }) => month === name)),
  }));
}

const SUMMED = [
  "archive",
  "api",
  "both",
  "equalPlace",
  "equalCategory",
  "outcomeChanged",
  "onlyArchive",
  "withoutLocation",
  "atBorder",
  "onlyApi",
] as const;

type Sum = Record<(typeof SUMMED)[number], number>;

function addUp(cells: readonly Sum[]): Sum {
  const sum = (name: (typeof SUMMED)[number]) =>
    cells.reduce((total, cell) => total + cell[name], 0);
  return {
    archive: sum("archive"),
    api: sum("api"),
    both: sum("both"),
    equalPlace: sum("equalPlace"),
    equalCategory: sum("equalCategory"),
    outcomeChanged: sum("outcomeChanged"),
    onlyArchive: sum("onlyArchive"),
    withoutLocation: sum("withoutLocation"),
    atBorder: sum("atBorder"),
    onlyApi: sum("onlyApi"),
  };
}

function toFigures(sum: Sum): string[] {
  return SUMMED.map((name) => formatCount(sum[name]));
}

const CHANGES = 8;

/** The most frequent changes of the latest outcome, of all cells together. */
function describeOutcomes(cells: readonly CellComparison[]): string[] {
  const changes = new Map<string, OutcomeChange>();
  for (const { from, to, records } of cells.flatMap(({ outcomes }) => outcomes)) {
    const key = `${from}\n${to}`;
    const before = changes.get(key)?.records ?? 0;
    changes.set(key, { from, to, records: before + records });
  }
  const top = [...changes.values()].sort((a, b) => b.records - a.records).slice(0, CHANGES);
  if (top.length === 0) return [];
  return [
    "  outcomes that changed, from the archive's to the API's",
    ...top.map(
      ({ from, to, records }) =>
        `  ${formatCount(records).padStart(9)}  ${from ?? "none"} -> ${to ?? "none"}`,
    ),
  ];
}
