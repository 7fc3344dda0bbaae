import { readFileSync } from "node:fs";
import { usageError } from "../errors.ts";
import { monthsBetween } from "../months.ts";
import type { Parameters, ReportReader } from "../store/read/reports.ts";
import type { SqlValue } from "../store/read/relations.ts";
import { formatCount } from "../text.ts";
import { listCautions } from "./cautions.ts";
import { nameIndex, toPlace } from "./place.ts";
import type { Answer, Cell, Question, ReportName, Wish } from "./report.ts";
import { toQuestion } from "./question.ts";

/** The list of points was renewed with these months: a point of one list is none of another. */
export const RENEWED = ["2011-12", "2022-07"] as const;

/** Answers a report; what cannot be asked is wrong usage. */
export function runReport(reader: ReportReader, wish: Wish): Answer & { question: Question } {
  const question = toQuestion(reader, wish);
  checkPoints(question);
  const { sql, parameters } = prepare(reader, question);
  const { columns, rows } =
    question.name === "compare"
      ? compare(reader, question, { sql, parameters })
      : ask(reader, { sql, parameters });
  return {
    question,
    title: describe(question),
    columns,
    rows,
    cautions: listCautions(reader, question, { columns, rows }),
    sql: writeOut(sql, parameters),
  };
}

/** The text of a report's statement, as it stands in its file. */
export function readStatement(name: ReportName): string {
  return readFileSync(new URL(`../../reports/${name}.sql`, import.meta.url), "utf8");
}

/** What compares points of two lists compares nothing. */
function checkPoints({ name, since, until }: Question): void {
  if (name !== "near" && name !== "streets") return;
  const renewed = RENEWED.find((month) => since < month && month <= until);
  if (renewed === undefined) return;
  throw usageError(
    `the list of map points was renewed with ${renewed}: points and streets before it are not comparable with those since`,
    `ask for --since ${renewed}, or for --until ${lastBefore(renewed)}`,
  );
}

function lastBefore(month: string): string {
  const [year = "", number = ""] = month.split("-");
  return `${year}-${String(Number(number) - 1).padStart(2, "0")}`;
}

function prepare(reader: ReportReader, question: Question): Prepared {
  const { areas, category, since, until, months, layer, kind, per, by, name } = question;
  const [area] = areas;
  const place = toPlace(question);
  const statement = readStatement(name)
    .replace("/* place */ true", () => place.sql)
    .replace("/* index */", nameIndex(place));
  return {
    sql: statement,
    parameters: {
      layer,
      kind,
      area: area?.id ?? null,
      force: layer === "forces" ? (area?.id ?? null) : null,
      population: area?.population ?? null,
      category: category?.id ?? null,
      since,
      until,
      yearBefore: `${String(Number(since.slice(0, 4)) - 1).padStart(4, "0")}${since.slice(4)}`,
      months: monthsBetween(until, since) + 1,
      monthList: JSON.stringify(months),
      release: reader.readRelease().slice(0, 7) || until,
      per,
      by,
      ...place.parameters,
    },
  };
}

function toCell(value: SqlValue): Cell {
  if (typeof value === "bigint") return Number(value);
  return Buffer.isBuffer(value) ? value.toString("hex") : value;
}

type Table = { columns: string[]; rows: Cell[][] };

type Prepared = { sql: string; parameters: Parameters };

function ask(reader: ReportReader, { sql, parameters }: Prepared): Table {
  const { columns, rows } = reader.run(sql, parameters);
  return { columns, rows: rows.map((row) => row.map(toCell)) };
}

/** A column for each area: counts, or rates where they are asked for. */
function compare(reader: ReportReader, { areas, per }: Question, prepared: Prepared): Table {
  const byWhat = new Map<Cell, Cell[]>();
  for (const [nth, { layer, id, population }] of areas.entries()) {
    const parameters = { ...prepared.parameters, layer, area: id, population };
    for (const [what = null, records = null, rate = null] of ask(reader, {
      ...prepared,
      parameters,
    }).rows) {
      const cells = byWhat.get(what) ?? areas.map(() => (per === null ? 0 : null));
      cells[nth] = per === null ? records : rate;
      byWhat.set(what, cells);
    }
  }
  const names = [...byWhat.keys()].sort((a, b) => (String(a) < String(b) ? -1 : 1));
  return {
    columns: ["what", ...areas.map(({ label }) => label)],
    rows: names.map((what) => [what, ...(byWhat.get(what) ?? [])]),
  };
}

function describe(question: Question): string {
  const { name, kind, areas, category, since, until, per, near, layer, by } = question;
  const what = category === null ? kind : `${kind}: ${category.name}`;
  const names = areas.map(({ label }) => label).join(", ");
  const where =
    near === null
      ? names === ""
        ? ""
        : `, ${names}`
      : `, within ${formatCount(near.within)} m of ${near.point.latitude},${near.point.longitude}`;
  const grouped = by === null ? (name === "areas" ? `, by area of ${layer}` : "") : `, by ${by}`;
  const rate = per === null ? "" : `, rates per ${formatCount(per)} people and year`;
  const span = since === until ? since : `${since} to ${until}`;
  const named = name === kind || name === "revisions" ? name : `${name}: ${what}`;
  return `${named}${where}, ${span}${grouped}${rate}`;
}

/** The statement with its values in the place of their names. */
function writeOut(sql: string, parameters: Parameters): string {
  return sql.replace(/^--.*\n/gm, "").replaceAll(/@(\w+)/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
  });
}
