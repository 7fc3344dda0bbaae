import { styleText } from "node:util";
import type { Kind, Month } from "../types.ts";
import { describeCoverage } from "./status-coverage.ts";
import type { Paint } from "./status-coverage.ts";
import { listOlder } from "./status-months.ts";
import { describeShortfall } from "./shortfalls.ts";
import { describeLsoas, describeSources } from "./status-archive.ts";
import { describeReleases, describeWorth } from "./status-releases.ts";
import type { MonthStatus, RunStatus, StatusDocument } from "./status-shape.ts";
import { describeUnpublished, noteStops } from "./status-stops.ts";
import { list } from "./summary.ts";
import { formatBytes, formatCount, formatDuration, plural, printable } from "../text.ts";

/** Where the text goes, of which colours and width depend, and whether it takes more than ASCII. */
export type StatusStyle = {
  stream: NodeJS.WritableStream & { columns?: number | undefined };
  unicode: boolean;
};

/** The widest that is drawn: years of months stay one screen. */
const WIDEST = 120;
const LISTED = 6;

/** How a database is, for people: one screen. */
export function describeStatus(status: StatusDocument, { stream, unicode }: StatusStyle): string {
  const paint: Paint = (style, text) => styleText(style, text, { stream, validateStream: true });
  const width = Math.min(WIDEST, stream.columns ?? 80);
  const lines = [
    paint("bold", printable(`${status.database}: ${sizeOf(status)}, schema ${status.schema}`)),
    ...describeFacts(status).flatMap(([name, text]) =>
      wrap(`  ${name.padEnd(12)} ${printable(text)}`, { width, indent: 15 }),
    ),
    ...describeCoverage(status, { width, unicode, paint }),
    ...describeGaps(status).flatMap((line) => wrap(printable(line), { width, indent: 4 })),
    ...describeFailures(status)
      .flatMap((line) => wrap(printable(line), { width, indent: 4 }))
      .map((line) => paint("yellow", line)),
    "",
    `${paint("bold", "next:")} ${printable(status.next.command)}`,
    `  ${printable(status.next.why)}`,
  ];
  return lines.join("\n");
}

/** Breaks a line at its blanks; a word that is too long for a line is left whole. */
function wrap(text: string, { width, indent }: { width: number; indent: number }): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    if (at <= indent) break;
    lines.push(rest.slice(0, at));
    rest = " ".repeat(indent) + rest.slice(at + 1);
  }
  return [...lines, rest];
}

function sizeOf({ bytes, wal_bytes }: StatusDocument): string {
  const log = wal_bytes === 0 ? "" : ` and ${formatBytes(wal_bytes)} of write-ahead log`;
  return formatBytes(bytes) + log;
}

function describeFacts(status: StatusDocument): [string, string][] {
  const { release, forces, runs } = status;
  const source =
    release.source === "api" ? "as the last crawl saw it" : "the newest that its rows are of";
  const wanted = forces.wanted === forces.known ? "" : `${forces.wanted} of `;
  return [
    ["last update", describeLastUpdate(status)],
    ["release", release.newest === null ? "none known" : `${release.newest}, ${source}`],
    ["months", describeMonths(status)],
    ...describeSources(status),
    ...describeReleases(status),
    ...describeWorth(status),
    ...status.kinds.map((kind): [string, string] => [kind, describeRecords(status, kind)]),
    ...describeLsoas(status),
    ["areas", `${wanted}${plural(forces.known, "force")}, ${describeAreas(status)}`],
    ...describeSweeps(status),
    ...runs.slice(0, 1).map((run): [string, string] => ["last run", describeRun(run)]),
  ];
}

function describeLastUpdate({ last_update: sidecar }: StatusDocument): string {
  if (sidecar.state === "missing") return "none: there is no last_update.json yet";
  if (sidecar.state === "damaged")
    return "last_update.json is damaged; a crawl without -u mends it";
  if (sidecar.state === "foreign") return `last_update.json is of ${sidecar.database}, not of this`;
  const forces = sidecar.forces === "all" ? "all forces" : list([...(sidecar.forces ?? [])]);
  const claim = `${sidecar.month}, from ${sidecar.since} on, ${forces}`;
  if (sidecar.state === "fits") return claim;
  return `${claim}: but the database is complete only to ${sidecar.complete ?? "no month"}`;
}

function describeMonths({ months }: StatusDocument): string {
  if (months.length === 0) return "none";
  const of = (state: string) => months.filter((month) => month.state === state);
  const parts = [
    count(of("complete"), "complete"),
    count(of("part"), "in part"),
    count(of("refreshing"), "being refreshed"),
    count(of("missing"), "missing between"),
  ].filter((text) => text !== "");
  const older = listOlder(months);
  if (older.length > 0) parts.push(`${older.length} of an older release`);
  return parts.join(", ");
}

/** The questions of months that are not complete, or are fetched again. */
function describeSweeps({ months }: StatusDocument): [string, string][] {
  const open = months.flatMap(({ month, questions: { open, done, failed } }) => {
    const total = open + done + failed;
    const bad = failed === 0 ? "" : `, ${formatCount(failed)} failed`;
    return total === 0
      ? []
      : `${month}: ${formatCount(done)} of ${formatCount(total)} questions${bad}`;
  });
  return open.length === 0 ? [] : [["under way", list(open, "; ")]];
}

function count(months: readonly { month: Month }[], what: string): string {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return "";
  const span = first === last ? first.month : `${first.month} to ${last.month}`;
  return `${months.length} ${what} (${span})`;
}

function describeRecords(status: StatusDocument, kind: Kind): string {
  const outside = status.in_no_neighbourhood[kind] ?? 0;
  const note = outside === 0 ? "" : `, ${formatCount(outside)} of them in no neighbourhood`;
  const bare = kind === "crimes" ? status.crimes_without_location : 0;
  const places = bare === 0 ? "" : `, ${formatCount(bare)} without a location`;
  const part = status.months.some(({ state, questions }) => state === "part" && isOpen(questions));
  const open = part ? "; what is under way is not counted yet" : "";
  const more = kind === "stops" ? noteStops(status) : `${note}${places}${open}`;
  return `${formatCount(status.records[kind] ?? 0)}${more}`;
}

function describeAreas({ neighbourhoods }: StatusDocument): string {
  const { listed, without_boundary: bare, boundary_not_asked: unasked } = neighbourhoods;
  const none = bare.length === 0 ? "" : `, ${bare.length} without a boundary: ${list(bare)}`;
  const open =
    unasked === 0 ? "" : `, ${plural(unasked, "boundary", "boundaries")} not asked for yet`;
  return `${plural(listed, "neighbourhood")}${none}${open}`;
}

function isOpen({ open, done, failed }: MonthStatus["questions"]): boolean {
  return open + done + failed > 0;
}

function describeRun(run: RunStatus): string {
  const { state, command, started_at, ended_at, seen_at, requests, records } = run;
  const ms = Date.parse(ended_at ?? seen_at) - Date.parse(started_at);
  const words = {
    running: `is at work (process ${run.pid})`,
    done: "done",
    incomplete: "incomplete: some questions could not be answered",
    refused: "wrong usage",
    unreachable: "the API could not be reached",
    failed: `failed with exit code ${run.exit_code}`,
    stopped: "was stopped",
    killed: "was killed",
  };
  const when = started_at.slice(0, 16).replace("T", " ");
  const isCrawl = command === "crawl";
  const asked = isCrawl ? `${plural(requests, "request")}, ` : "";
  const work = `${asked}${plural(records, "record")}`;
  return `${when} UTC, ${isCrawl ? "" : "import, "}${words[state]}: ${work} in ${formatDuration(Math.max(0, ms))}`;
}

function describeGaps(status: StatusDocument): string[] {
  const span = ({ from, to }: { from: Month; to: Month }) =>
    from === to ? from : `${from} to ${to}`;
  const known = status.gaps.filter((gap) => gap.known !== null);
  const found = status.gaps.filter((gap) => gap.known === null);
  // One that is of several kinds is named once.
  const named = [...new Set(known.map((gap) => `  ${gap.force} ${gap.known} (${span(gap)})`))];
  const seen = found.map(
    (gap) =>
      `  ${gap.force}: no ${gap.lacks === "file" ? "file of " : ""}${gap.kind} in ${span(gap)}`,
  );
  const short = status.shortfalls.map((shortfall) => `  ${describeShortfall(shortfall)}`);
  return [
    ...block("known gaps", named),
    ...block("gaps in the data", seen),
    ...block("far below their neighbours, perhaps published in part", short),
    ...block("no stops published", describeUnpublished(status)),
  ];
}

function describeFailures({ failures }: StatusDocument): string[] {
  const lines = failures.map(({ month, kind, reason, questions, example }) => {
    const where = example === null ? "" : `, such as ${example}`;
    return `  ${month} ${kind}: ${plural(questions, "question")}${where}: ${reason}`;
  });
  return block("could not be fetched", lines);
}

/** A heading and the first few of many lines. */
function block(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - LISTED;
  const rest = more > 0 ? [`  and ${formatCount(more)} more, with --json`] : [];
  return ["", heading, ...lines.slice(0, LISTED), ...rest];
}
