// Adds a file of areas as a layer of a database, counts its months, and says what that took:
//   node bench/layer-child.js FILE DATABASE
import { addLayer } from "../dist/areas/add.js";
import { readPolygons } from "../dist/areas/boundary.js";
import { countLayers } from "../dist/areas/count.js";
import { keepHeapSmall } from "../dist/crawl/memory.js";
import { createFindArea } from "../dist/geo/find-area.js";
import { openStore } from "../dist/store/store.js";

const [file, database, pointsJson] = process.argv.slice(2);
const { count, box } = JSON.parse(pointsJson);
keepHeapSmall();
const signal = new AbortController().signal;
const store = openStore(database);
const time = async (work) => {
  const startMs = performance.now();
  const found = await work();
  return { ms: performance.now() - startMs, found };
};
const tools = { store, signal, progress: () => {} };
const read = await time(() =>
  addLayer(tools, { file, name: "mine", keys: { id: process.argv[5] ?? "code" } }),
);
const locate = await time(() => {
  const rows = store.layers.readBoundaries("mine");
  const find = createFindArea(
    (function* () {
      for (const { id, boundary } of rows) yield { id, polygons: readPolygons(boundary) };
    })(),
  );
  let inside = 0;
  for (let at = 0; at < count; at += 1) {
    // the fractions of two irrational numbers spread evenly
    const latitude = box.south + ((at * 0.754877666) % 1) * (box.north - box.south);
    const longitude = box.west + ((at * 0.569840291) % 1) * (box.east - box.west);
    if (find({ latitude, longitude }).area !== null) inside += 1;
  }
  return inside;
});
const maxRssMb = process.resourceUsage().maxRSS / 1024;
const counted = await time(() => countLayers({ store, signal }));
store.close();
console.log(
  JSON.stringify({
    readMs: read.ms,
    locateMs: locate.ms,
    inside: locate.found,
    maxRssMb,
    countMs: counted.ms,
    counted: counted.found,
    maxRssOfAllMb: process.resourceUsage().maxRSS / 1024,
  }),
);
