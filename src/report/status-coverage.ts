import { findKnownGap } from "../police-api.ts";
import { formatCount, plural, printable } from "../text.ts";
import type { Kind } from "../types.ts";
import { drawHeat, heatLegend } from "./heat.ts";
import type { HeatCell } from "./heat.ts";
import { isForStops } from "./status-stops.ts";
import type { CountsByMonth, CoverageRow, MonthStatus, StatusDocument } from "./status-shape.ts";

type Style = "bold" | "dim" | "yellow" | "red";
export type Paint = (style: Style, text: string) => string;

const AVERAGE = "a month";

type Drawing = { width: number; unicode: boolean; paint: Paint };

/**
 * A table of forces by months, each shaded by how many records there are of the first kind; of the
 * others it is told of how many months they are.
 */
export function describeCoverage(
  status: StatusDocument,
  { width, unicode, paint }: Drawing,
): string[] {
  const [drawn, ...others] = status.kinds;
  const rest = others.filter((kind) => kind !== "stops" || isForStops(status));
  const months = status.months.map(({ month }) => month);
  if (drawn === undefined || months.length === 0) return [];
  const rows = status.coverage
    .filter((row) => row.listed || drawn === "stops" || Object.keys(row[drawn] ?? {}).length > 0)
    .map((row) => ({
      name: printable(row.force),
      cells: status.months.map((month) => cellOf(row, month, drawn)),
      tail: [
        averageOf(row[drawn] ?? {}).padStart(AVERAGE.length),
        ...rest.map((kind) => describeCovered(row, status.months, kind).padStart(kind.length)),
      ].join(" "),
    }));
  if (rows.length === 0) return [];
  const { lines, hidden } = drawHeat(months, rows, {
    width,
    unicode,
    tailHead: [AVERAGE, ...rest].join(" "),
    paint: (mark, cell) => (cell === 0 ? paint("red", mark) : paintCell(mark, cell, paint)),
  });
  const left =
    hidden === 0 ? "" : `, without the ${plural(hidden, "oldest month", "oldest months")}`;
  return [
    "",
    paint("bold", `${drawn} by force and month${left}`),
    ...lines,
    paint("dim", `  ${heatLegend(unicode, drawn === "stops")}`),
  ];
}

function averageOf(counts: CountsByMonth): string {
  const counted = Object.values(counts);
  const sum = counted.reduce((total, records) => total + records, 0);
  return counted.length === 0 ? "" : formatCount(Math.round(sum / counted.length));
}

/**
 * In how many of the months a kind is covered, of stops of those of which the force publishes some;
 * "none" where the API had none in any, "-" where it is not published in any.
 */
function describeCovered(row: CoverageRow, months: readonly MonthStatus[], kind: Kind): string {
  const covered = Object.values(row[kind] ?? {});
  if (covered.length > 0 && covered.every((records) => records === 0)) return "none";
  const published = months.filter((month) => kind !== "stops" || !isUnpublished(row, month));
  return published.length === 0 ? "-" : `${covered.length}/${published.length}`;
}

function isUnpublished({ force }: CoverageRow, month: MonthStatus): boolean {
  return month.stops_not_published.includes(force);
}

function paintCell(mark: string, cell: HeatCell, paint: Paint): string {
  if (cell === "missing" || cell === "unpublished") return paint("dim", mark);
  return typeof cell === "number" ? mark : paint("yellow", mark);
}

function cellOf(row: CoverageRow, status: MonthStatus, kind: Kind): HeatCell {
  const { month } = status;
  const records = row[kind]?.[month];
  if (records === undefined)
    return kind === "stops" && isUnpublished(row, status) ? "unpublished" : "missing";
  const source = status.sources[kind];
  const gap = findKnownGap({ forceId: row.force, kind, month, source }, records);
  return gap === undefined ? records : "gap";
}
