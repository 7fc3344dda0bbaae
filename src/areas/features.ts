import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { usageError } from "../errors.ts";

/** A feature this large is not read: it would have millions of points. */
const MOST_BYTES = 64 * 2 ** 20;
/** GeoJSON is eight levels deep. */
const MOST_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

const NO_OBJECTS = "it is no GeoJSON: its features are no objects";

/** A piece of a file: one of the features of a collection, or an object without its features. */
export type Piece = { as: "feature" | "object"; text: string };

/** Reads a file of GeoJSON piece by piece; it may also have an object on each line. */
export async function* readPieces(file: string, signal: AbortSignal): AsyncGenerator<Piece> {
  const splitter = createSplitter(file);
  let isFirst = true;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, signal })) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (isFirst) checkStart(chunk, file);
      isFirst = false;
      yield* splitter.push(chunk);
    }
  } catch (error) {
    throw asReadError(error, file);
  }
  splitter.end();
}

/** What is often given in the place of GeoJSON. */
function checkStart(chunk: Buffer, file: string): void {
  const convert = `convert it: ogr2ogr -f GeoJSON -t_srs EPSG:4326 areas.geojson ${file}`;
  if (chunk[0] === 0x1f && chunk[1] === 0x8b)
    throw usageError(`${file} is compressed`, `unpack it: gunzip ${file}`);
  if (chunk[0] === 0x50 && chunk[1] === 0x4b)
    throw usageError(`${file} is a zip, not GeoJSON`, `unpack it and ${convert}`);
  if (/^\uFEFF?\s*</.test(chunk.toString("utf8", 0, 200)))
    throw usageError(`${file} is XML, such as KML or GML, not GeoJSON`, convert);
  // Features in a row, RFC 8142, each begin with a separator of records.
  const start = chunk.toString("utf8", 0, 4096).replaceAll(String.fromCharCode(0x1e), "");
  if (!/^\uFEFF?\s*\{/.test(start)) throw usageError(`${file} is no GeoJSON`, convert);
}

function asReadError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "it may not be read",
  };
  const reason = reasons[String(error.code)];
  return reason === undefined
    ? error
    : usageError(`${file} cannot be read: ${reason}`, "name a file of GeoJSON");
}

/**
 * Splits JSON into its outermost objects and the features within them. Each piece is bounded and
 * is parsed by itself, whatever the size of the file; the streaming libraries that were looked at
 * assemble values token by token, ten times slower, and say that they are not for files of strangers.
 */
export function createSplitter(name: string) {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let isFeatures = false;
  /** What is kept of the pieces at hand from earlier chunks. */
  const parts: Record<Piece["as"], Buffer[]> = { feature: [], object: [] };
  const bytes = { feature: 0, object: 0 };
  /** The last text at the first level, as far as it can be a key that matters. */
  let key = "";

  const refuse = (why: string, hint?: string) => usageError(`${name}: ${why}`, hint);
  const decode = (text: Buffer): string => {
    if (isUtf8(text)) return text.toString("utf8").replace(/^\uFEFF/, "");
    throw refuse("it is not UTF-8", `convert it: iconv -f LATIN1 -t UTF-8 ${name} > areas.geojson`);
  };
  const keep = (as: Piece["as"], part: Buffer): void => {
    bytes[as] += part.length;
    if (bytes[as] > MOST_BYTES) throw refuse("one of its features is larger than 64 MB");
    parts[as].push(part);
  };
  const finish = (as: Piece["as"]): Piece => {
    const text = decode(Buffer.concat(parts[as]));
    parts[as] = [];
    bytes[as] = 0;
    return { as, text };
  };

  function* push(chunk: Buffer): Generator<Piece> {
    let from = 0;
    /** What is at hand: a feature, or all that surrounds features. */
    const current = (): Piece["as"] | undefined => {
      if (isFeatures) return depth > 2 ? "feature" : undefined;
      return depth > 0 ? "object" : undefined;
    };
    const take = (to: number): void => {
      const as = current();
      if (as !== undefined && to > from) keep(as, Buffer.from(chunk.subarray(from, to)));
      from = to;
    };
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
        if (isText && depth === 1 && key.length < 16) key += String.fromCharCode(byte);
      } else if (byte === QUOTE) {
        if (isFeatures && depth === 2) throw refuse(NO_OBJECTS);
        isText = true;
        if (depth === 1) key = "";
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (byte === OPEN_ARRAY && ((isFeatures && depth === 2) || depth === 0))
          throw refuse(NO_OBJECTS);
        const begins = byte === OPEN_ARRAY && depth === 1 && key === "features";
        if (current() === undefined) from = at;
        if (begins) take(at + 1);
        depth += 1;
        if (begins) isFeatures = true;
        if (depth > MOST_DEPTH) throw refuse("it is nested too deep for GeoJSON");
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (isFeatures && depth === 2) [isFeatures, from] = [false, at];
        const as = current();
        if ((isFeatures ? depth === 3 : depth === 1) && as !== undefined) {
          take(at + 1);
          yield finish(as);
        }
        depth = Math.max(0, depth - 1);
      } else if (byte > 0x20 && byte !== COMMA && isFeatures && depth === 2) {
        throw refuse(NO_OBJECTS);
      }
    }
    take(chunk.length);
  }
  return {
    push,
    /** Fails where the file ends in the midst of an object. */
    end(): void {
      if (depth > 0) throw refuse("it ends in the midst of an object: it is cut off");
    },
  };
}
