import { readFile, stat } from "node:fs/promises";
import { inferSchema, initParser } from "udsv";
import { usageError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import type { Store } from "../store/store.ts";
import { readPopulation } from "./population.ts";

/** Figures for every area of the country are a few MB. */
const MOST_BYTES = 64 * 2 ** 20;

export type FiguresOptions = {
  file: string;
  name: string;
  keys: { id?: string | undefined; population?: string | undefined };
};

/** What a table of figures held; each text names one of its rows. */
export type AddedFigures = {
  populations: number;
  /** Areas of the layer for which there is no figure. */
  lacking: number;
  /** Ids of which the layer has no area. */
  unknown: string[];
  unread: string[];
  repeated: string[];
};

/** Reads how many people live in the areas of a layer that is there, in the place of what was known. */
export async function addFigures(
  { store }: { store: Store },
  { file, name, keys }: FiguresOptions,
): Promise<AddedFigures> {
  const { header, rows } = parseTable(await readText(file), file);
  const at = {
    id: findColumn(header, keys.id ?? "id", "id", file),
    population: findColumn(header, keys.population ?? "population", "population", file),
  };
  const known = new Set(store.layers.listAreaIds(name));
  const people = new Map<string, number>();
  const added: AddedFigures = { populations: 0, lacking: 0, unknown: [], unread: [], repeated: [] };
  for (const row of rows) {
    const id = (row[at.id] ?? "").trim();
    const population = readPopulation(row[at.population]);
    if (id === "" && population === null) continue; // a line of commas, as spreadsheets leave them
    if (!known.has(id)) added.unknown.push(id === "" ? "a row without an id" : id);
    else if (typeof population !== "number") added.unread.push(id);
    else if (people.has(id)) added.repeated.push(id);
    else people.set(id, population);
  }
  if (people.size === 0) {
    throw usageError(
      `${file} has no figures for the layer ${name}`,
      `its ids are as: ${[...known].slice(0, 3).join(", ")}`,
    );
  }
  store.layers.savePopulations(name, people);
  return { ...added, populations: people.size, lacking: known.size - people.size };
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES)
      throw usageError(`${file} is too large for a table of figures`, "it has to be below 64 MB");
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw usageError(`${file} cannot be read: ${error.message}`, "name a file of CSV");
    throw error;
  }
}

function parseTable(text: string, file: string): { header: string[]; rows: string[][] } {
  if (text.trim() === "") throw usageError(`${file} is empty`, "its first line names columns");
  const schema = inferSchema(text);
  const rows: string[][] = initParser(schema).stringArrs(text);
  return { header: schema.cols.map(({ name }) => name), rows };
}

function findColumn(header: readonly string[], name: string, option: string, file: string): number {
  const names = header.map((cell) => cell.trim());
  const at = names.indexOf(name);
  if (at >= 0) return at;
  throw usageError(
    `${file} has no column ${name}; name one with --${option}`,
    suggest(name, names.slice(0, 40)),
  );
}
