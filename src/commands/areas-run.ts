import { addLayer } from "../areas/add.ts";
import { countLayers } from "../areas/count.ts";
import { addFigures } from "../areas/figures.ts";
import { keepHeapSmall } from "../crawl/memory.ts";
import { EXIT, StoppedError, UkpoliceError, usageError } from "../errors.ts";
import { createAreasReport, describeLayers } from "../report/areas.ts";
import type { AreasReport } from "../report/areas.ts";
import { asDatabaseError, openForReading } from "../store/database.ts";
import { OWN_LAYERS } from "../store/layers.ts";
import { createLayerReader } from "../store/read/layers.ts";
import type { LayerStatus } from "../store/read/layers.ts";
import { openStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { suggest } from "../suggest.ts";
import type { AreasArgs } from "./areas-options.ts";
import type { Runtime } from "./runtime.ts";
import { checkThere } from "./there.ts";

/** Adds, lists, removes or counts layers. */
export async function runAreas(args: AreasArgs, runtime: Runtime): Promise<void> {
  const { verb, what, db: file } = args;
  if (verb === "add") checkAdd(args);
  else checkPlain(args);
  checkThere(file, `areas ${verb}`);
  if (verb === "list") return print(args, runtime, readLayers(file));
  keepHeapSmall();
  const report = createAreasReport({ ...runtime, ...args });
  const store = openStore(file);
  try {
    if (verb === "remove") return removeLayer(store, what ?? "", report);
    if (verb === "add") await add({ store, report }, args, runtime);
    else await count({ store, report }, runtime);
  } catch (error) {
    if (runtime.signal.aborted) throw new StoppedError(runtime.signal);
    throw asDatabaseError(error, file);
  } finally {
    report.stop();
    store.close();
  }
}

type Tools = { store: Store; report: AreasReport };

async function add(tools: Tools, args: AreasArgs, runtime: Runtime): Promise<void> {
  const { what: file = "", name = "", db } = args;
  const { store, report } = tools;
  if (isTable(file)) {
    const { id, population } = args;
    const added = await addFigures(tools, { file, name, keys: { id, population } });
    report.figures(name, added);
    return failIf([...added.unread, ...added.repeated], file);
  }
  if (store.layers.has(name)) {
    throw usageError(
      `the layer ${name} is there`,
      `remove it first: ukpolice areas remove ${name}`,
    );
  }
  const added = await addLayer(
    { store, signal: runtime.signal, progress: report.read },
    { file, name, keys: args },
  );
  report.added(name, added);
  await count(tools, runtime);
  const reader = openForReading(db);
  try {
    const layers = createLayerReader(reader);
    const layer = layers.list().find((one) => one.name === name);
    if (layer !== undefined) report.finish(layer, layers.listOverlaps(name, 3), added);
  } finally {
    reader.close();
  }
  const unnamed = args.id === undefined ? [] : added.unnamed; // else their numbers are meant
  failIf([...added.flawed, ...unnamed, ...added.unread], file);
}

async function count({ store, report }: Tools, { signal }: Runtime): Promise<void> {
  report.counted(await countLayers({ store, signal, progress: report.count }));
}

/** What could not be read is named above; the code tells a script. */
function failIf(named: readonly string[], file: string): void {
  if (named.length === 0) return;
  throw new UkpoliceError(`${file} could not be read as a whole`, EXIT.incomplete, {
    hint: "all else is there; mend the file, remove the layer and add it again",
  });
}

function removeLayer(store: Store, name: string, report: AreasReport): void {
  if (!store.layers.has(name)) {
    throw usageError(`there is no layer ${name} to remove`, "see: ukpolice areas list");
  }
  store.layers.remove(name);
  report.removed(name);
}

function readLayers(file: string): LayerStatus[] {
  const db = openForReading(file);
  try {
    return createLayerReader(db).list();
  } catch (error) {
    throw asDatabaseError(error, file);
  } finally {
    db.close();
  }
}

function print({ json, db }: AreasArgs, { stdout }: Runtime, layers: LayerStatus[]): void {
  const text = json ? JSON.stringify({ database: db, layers }, null, 2) : describeLayers(layers);
  stdout.write(`${text}\n`);
}

function isTable(file: string): boolean {
  return /\.(csv|tsv|txt)$/i.test(file);
}

function checkAdd({ what, name, label, db }: AreasArgs): void {
  if (what === undefined) throw usageError("areas add lacks a file", EXAMPLE);
  if (name === undefined) throw usageError("areas add lacks --name", EXAMPLE);
  if (isTable(what)) {
    if (label !== undefined) throw usageError("--label is of no use with figures", "leave it out");
    return checkOfFigures(name, db);
  }
  if (!/^[\w-]{1,40}$/.test(name))
    throw usageError(`--name ${name} is not letters, digits, - and _, up to 40 of them`, EXAMPLE);
  if (OWN_LAYERS.some((own) => own === name))
    throw usageError(`the layer ${name} is there without a file`, "choose another --name");
}

const EXAMPLE = "as in: ukpolice areas add boroughs.geojson --name boroughs";

/** Figures are of a layer that is there. */
function checkOfFigures(name: string, file: string): void {
  checkThere(file, "areas list");
  const names = readLayers(file).map((layer) => layer.name);
  if (!names.includes(name)) throw usageError(`there is no layer ${name}`, suggest(name, names));
}

function checkPlain({ verb, what, ...options }: AreasArgs): void {
  const named = (["name", "id", "label", "population"] as const).find(
    (option) => options[option] !== undefined,
  );
  if (named !== undefined)
    throw usageError(`--${named} is of no use with areas ${verb}`, "leave it out");
  if (verb === "remove" && what === undefined)
    throw usageError("areas remove lacks a name", "see: ukpolice areas list");
  if (verb !== "remove" && what !== undefined)
    throw usageError(`areas ${verb} takes no name: ${what}`, "leave it out");
}
