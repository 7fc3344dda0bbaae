import type * as v from "@badrap/valita";
import { databaseError } from "../errors.ts";

/** What a value is, where it is what it has to be. */
type Read<T> = (value: unknown) => T | undefined;

/** Ids of forces; without a schema, whose package completion would have to load. */
export const readIds: Read<string[]> = (value) =>
  Array.isArray(value) && value.every((id): id is string => typeof id === "string")
    ? value
    : undefined;

/** Reads what fits a schema. */
export function fitting<T>(shape: v.Type<T>): Read<T> {
  return (value) => {
    const result = shape.try(value, { mode: "strip" });
    return result.ok ? result.value : undefined;
  };
}

/**
 * Reads what a crawl keeps in the database for the next one, as JSON. What it cannot have written is
 * an error with exit code 4: a crawl that went on without it would ask for the wrong things.
 */
export function readKept<T>(name: string, text: string, read: Read<T>): T {
  const found = read(parse(text));
  if (found !== undefined) return found;
  throw databaseError(`what the database keeps as ${name} cannot be read`, {
    hint: "no crawl wrote it so: the file was changed or damaged; crawl into a new one with --db",
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
