import { basename } from "node:path";
import { usageError } from "../errors.ts";
import { writeBoundary } from "../store/layers.ts";
import type { LayerWriter } from "../store/layers.ts";
import type { Store } from "../store/store.ts";
import { checkKeys, readArea } from "./area.ts";
import type { Keys } from "./area.ts";
import { NO_GEOMETRY } from "./geometry.ts";
import { readPieces } from "./features.ts";
import type { Piece } from "./features.ts";

export type AddOptions = { file: string; name: string; keys: Keys };

/** What a file held; each text names one of its features and what is the matter with it. */
export type Added = {
  areas: number;
  /** Areas without a geometry, as GeoJSON may have them. */
  bare: string[];
  /** Areas in which no point can lie, since their geometry is none. */
  flawed: string[];
  /** Features that have the id of an area before them: they are parts of it. */
  joined: string[];
  /** Features without an id: their number in the file stands for it. */
  unnamed: string[];
  /** Populations that are no number of people. */
  unread: string[];
  /** Parts of areas that have no extent. */
  parts: number;
  populations: number;
};

/** Characters of parts of areas that are kept before they are written. */
const KEPT = 2 ** 25;

type Tools = { store: Store; signal: AbortSignal; progress: (areas: number) => void };

/** Reads a file of GeoJSON into a layer, as a whole or not at all. */
export async function addLayer(tools: Tools, { file, name, keys }: AddOptions): Promise<Added> {
  const { store, signal } = tools;
  const at = new Date().toISOString();
  const writer = store.layers.begin({ name, file: basename(file), at });
  try {
    const taking = createTaking(writer, { file, name, keys });
    for await (const piece of readPieces(file, signal)) {
      for (const feature of featuresOf(piece, file)) {
        taking.take(feature);
        tools.progress(taking.added.areas);
      }
    }
    taking.finish();
    const { added, people } = taking;
    if (added.areas === 0) throw usageError(`${file} holds no areas`, "it has no features");
    if (people.size > 0) store.layers.savePopulations(name, people);
    store.verify();
    writer.commit();
    return { ...added, populations: people.size };
  } finally {
    writer.rollback();
  }
}

/** What an object of the file is, besides the features that were taken out of it. */
function featuresOf({ as, text }: Piece, file: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw usageError(`${file} is no JSON`, cause instanceof Error ? cause.message : undefined);
  }
  if (as === "feature") return [value];
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : null;
  if (type === "Feature") return [value];
  if (type === "FeatureCollection") return [];
  throw usageError(
    `${file} is no GeoJSON of areas: it is neither a FeatureCollection nor a Feature`,
    `convert it: ogr2ogr -f GeoJSON -t_srs EPSG:4326 areas.geojson ${file}`,
  );
}

function createTaking(writer: LayerWriter, { file, keys }: AddOptions) {
  const added: Omit<Added, "populations"> = {
    areas: 0,
    bare: [],
    flawed: [],
    joined: [],
    unnamed: [],
    unread: [],
    parts: 0,
  };
  const people = new Map<string, number>();
  const joining = createJoining(writer);
  let nth = 0;

  const take = (feature: unknown): void => {
    nth += 1;
    if (nth === 1) checkKeys(feature, keys, file);
    const area = readArea(feature, keys, file);
    const id = area.id ?? (keys.id === undefined ? String(nth) : `#${nth}`);
    const label = area.label === "" ? id : area.label;
    const name = label === id ? id : `${id} (${label})`;
    if (area.id === null) added.unnamed.push(`feature ${nth}`);
    added.parts += area.flaw === null ? area.parts : 0;
    const polygons = area.polygons.map((polygon) => JSON.stringify(polygon)).join();
    if (writer.has(id)) {
      added.joined.push(`${name}, feature ${nth}`);
      if (area.flaw === null) joining.add(id, polygons);
    } else {
      const boundary = area.flaw === null ? writeBoundary(polygons) : null;
      writer.add({ id, label, boundary, flaw: area.flaw });
      added.areas += 1;
    }
    if (area.flaw === NO_GEOMETRY) added.bare.push(name);
    else if (area.flaw !== null) added.flawed.push(`${name}: ${area.flaw}`);
    if (area.population === undefined) added.unread.push(name);
    else if (area.population !== null && !people.has(id)) people.set(id, area.population);
  };
  return { added, people, take, finish: joining.flush };
}

/** Keeps parts of areas until there are many: a boundary of thousands is not written once for each. */
function createJoining(writer: LayerWriter) {
  const parts = new Map<string, string[]>();
  let characters = 0;
  const flush = (): void => {
    for (const [id, polygons] of parts) writer.extend(id, polygons.join());
    parts.clear();
    characters = 0;
  };
  return {
    flush,
    add(id: string, polygons: string): void {
      const others = parts.get(id);
      if (others === undefined) parts.set(id, [polygons]);
      else others.push(polygons);
      characters += polygons.length;
      if (characters > KEPT) flush();
    },
  };
}
