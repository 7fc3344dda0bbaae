import { findKnownGap } from "../police-api.ts";
import { formatCount, plural, printable } from "../text.ts";
import { KINDS } from "../types.ts";
import type { Month } from "../types.ts";
import { drawHeat, heatLegend } from "./heat.ts";
import type { HeatCell } from "./heat.ts";
import type { CountsByMonth, StatusDocument } from "./status-shape.ts";

type Style = "bold" | "dim" | "yellow" | "red";
export type Paint = (style: Style, text: string) => string;

/** The kind whose months are drawn; of the others it is told how many there are. */
const DRAWN = "crimes";
const REST = KINDS.filter((kind) => kind !== DRAWN);

type Drawing = { width: number; unicode: boolean; paint: Paint };

/** A table of forces by months, each shaded by how many records there are. */
export function describeCoverage(
  status: StatusDocument,
  { width, unicode, paint }: Drawing,
): string[] {
  const months = status.months.map(({ month }) => month);
  if (months.length === 0 || status.coverage.length === 0) return [];
  const rows = status.coverage.map((row) => ({
    name: printable(row.force),
    cells: months.map((month) => cellOf(row.force, month, row[DRAWN][month])),
    tail: [
      averageOf(row[DRAWN]),
      ...REST.map((kind) => describeCovered(row[kind], months.length).padStart(kind.length)),
    ].join(" "),
  }));
  const { lines, hidden } = drawHeat(months, rows, {
    width,
    unicode,
    tailHead: ["a month", ...REST].join(" "),
    paint: (mark, cell) => (cell === 0 ? paint("red", mark) : paintCell(mark, cell, paint)),
  });
  const left =
    hidden === 0 ? "" : `, without the ${plural(hidden, "oldest month", "oldest months")}`;
  return [
    "",
    paint("bold", `${DRAWN} by force and month${left}`),
    ...lines,
    paint("dim", `  ${heatLegend(unicode)}`),
  ];
}

function averageOf(counts: CountsByMonth): string {
  const counted = Object.values(counts);
  const sum = counted.reduce((total, records) => total + records, 0);
  return counted.length === 0 ? "" : formatCount(Math.round(sum / counted.length));
}

/** In how many of the months a kind is covered; "none" where the API had none in any. */
function describeCovered(counts: CountsByMonth, months: number): string {
  const covered = Object.values(counts);
  if (covered.length > 0 && covered.every((records) => records === 0)) return "none";
  return `${covered.length}/${months}`;
}

function paintCell(mark: string, cell: HeatCell, paint: Paint): string {
  if (cell === "missing") return paint("dim", mark);
  return typeof cell === "number" ? mark : paint("yellow", mark);
}

function cellOf(force: string, month: Month, records: number | undefined): HeatCell {
  if (records === undefined) return "missing";
  const gap = findKnownGap({ forceId: force, kind: DRAWN, month }, records);
  return gap === undefined ? records : "gap";
}
