import type { CrawlResult } from "../crawl/crawl.ts";
import type { Outlook } from "../crawl/outlook.ts";
import type { Month } from "../types.ts";
import { formatBytes, formatCount, formatDuration, plural, printable } from "./text.ts";

/** What only the command knows about a run. */
export type Run = { database: string; requests: number; ms: number };

/** How many names a line lists before it says "and so many more". */
const LISTED = 5;

/** The stable document of `--json`. */
export function toDocument(result: CrawlResult, { database, requests, ms }: Run) {
  return {
    database,
    last_update: result.lastUpdate,
    months: result.months,
    crawled: result.crawled,
    crimes: result.crimes,
    outcomes: result.outcomes,
    forces: result.forces,
    neighbourhoods: result.neighbourhoods,
    without_boundary: result.withoutBoundary,
    failures: result.failures,
    requests,
    seconds: Math.round(ms) / 1000,
  };
}

/** The plan of a dry run, for people. */
export function describeOutlook(outlook: Outlook, { database, requests }: Run): string {
  const { months, requests: wanted } = outlook;
  const lines = [
    `${database}: ${months.length === 0 ? "nothing to do" : `would crawl ${span(months)}`}`,
    `  plan        ${outlook.plan}, ${plural(outlook.forces, "force")}, ${plural(outlook.neighbourhoods, "neighbourhood")}`,
    `  requests    about ${formatCount(wanted.total)}: ${formatCount(wanted.areas)} for areas, ${formatCount(wanted.polygons)} for records`,
    `  records     about ${formatCount(outlook.records)}, ${formatBytes(outlook.bytes)}`,
    `  time        about ${formatDuration(outlook.seconds * 1000)} at the rate and the API's known latency`,
    `nothing was written; ${plural(requests, "request")} asked`,
  ];
  return lines.map(printable).join("\n");
}

/** The stable document of `--dry-run --json`. */
export function toOutlookDocument(outlook: Outlook, { database }: Run) {
  return { database, ...outlook };
}

/** The end of a run, for people: what changed, what it cost, what to do next. */
export function summarize(result: CrawlResult, { database, requests, ms }: Run): string {
  const { crimes, outcomes, crawled, months, withoutBoundary } = result;
  const done = crawled.length === 0 ? "nothing to do" : `crawled ${span(crawled)}`;
  const lines = [
    `${database}: ${done}${months.length === 0 ? "" : `, asked for ${span(months)}`}`,
    `  crimes      ${changes(crimes)}`,
    `  outcomes    ${changes(outcomes)}`,
    `  areas       ${plural(result.forces, "force")}, ${plural(result.neighbourhoods, "neighbourhood")}`,
    `  requests    ${formatCount(requests)} in ${formatDuration(ms)}`,
    `  last update ${result.lastUpdate ?? "no month is complete yet"}`,
  ];
  if (withoutBoundary.length > 0) {
    const count = plural(withoutBoundary.length, "neighbourhood");
    lines.push(`  without a boundary: ${count}: ${list(withoutBoundary)}`);
  }
  lines.push(
    `look into it: sqlite3 ${database} 'select category, count(*) from crimes group by 1'`,
  );
  return lines.map(printable).join("\n");
}

function changes({ added, changed }: { added: number; changed: number }): string {
  const more = changed === 0 ? "" : `, ${formatCount(changed)} changed`;
  return `${formatCount(added)} new${more}`;
}

function span(months: readonly Month[]): string {
  const [first] = months;
  const last = months.at(-1);
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** The first few of many. */
export function list(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return names.slice(0, LISTED).join(", ") + more;
}
