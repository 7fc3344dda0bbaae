/**
 * Draws how the plan of tiles covers London:
 *   npx tsx scripts/draw-cover.ts DATA_DIR > docs/cover-of-london.svg
 * DATA_DIR holds boundaries.json.gz and crimes-YYYY-MM.json.gz. The tiles of May 2018 are cut by
 * where the crimes of April were, as a crawl does; each shows how many crimes May brought.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { boundingBox, surround } from "../src/geo/box.ts";
import { divide, sizeOf, toCloud } from "../src/geo/cloud.ts";
import { Density } from "../src/geo/density.ts";
import { createPatience } from "../src/crawl/plan/patience.ts";
import { createSizes } from "../src/crawl/plan/sizes.ts";
import type { Cloud, Point } from "../src/types.ts";

type RawPoint = { latitude: string; longitude: string };

const WIDTH = 900;
const INK = "#1d3557";
const source = process.argv[2] ?? "../shared/data/london";

const boundaries: Record<string, Record<string, RawPoint[]>> = read("boundaries");
const rings = Object.values(boundaries).flatMap((areas) =>
  Object.values(areas).map((ring) => ring.map(toPoint)),
);
const frame = surround([boundingBox(rings.flat())], 0.01);
const shrink = Math.cos(((frame.south + frame.north) / 2) * (Math.PI / 180));
const scale = WIDTH / ((frame.east - frame.west) * shrink);
const height = Math.round((frame.north - frame.south) * scale);

const target = createSizes({ known: {}, save() {}, patience: createPatience() }).targetOf("crimes");
const before = crimesOf("2018-04");
const after = crimesOf("2018-05");
const tiles = new Density(frame, before).cover(target);

const paths = rings.map((ring) => `<path d="M${outline(ring).join("L")}Z"/>`);
const boxes = tiles.map(({ box }) => {
  const [x = 0, y = 0] = xy({ latitude: box.north, longitude: box.west });
  const [right = 0, bottom = 0] = xy({ latitude: box.south, longitude: box.east });
  const count = sizeOf(divide(after, box).inside).toLocaleString("en-GB");
  const size = Math.max(11, Math.min(22, (right - x) / 4));
  return (
    `<rect x="${x}" y="${y}" width="${round(right - x)}" height="${round(bottom - y)}"/>` +
    `<text x="${round((x + right) / 2)}" y="${round((y + bottom) / 2 + size / 3)}" font-size="${round(size)}">${count}</text>`
  );
});

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 28}" font-family="sans-serif">
<title>${rings.length} neighbourhoods of London, covered by ${tiles.length} tiles</title>
<rect width="${WIDTH}" height="${height + 28}" fill="#ffffff"/>
<g fill="#f1f3f5" stroke="#ced4da" stroke-width="0.6">
${paths.join("\n")}
</g>
<g fill="${INK}" fill-opacity="0.06" stroke="${INK}" stroke-width="1.6">
${boxes.map((box) => box.slice(0, box.indexOf("<text"))).join("\n")}
</g>
<g fill="${INK}" text-anchor="middle" font-weight="bold" stroke="#ffffff" stroke-width="3" paint-order="stroke">
${boxes.map((box) => box.slice(box.indexOf("<text"))).join("\n")}
</g>
<text x="8" y="${height + 19}" font-size="12" fill="#495057">Crimes of May 2018 in each tile; boundaries of ${rings.length} neighbourhoods. data.police.uk, Open Government Licence v3.0</text>
</svg>`);

function crimesOf(month: string): Cloud {
  const crimes: { location: RawPoint }[] = read(`crimes-${month}`);
  return toCloud(crimes.map(({ location }) => toPoint(location)));
}

/** The corners of a ring that differ on paper. */
function outline(ring: readonly Point[]): string[] {
  const corners = ring.map((point) => xy(point).map(Math.round).join(" "));
  return corners.filter((corner, index) => corner !== corners[index - 1]);
}

function xy({ latitude, longitude }: Point): [number, number] {
  return [
    round((longitude - frame.west) * shrink * scale),
    round((frame.north - latitude) * scale),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function toPoint({ latitude, longitude }: RawPoint): Point {
  return { latitude: Number(latitude), longitude: Number(longitude) };
}

function read(name: string) {
  return JSON.parse(gunzipSync(readFileSync(join(source, `${name}.json.gz`))).toString());
}
