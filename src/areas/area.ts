import { usageError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import { readGeometry } from "./geometry.ts";
import type { Geometry } from "./geometry.ts";
import { readPopulation } from "./population.ts";

/** The properties that hold what is wanted of each feature. */
export type Keys = {
  id?: string | undefined;
  label?: string | undefined;
  population?: string | undefined;
};

/** An area as a feature tells it; a population that is no number is undefined, one that is not there null. */
export type ReadArea = Geometry & {
  id: string | null;
  label: string;
  population: number | null | undefined;
};

/** As the ids of the API. */
const LONGEST_ID = 300;
const LONGEST_LABEL = 300;

/** Reads one feature; fails where it is none. */
export function readArea(feature: unknown, keys: Keys, file: string): ReadArea {
  if (!isObject(feature) || feature["type"] !== "Feature") {
    throw usageError(`${file} is no GeoJSON: what it has as features are none`);
  }
  const properties = propertiesOf(feature);
  const given = keys.id === undefined ? feature["id"] : properties[keys.id];
  const id = toText(given)?.trim() ?? "";
  const label = keys.label === undefined ? properties["name"] : properties[keys.label];
  const { population } = keys;
  return {
    ...readGeometry(feature["geometry"], file),
    id: id === "" || id.length > LONGEST_ID ? null : id,
    label: (toText(label)?.trim() || id).slice(0, LONGEST_LABEL),
    population: population === undefined ? null : readPopulation(properties[population]),
  };
}

/** Fails where the first feature of a file lacks a property that was named. */
export function checkKeys(feature: unknown, { id, label, population }: Keys, file: string): void {
  const names = Object.keys(isObject(feature) ? propertiesOf(feature) : {});
  for (const key of [id, label, population]) {
    if (key === undefined || names.includes(key)) continue;
    const hint =
      names.length === 0 ? "its features have no properties" : suggest(key, names.slice(0, 40));
    throw usageError(`${file} has features without the property ${key}`, hint);
  }
}

function propertiesOf(feature: Record<string, unknown>): Record<string, unknown> {
  return isObject(feature["properties"]) ? feature["properties"] : {};
}

function toText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
