import { once as onceEvent } from "node:events";
import { toCsvLine } from "../browse/csv.ts";
import { explain, StoppedError, usageError } from "../errors.ts";
import { checkOrder } from "../months.ts";
import { toColumns } from "../report/columns.ts";
import type { Answer, Cell, Question } from "../reports/report.ts";
import { runReport } from "../reports/run.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import { createReportReader } from "../store/read/reports.ts";
import { formatCount, printable } from "../text.ts";
import type { ReportArgs } from "./report-options.ts";
import type { Runtime } from "./runtime.ts";
import { checkThere } from "./there.ts";

/** Prints a report: the table on stdout, the cautions that apply to it on stderr. */
export async function showReport(args: ReportArgs, runtime: Runtime): Promise<void> {
  checkOrder(args);
  if (args.csv && args.json) throw usageError("--csv and --json are two answers", "choose one");
  if (args.within !== undefined && args.near === undefined)
    throw usageError("--within lacks --near LAT,LNG", "as in --near 51.5142,-0.0931");
  checkThere(args.db, "report");
  const answer = ask(args);
  if (args.open) return await openPage(args, runtime, pageOf(answer));
  print(args, runtime, answer);
}

type Asked = Answer & { question: Question };

function ask({ db: file, what: kind, area: areas = [], ...wish }: ReportArgs): Asked {
  const db = openForReading(file);
  try {
    return runReport(createReportReader(db), { ...wish, kind, areas });
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db.close();
  }
}

function print(args: ReportArgs, { stdout, stderr }: Runtime, answer: Asked): void {
  const { title, columns, rows, cautions } = answer;
  if (args.json) {
    const document = {
      ...describe(answer.question),
      title,
      columns,
      rows: toObjects(answer),
      cautions,
    };
    return void stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  if (args.csv) {
    const lines = [columns, ...rows].map(toCsvLine).join("");
    stdout.write(stdout.isTTY ? `${lines.split("\r\n").map(printable).join("\n")}` : lines);
  } else {
    stdout.write(`${printable(title)}\n${toTable(answer, args.limit)}\n`);
  }
  for (const caution of cautions) stderr.write(`note: ${printable(caution)}\n`);
}

function describe({ name, kind, layer, areas, category, since, until, per, by, near }: Question) {
  return { report: name, kind, layer, areas, category, since, until, per, by, near };
}

function toObjects({ columns, rows }: Answer): Record<string, Cell>[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])),
  );
}

/** The table for people: without columns that say nothing, and the first rows of many. */
function toTable({ columns, rows }: Answer, limit: number): string {
  if (rows.length === 0) return "nothing";
  const told = columns.map((_, at) => rows.some((row) => (row[at] ?? null) !== null));
  const kept = columns.map((_, at) => at).filter((at) => told[at]);
  const headings = kept.map((at) => ({
    name: (columns[at] ?? "").replaceAll("_", " "),
    isNumber: rows.every((row) => row[at] === null || typeof row[at] === "number"),
  }));
  const decimals = columns.map((_, at) => Math.max(0, ...rows.map((row) => decimalsOf(row[at]))));
  const shown = rows
    .slice(0, limit)
    .map((row) => kept.map((at) => toText(row[at] ?? null, decimals[at] ?? 0)));
  const more = rows.length - shown.length;
  const rest = more > 0 ? `\nand ${formatCount(more)} more rows, with --limit or --csv` : "";
  return toColumns(headings, shown) + rest;
}

/** Numbers of a column are written alike, so that their points stand below each other. */
function toText(cell: Cell, decimals: number): string {
  if (typeof cell !== "number") return cell ?? "";
  return cell.toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

function decimalsOf(cell: Cell | undefined): number {
  if (typeof cell !== "number" || Number.isInteger(cell)) return 0;
  return Math.min(6, String(cell).split(".")[1]?.length ?? 0);
}

/** The page of browse that shows what a report tells, or else its statement in the SQL box. */
function pageOf({ question, sql }: Asked): string {
  const { name, areas, since, until, layer } = question;
  const force = layer === "forces" ? (areas[0]?.id ?? "") : "";
  if (name === "stops") return `/stops?${new URLSearchParams({ force, since, until })}`;
  if (name === "revisions") return `/revisions?${new URLSearchParams({ until })}`;
  return `/sql?${new URLSearchParams({ sql })}`;
}

async function openPage({ db }: ReportArgs, { stdout, stderr, signal }: Runtime, page: string) {
  const { startBrowse } = await import("../browse/server.ts");
  const warn = (error: unknown) => stderr.write(`warning: ${printable(explain(error))}\n`);
  const server = await startBrowse({ file: db, port: 0, onError: warn });
  const address = new URL(page, server.url).href;
  stdout.write(`${address}\n`);
  stderr.write("read-only, and only this machine can reach it; stop it with Ctrl-C\n");
  const { default: launch } = await import("open");
  await launch(address).catch(warn);
  if (!signal.aborted) await onceEvent(signal, "abort");
  await server.close();
  throw new StoppedError(signal);
}
