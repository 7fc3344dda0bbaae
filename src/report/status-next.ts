import { monthsBetween } from "../months.ts";
import { LAG_MONTHS } from "../police-api.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { plural, shellWord } from "../text.ts";
import { KINDS } from "../types.ts";
import { listOlder } from "./status-months.ts";
import { isForStops, listLackingStops } from "./status-stops.ts";
import type { Next, StatusDocument } from "./status-shape.ts";

type Aim = {
  forces: "all" | readonly string[];
  /** Those of them that have no areas, of which last_update.json does not know. */
  beside: readonly string[];
  now: Date;
};

/** Finds what to run next: first what is under way, then what is broken, unfinished, new, old. */
export function chooseNext(status: Omit<StatusDocument, "next" | "worth">, aim: Aim): Next {
  const { months, runs, database, last_update, sample } = status;
  const db = databaseOption(database);
  if (runs[0]?.state === "running") {
    const what = runs[0].command === "crawl" ? "a crawl" : "an import";
    return { command: `ukpolice status${db}`, why: `${what} is at work (process ${runs[0].pid})` };
  }
  // What left the API's window, as the archive's months do, is no bound of what a crawl asks for.
  const since = months[0]?.published === true ? ` --since ${months[0].month}` : "";
  const what = status.kinds.length === KINDS.length ? "" : ` --what ${status.kinds.join(",")}`;
  const scope = `${what}${scopeOf({ sample, database }, aim.forces)}`;
  const crawl = `ukpolice crawl${sample ? "" : since}${scope}`;
  if (months.length === 0) {
    return { command: `ukpolice crawl${scope}`, why: "nothing is there yet" };
  }
  if (isOfArchive(months)) {
    const why = "all here is from the archive; this goes on by the API";
    return { command: `ukpolice crawl${what}${db}`, why };
  }
  const unfinished = findUnfinished(status);
  if (unfinished?.refresh) return { command: `${crawl} --refresh`, why: unfinished.why };
  if (unfinished !== undefined) return { command: crawl, why: unfinished.why };
  const update =
    last_update.state === "fits" && !sample
      ? `ukpolice crawl --from-last-update${what}${forceOption(withBeside(last_update.forces, aim))}${db}`
      : crawl;
  const withoutStops = countLackingStops(status);
  if (withoutStops > 0) {
    const why = `${plural(withoutStops, "month")} without all stops that are published`;
    return { command: update, why };
  }
  if (sample) return { command: "ukpolice crawl", why: "the sample is complete; this gets it all" };
  const age = monthsBetween(aim.now.toISOString(), months.at(-1)?.month ?? "");
  if (age > LAG_MONTHS) {
    return { command: update, why: `the newest month is ${age} months old; newer ones are out` };
  }
  const older = listOlder(months).length;
  if (older > 0) {
    const why = `${plural(older, "complete month")} may have been revised since they were fetched`;
    return { command: `${crawl} --refresh`, why };
  }
  return { command: update, why: "all is well; this brings the next month when it is out" };
}

/** Whether no crawl has brought anything, or begun to. */
function isOfArchive(months: StatusDocument["months"]): boolean {
  return months.every(
    ({ sources, questions, state }) =>
      state === "missing" ||
      (Object.values(sources).every((source) => source === "archive") &&
        Object.keys(sources).length > 0 &&
        questions.open + questions.done + questions.failed === 0),
  );
}

function withBeside(forces: Aim["forces"] | null, { beside }: Aim): Aim["forces"] {
  return forces === null || forces === "all" ? "all" : [...forces, ...beside];
}

/** The options of a crawl that goes on with what a database is for. */
export function scopeOf(
  { sample, database }: Pick<StatusDocument, "sample" | "database">,
  forces: Aim["forces"],
): string {
  if (!sample) return `${forceOption(forces)}${databaseOption(database)}`;
  return ` --sandbox${database === SANDBOX_FILE ? "" : databaseOption(database)}`;
}

function databaseOption(database: string): string {
  return database === DATABASE_FILE ? "" : ` --db ${shellWord(database)}`;
}

function findUnfinished({ months, neighbourhoods }: Omit<StatusDocument, "next" | "worth">) {
  const open = months.filter(({ published }) => published);
  const failed = open.reduce((total, { questions }) => total + questions.failed, 0);
  const refresh = open.some(({ state }) => state === "refreshing");
  const lacking = open.filter(({ state }) => state === "part" || state === "missing");
  const part = lacking.length;
  if (failed > 0) {
    return {
      refresh: refresh && part === 0,
      why: `it asks again for ${plural(failed, "question")} that failed`,
    };
  }
  if (part > 0) {
    const outside = lacking.every((month) => month.lacks_outside);
    const goesOn = outside ? "what lies in no force's area is not here yet" : "it goes on";
    return { refresh: false, why: `${plural(part, "month")} not complete; ${goesOn}` };
  }
  if (refresh) return { refresh, why: "a refresh was interrupted; it goes on" };
  if (neighbourhoods.boundary_not_asked === 0) return undefined;
  const bare = plural(neighbourhoods.boundary_not_asked, "boundary", "boundaries");
  return { refresh: false, why: `${bare} not asked for yet` };
}

/** Of a database that was never asked for stops, none are lacking. */
function countLackingStops(status: Omit<StatusDocument, "next" | "worth">): number {
  return isForStops(status) ? listLackingStops(status.months).length : 0;
}

function forceOption(forces: "all" | readonly string[] | null): string {
  return forces === "all" || forces === null ? "" : ` --force ${forces.map(shellWord).join(" ")}`;
}
