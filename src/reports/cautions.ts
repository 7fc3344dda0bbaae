import { NOWHERE } from "../completeness.ts";
import { monthsBetween } from "../months.ts";
import { findKnownGap } from "../police-api.ts";
import type { ReportReader } from "../store/read/reports.ts";
import { formatCount, formatShare, plural } from "../text.ts";
import type { Month } from "../types.ts";
import type { Cell, Question } from "./report.ts";

/** Counts below this say little: a difference of one is a large share of them. */
const SMALL = 10;
/** Months whose list of points is another. */
const RENEWED = ["2011-12", "2022-07"] as const;
const NAMED = 4;

type Table = { columns: readonly string[]; rows: readonly (readonly Cell[])[] };

/** What has to be known to read an answer right. */
export function listCautions(reader: ReportReader, question: Question, table: Table): string[] {
  if (question.name === "revisions") return reader.isSample() ? [SAMPLE] : [];
  return [
    ...(reader.isSample() ? [SAMPLE] : []),
    ...listGaps(reader, question),
    ...listUncounted(reader, question),
    ...listRenewed(question),
    ...(question.name === "areas" ? listOfAreas(reader, question, table) : []),
    ...(question.per === null ? [] : listWithoutPeople(question, table)),
    ...(question.name === "outcomes" ? listLags(reader, question) : []),
    ...listSmall(table),
    ...listNothing(question, table),
  ];
}

const SAMPLE =
  "this is the bundled sample: inner London alone, most wards missing, 10 crimes of the City of London";

/** Cells that are lacking, and forces that are known to publish nothing. */
function listGaps(reader: ReportReader, { kind, months, areas, layer }: Question): string[] {
  const { cover, forcesOf } = reader.readWanted();
  const force = layer === "forces" ? areas[0]?.id : areas[0]?.id.split("/")[0];
  const isOne = areas.length === 1 && (layer === "forces" || layer === "neighbourhoods");
  const lacking = new Map<Month, string[]>();
  const known = new Map<string, string>();
  for (const month of months) {
    const wanted = forcesOf(month, kind).filter((forceId) => !isOne || forceId === force);
    for (const forceId of new Set([...wanted, ...(isOne && force !== undefined ? [force] : [])])) {
      const records = cover.find({ month, kind, forceId })?.records;
      const gap = findKnownGap({ forceId, kind, month }, records ?? 0);
      if (gap !== undefined) known.set(forceId, gap.why);
      else if (records === undefined && forceId !== NOWHERE)
        lacking.set(month, [...(lacking.get(month) ?? []), forceId]);
    }
  }
  return [
    ...[...known].map(([forceId, why]) => `${forceId} ${why}: that is not zero`),
    ...describeLacking(lacking, kind),
    ...describeHoles(months),
  ];
}

function describeLacking(lacking: ReadonlyMap<Month, string[]>, kind: string): string[] {
  if (lacking.size === 0) return [];
  const named = [...lacking].map(([month, forces]) => `${month} (${name(forces)})`);
  return [`${kind} of ${name(named)} are here in part: not all forces are`];
}

/** Months between that are not here at all. */
function describeHoles(months: readonly Month[]): string[] {
  const [first = "", last = ""] = [months[0], months.at(-1)];
  const holes = monthsBetween(last, first) + 1 - months.length;
  if (holes <= 0) return [];
  return [
    `${plural(holes, "month")} between ${first} and ${last} ${holes === 1 ? "is" : "are"} not here`,
  ];
}

function name(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return names.slice(0, NAMED).join(", ") + more;
}

function listUncounted(reader: ReportReader, { name: report, layer, areas }: Question): string[] {
  const used = [layer, ...areas.map((area) => area.layer)];
  // Of forces and neighbourhoods only the latest outcomes are counted apart.
  const counted =
    report === "outcomes"
      ? used.map((one) => (one === "neighbourhoods" ? "forces" : one))
      : used.filter((one) => one !== "forces");
  return reader
    .list()
    .filter(({ name: one, uncounted }) => counted.includes(one) && uncounted > 0)
    .map(
      ({ name: one, uncounted }) =>
        `${plural(uncounted, "month")} of records ${uncounted === 1 ? "is" : "are"} not counted yet for ${one}: ukpolice areas update`,
    );
}

/** Points decide in which area a record is counted; of forces that hardly matters. */
function listRenewed({ layer, since, until, name: report }: Question): string[] {
  if (layer === "forces" || report === "stops") return [];
  return RENEWED.filter((month) => since < month && month <= until).map(
    (month) =>
      `map points were renewed with ${month}: a small area may have gained or lost some, and not crimes`,
  );
}

function listOfAreas(
  reader: ReportReader,
  { layer, kind, since, until, category, areas }: Question,
  { columns, rows }: Table,
): string[] {
  if (areas.length > 0) return [];
  const found = reader.list().find((one) => one.name === layer);
  if (found === undefined) return [];
  const ids = columns.indexOf("id");
  const without = found.areas - rows.filter((row) => row[ids] !== "").length;
  const cautions: string[] = [];
  if (without > 0)
    cautions.push(
      `${plural(without, "area")} of ${layer} without ${kind} here: none, or not crawled`,
    );
  if (found.points !== null && found.points.in_several > 0)
    cautions.push(
      `${layer} overlaps itself: ${plural(found.points.in_several, "point")} in several areas, counted in the first`,
    );
  if (layer === "forces") return cautions;
  const all = reader.countAll(kind, { since, until }, category?.id ?? null);
  const counted = sumOf({ columns, rows }, "records");
  if (all > counted && layer !== "neighbourhoods")
    cautions.push(`${formatCount(all - counted)} ${kind} have no location, and are in no area`);
  return cautions;
}

function sumOf({ columns, rows }: Table, column: string): number {
  const at = columns.indexOf(column);
  return rows.reduce((sum, row) => sum + Number(row[at] ?? 0), 0);
}

function listWithoutPeople({ layer, areas, name: report }: Question, table: Table): string[] {
  const hint = (of: string) =>
    `ukpolice areas add people.csv --name ${of} --id code --population people`;
  if (report !== "areas") {
    const unknown = areas.filter(({ population }) => population === null);
    if (areas.length > 0 && unknown.length === 0) return [];
    const names = unknown.map(({ label }) => label).join(", ") || "all";
    return [`no population is known for ${names}: ${hint(unknown[0]?.layer ?? layer)}`];
  }
  const at = table.columns.indexOf("population");
  const ids = table.columns.indexOf("id");
  const unknown = table.rows.filter((row) => row[at] === null && row[ids] !== "").length;
  if (unknown === 0) return [];
  return [`no population is known for ${plural(unknown, "area")} of ${layer}: ${hint(layer)}`];
}

/** An outcome takes months: the newest crimes have had few. */
function listLags(reader: ReportReader, { since, until, category }: Question): string[] {
  const release = reader.readRelease().slice(0, 7);
  const asb = category === null ? ["anti-social behaviour has no outcomes, and is left out"] : [];
  if (release === "") return asb;
  const [most, least] = [monthsBetween(release, since), monthsBetween(release, until)];
  const old = most === least ? plural(least, "month") : `${least} to ${plural(most, "month")}`;
  return [`outcomes come late: in the release of ${release} these crimes were ${old} old`, ...asb];
}

/** Around a point it is not known what was asked for. */
function listNothing({ near }: Question, { rows }: Table): string[] {
  if (near === null || rows.length > 0) return [];
  return ["no crime is known there: there was none, or it was not crawled"];
}

function listSmall({ columns, rows }: Table): string[] {
  const at = columns.findIndex((column) => ["records", "crimes", "stops"].includes(column));
  const counts = rows.map((row) => row[at]).filter((count) => typeof count === "number");
  const small = counts.filter((count) => count > 0 && count < SMALL).length;
  if (at < 0 || small === 0) return [];
  const share = formatShare(small / counts.length);
  return [
    `small numbers: ${share} of the rows count fewer than ${SMALL}, which chance alone moves`,
  ];
}
