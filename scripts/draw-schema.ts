/**
 * Draws the tables of schema.sql and their foreign keys:
 *   npx tsx scripts/draw-schema.ts > docs/schema.svg
 * A table stands to the left of those that it points to; those without any keys stand on the right.
 */
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";

type Column = { name: string; type: string; pk: number; notnull: number };
type Key = { id: number; seq: number; table: string; from: string };
type Table = { name: string; columns: Column[]; keys: Key[] };
type Box = Table & { x: number; y: number; height: number };

const WIDTH = 210;
const GAP_X = 84;
const GAP_Y = 22;
const ROW = 17;
const HEAD = 24;
const MARGIN = 16;

const tables = readTables();
const boxes = place(tables);
const width = Math.max(...boxes.map(({ x }) => x + WIDTH)) + MARGIN;
const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN;
process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
<title>The tables of ukpolice and their foreign keys</title>
<style>
  .box { fill: #fff; stroke: #1d3557 } .head { fill: #1d3557 } .name { fill: #fff; font-weight: bold }
  text { fill: #1d3557 } .type { fill: #6b7a90 } .key { font-weight: bold }
  path { fill: none; stroke: #457b9d; stroke-width: 1.4 }
  circle { fill: #457b9d }
</style>
<rect width="${width}" height="${height}" fill="#f6f8fb"/>
${boxes.flatMap(drawKeys).join("\n")}
${boxes.map(drawBox).join("\n")}
</svg>
`);

function readTables(): Table[] {
  const db = new Database(":memory:");
  db.exec(readFileSync(new URL("../schema.sql", import.meta.url), "utf8"));
  const names = db
    .prepare<[], string>("select name from sqlite_schema where type = 'table' order by rowid")
    .pluck();
  const columns = db.prepare<[string], Column>("select * from pragma_table_info(?)");
  const keys = db.prepare<[string], Key>("select * from pragma_foreign_key_list(?)");
  return names.all().map((name) => ({ name, columns: columns.all(name), keys: keys.all(name) }));
}

/** How many foreign keys lead to a table, one after another, at most. */
function depthOf({ name }: Table): number {
  const sources = tables.filter(({ keys }) => keys.some(({ table }) => table === name));
  return sources.length === 0 ? 0 : 1 + Math.max(...sources.map(depthOf));
}

/** A table that none points to stands right before the nearest that it points to. */
function columnOf(table: Table): number | undefined {
  const targets = tables.filter(({ name }) => table.keys.some((key) => key.table === name));
  const depth = depthOf(table);
  if (depth > 0) return depth;
  return targets.length === 0 ? undefined : Math.min(...targets.map(depthOf)) - 1;
}

function place(all: readonly Table[]): Box[] {
  const last = Math.max(...all.map(depthOf));
  const bottoms = Array.from({ length: last + 2 }, () => MARGIN);
  const bottomOf = (column: number) => bottoms[column] ?? MARGIN;
  const put = (table: Table, column: number): Box => {
    const y = bottomOf(column);
    const boxHeight = HEAD + table.columns.length * ROW + 8;
    bottoms[column] = y + boxHeight + GAP_Y;
    return { ...table, x: MARGIN + column * (WIDTH + GAP_X), y, height: boxHeight };
  };
  const linked = all.flatMap((table) => {
    const column = columnOf(table);
    return column === undefined ? [] : put(table, column);
  });
  const apart = all.filter((table) => columnOf(table) === undefined);
  const shortest = () => (bottomOf(last + 1) < bottomOf(last) ? last + 1 : last);
  return [...linked, ...apart.map((table) => put(table, shortest()))];
}

function drawBox({ name, columns, x, y, height: boxHeight }: Box): string {
  const rows = columns.map((column, index) => {
    const at = rowOf(y, index) + 4;
    const key = column.pk > 0 ? ' class="key"' : "";
    const type = column.type.toLowerCase() + (column.notnull || column.pk > 0 ? "" : "?");
    return (
      `<text x="${x + 10}" y="${at}"${key}>${column.name}</text>` +
      `<text x="${x + WIDTH - 10}" y="${at}" text-anchor="end" class="type">${type}</text>`
    );
  });
  return `<g id="${name}"><rect class="box" x="${x}" y="${y}" width="${WIDTH}" height="${boxHeight}" rx="5"/>
<path class="head" d="M${x} ${y + HEAD}v-${HEAD - 5}q0 -5 5 -5h${WIDTH - 10}q5 0 5 5v${HEAD - 5}z" style="fill:#1d3557"/>
<text class="name" x="${x + 10}" y="${y + 16}">${name}</text>
${rows.join("\n")}</g>`;
}

/** A line for each foreign key, from its first column to the head of the table it points to. */
function drawKeys(box: Box): string[] {
  return box.keys.flatMap(({ seq, table, from }) => {
    const target = boxes.find(({ name }) => name === table);
    if (seq !== 0 || target === undefined) return [];
    const x1 = box.x + WIDTH;
    const y1 = rowOf(
      box.y,
      box.columns.findIndex(({ name }) => name === from),
    );
    const y2 = target.y + HEAD / 2;
    const bend = (target.x - x1) / 2;
    return [
      `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${target.x - bend} ${y2} ${target.x} ${y2}"/>`,
      `<circle cx="${x1}" cy="${y1}" r="3"/>`,
    ];
  });
}

function rowOf(y: number, index: number): number {
  return y + HEAD + 4 + index * ROW + ROW / 2;
}
