import type { Added } from "../areas/add.ts";
import type { Counted } from "../areas/count.ts";
import type { AddedFigures } from "../areas/figures.ts";
import type { LayerStatus, Overlap } from "../store/read/layers.ts";
import { formatCount, formatShare, plural, printable } from "../text.ts";
import type { Output } from "./lines.ts";
import type { Screen } from "./screen.ts";
import { list } from "./summary.ts";
import { toColumns } from "./columns.ts";

/** Progress is drawn no more often than this. */
const PERIOD_MS = 100;

export type AreasReportOptions = {
  quiet: boolean;
  json: boolean;
  bars: boolean;
  stdout: Output;
  screen: Screen;
};

export type AreasReport = ReturnType<typeof createAreasReport>;

/** What adding, removing and counting layers says: progress on stderr, what came of it on stdout. */
export function createAreasReport({ quiet, json, bars, stdout, screen }: AreasReportOptions) {
  let lastMs = -Infinity;
  const show = (text: string) => {
    const nowMs = performance.now();
    if (quiet || !bars || nowMs - lastMs < PERIOD_MS) return;
    lastMs = nowMs;
    screen.show(printable(text).slice(0, screen.columns()));
  };
  const say = (text: string) => {
    if (!quiet) screen.print(printable(text));
  };
  const answer = (document: object, text: string) => {
    screen.clear();
    if (json) stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (!quiet) stdout.write(`${text.split("\n").map(printable).join("\n")}\n`);
  };
  const warn = (what: string, named: readonly string[]) => {
    if (named.length > 0) say(`warning: ${what}: ${list(named, "; ")}`);
  };
  return {
    read: (areas: number) => show(`${plural(areas, "area")} read`),
    count: (done: number, total: number, layer: string) =>
      show(`${layer}: ${done} of ${total} months counted`),
    added(name: string, added: Added): void {
      say(`${name}: ${plural(added.areas, "area")}${peopleOf(added.populations)}`);
      warn("no point can lie in what has no geometry", added.bare);
      warn("no point can lie in", added.flawed);
      warn("an id that was there before, taken as another part of that area", added.joined);
      warn("without an id, called by their number", added.unnamed);
      warn("the population is no number of people", added.unread);
      if (added.parts > 0)
        say(`${plural(added.parts, "part")} of areas without an extent left out`);
    },
    counted({ months, points }: Counted): void {
      if (months === 0) return say("all months are counted");
      say(`${plural(points, "point")} located, ${plural(months, "month")} of records counted`);
    },
    finish(layer: LayerStatus, overlaps: readonly Overlap[], added: Added): void {
      answer({ layer, ...added, overlaps }, describeLayer(layer, overlaps));
    },
    figures(name: string, added: AddedFigures): void {
      warn(`the layer ${name} has no area`, added.unknown);
      warn("the figure is no number of people", added.unread);
      warn("there is more than one figure, and the first counts", added.repeated);
      const lacking = added.lacking === 0 ? "" : `, none for ${plural(added.lacking, "other")}`;
      answer(
        { layer: name, ...added },
        `${name}: figures for ${plural(added.populations, "area")}${lacking}`,
      );
    },
    removed: (name: string) => answer({ removed: name }, `${name} is removed`),
    stop: screen.clear,
  };
}

function peopleOf(populations: number): string {
  return populations === 0 ? "" : `, with a population for ${formatCount(populations)}`;
}

function describeLayer(layer: LayerStatus, overlaps: readonly Overlap[]): string {
  const { name, points, records } = layer;
  const lines = [`${name} is there: try ukpolice report areas --layer ${name}`];
  if (points !== null && records !== null) {
    const share = formatShare(records.counted === 0 ? 0 : records.in_none / records.counted);
    lines.push(
      `${plural(points.located, "point")}, ${formatCount(points.in_none)} of them in none of its areas, with ${share} of all records`,
    );
    if (points.in_several > 0) {
      const named = overlaps.map(({ area, label, points: count }) => `${label || area} (${count})`);
      lines.push(
        `it overlaps itself: ${plural(points.in_several, "point")} in several areas, counted in the first: ${list(named)}`,
      );
    }
  }
  return lines.join("\n");
}

/** The layers as a table for people. */
export function describeLayers(layers: readonly LayerStatus[]): string {
  const rows = layers.map((layer) => [
    layer.name,
    formatCount(layer.areas),
    layer.populations === 0 ? "" : formatCount(layer.populations),
    layer.points === null ? "" : formatCount(layer.points.in_several),
    layer.records === null || layer.records.counted === 0
      ? ""
      : formatShare(layer.records.in_none / layer.records.counted),
    layer.uncounted === 0 ? "" : formatCount(layer.uncounted),
    layer.file ?? "",
  ]);
  return toColumns(HEADINGS, rows);
}

const HEADINGS = [
  { name: "layer", isNumber: false },
  { name: "areas", isNumber: true },
  { name: "with population", isNumber: true },
  { name: "points in several", isNumber: true },
  { name: "records in none", isNumber: true },
  { name: "months to count", isNumber: true },
  { name: "file", isNumber: false },
];
