import type { ImportPlan } from "../archive/dry-run.ts";
import type { ImportResult, KindFiles, MonthOfKind, SkippedFiles } from "../archive/result.ts";
import { DATABASE_FILE } from "../store/files.ts";
import { formatBytes, formatCount, formatDuration, plural, printable, shellWord } from "../text.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month } from "../types.ts";
import { describeShortfall, toShortfallStatus } from "./shortfalls.ts";
import { list, span } from "./summary.ts";

/** What only the command knows about an import. */
export type ImportSpent = { database: string; ms: number };

/** The stable document of `--json`. */
export function toImportDocument(result: ImportResult, { database, ms }: ImportSpent) {
  return {
    database,
    last_update: result.lastUpdate,
    ...Object.fromEntries(KINDS.map((kind) => [kind, result.imported[kind]])),
    replaced: result.replaced,
    skipped: result.skipped,
    failed: result.failed,
    shortfalls: result.shortfalls.map(toShortfallStatus),
    lsoas_found: result.located,
    seconds: Math.round(ms) / 1000,
  };
}

/** The stable document of `--dry-run --json`. */
export function toPlanDocument(plan: ImportPlan, database: string) {
  return {
    database,
    ...Object.fromEntries(
      KINDS.map((kind) => {
        const { estimatedRows, ...files } = plan.kinds[kind];
        return [kind, { ...files, estimated_rows: estimatedRows }];
      }),
    ),
    packed_bytes: plan.packedBytes,
    bytes: plan.bytes,
    replaced: plan.replaced,
    skipped: plan.skipped,
    failed: plan.failed,
  };
}

/** The end of an import, for people: what came, what was left alone and why, what to do next. */
export function summarizeImport(result: ImportResult, { database, ms }: ImportSpent): string {
  const { imported, replaced, skipped, failed, shortfalls, located, lastUpdate } = result;
  const rows = KINDS.reduce((sum, kind) => sum + imported[kind].rows, 0);
  const lines = [
    `${database}: ${describeWork(result)} in ${formatDuration(ms)}`,
    ...KINDS.map((kind) => `  ${kind.padEnd(11)} ${describeKind(imported[kind])}`),
    ...describeReplaced(replaced, "replaced"),
    ...describeSkipped(skipped),
    ...row(
      failed.length,
      "not imported",
      `${plural(failed.length, "file or month", "files or months")}, named below`,
    ),
    ...row(
      located,
      "LSOAs",
      `found by their points for ${plural(located, "record")} that came without`,
    ),
    ...(lastUpdate === null ? [] : [`  last update ${lastUpdate}`]),
    ...describeFew(shortfalls.map(toShortfallStatus).map(describeShortfall)),
    ...(isNothingThere(result) ? [] : [describeNext(rows, database)]),
  ];
  return lines.map(printable).join("\n");
}

/** What an import would do, for people. */
export function describePlan(plan: ImportPlan, database: string): string {
  const { kinds, packedBytes, bytes, replaced, skipped, failed } = plan;
  const lines = [
    `${database}: would import ${describeMonths(kinds)}`,
    ...KINDS.map((kind) => {
      const { files, estimatedRows } = kinds[kind];
      const about = `about ${plural(estimatedRows, "row")}`;
      return `  ${kind.padEnd(11)} ${files === 0 ? "none" : `${about} in ${describeFiles(kinds[kind])}`}`;
    }),
    `  size        ${formatBytes(packedBytes)} packed, ${formatBytes(bytes)} of CSV`,
    ...describeReplaced(replaced, "would replace"),
    ...describeSkipped(skipped),
    ...failed.map(({ name, reason }) => `  cannot be    ${name}: ${reason}`),
    "nothing was written",
  ];
  return lines.map(printable).join("\n");
}

function describeWork({ imported, failed }: ImportResult): string {
  if (KINDS.some((kind) => imported[kind].files > 0)) return `imported ${describeMonths(imported)}`;
  return failed.length === 0 ? "nothing to import" : "nothing imported";
}

function describeMonths(kinds: Record<Kind, KindFiles>): string {
  const months = [...new Set(KINDS.flatMap((kind) => kinds[kind].months))].sort();
  return months.length === 0 ? "nothing" : `${span(months)}`;
}

function describeKind(kind: KindFiles & { rows: number }): string {
  return kind.files === 0 ? "none" : `${plural(kind.rows, "row")} in ${describeFiles(kind)}`;
}

function describeFiles({ files, forces, months, releases }: KindFiles): string {
  const of = releases.length === 1 ? "release" : "releases";
  return [
    plural(files, "file"),
    `${plural(months.length, "month")} (${span(months)})`,
    plural(forces.length, "force"),
    `${of} ${list(releases.toReversed())}`,
  ].join(", ");
}

function describeReplaced(
  { files, months }: ImportResult["replaced"],
  word: "replaced" | "would replace",
): string[] {
  const parts = [
    ...(files === 0 ? [] : [`${plural(files, "file")} that ${files === 1 ? "was" : "were"} here`]),
    ...(months.length === 0 ? [] : [`the API's ${describeApi(months)}`]),
  ];
  return row(parts.length, word, parts.join(", "));
}

function describeSkipped({ older, twice, done, api, unwanted, months }: SkippedFiles): string[] {
  return [
    ...row(done, "here already", plural(done, "file")),
    ...row(older, "older", `${plural(older, "file")} of which there is a newer release`),
    ...row(twice, "given twice", `${plural(twice, "file")}, of which the larger was taken`),
    ...row(unwanted, "not wanted", `${plural(unwanted, "file")}, by the options`),
    ...row(
      api,
      "left alone",
      `${plural(api, "file")}: the API's ${describeApi(months)}; --replace takes the archive's`,
    ),
  ];
}

/** Months by kind: `crimes of 2018-04 to 2018-05, stops of 2018-05`. */
function describeApi(months: readonly MonthOfKind[]): string {
  const of = (kind: Kind): Month[] =>
    months.flatMap((one) => (one.kind === kind ? one.month : [])).sort();
  return KINDS.filter((kind) => of(kind).length > 0)
    .map((kind) => `${kind} of ${span(of(kind))}`)
    .join(", ");
}

function row(count: number, name: string, text: string): string[] {
  return count === 0 ? [] : [`  ${name.padEnd(11)} ${text}`];
}

/** The first few of what is there and too little. */
function describeFew(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LISTED ? [`    and ${formatCount(lines.length - LISTED)} more`] : [];
  return [
    "  far below their neighbours, and so perhaps published in part:",
    ...lines.slice(0, LISTED).map((line) => `    ${line}`),
    ...more,
  ];
}

const LISTED = 8;

/** Where nothing came and nothing was met, there may be no database to look into. */
function isNothingThere({ imported, skipped }: ImportResult): boolean {
  return KINDS.every((kind) => imported[kind].files === 0) && skipped.done + skipped.api === 0;
}

function describeNext(rows: number, database: string): string {
  const option = database === DATABASE_FILE ? "" : ` --db ${shellWord(database)}`;
  const look = `look into it: ukpolice status${option}, or ukpolice browse${option}`;
  if (rows === 0) return look;
  return `${look}; count it by area, for reports: ukpolice areas update${option}; go on from here by the API: ukpolice crawl${option}`;
}
