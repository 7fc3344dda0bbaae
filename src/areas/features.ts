import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { usageError } from "../errors.ts";
import type { UkpoliceError } from "../errors.ts";

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
  const splitter = new Splitter(file);
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
 * is parsed by itself, whatever the size of the file. The best-kept streaming library says that it
 * is not for files of strangers, and takes eight times as long: 17 s in the place of 2 for 120 MB.
 */
export class Splitter {
  readonly #name: string;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** Whether what is at hand stands in a list of features. */
  #isFeatures = false;
  /** The last text at the first level, as far as it can be a key that matters. */
  #key = "";
  readonly #parts: Record<Piece["as"], Buffer[]> = { feature: [], object: [] };
  readonly #bytes = { feature: 0, object: 0 };
  /** Where in the chunk the piece at hand goes on. */
  #from = 0;

  /** `name` is the file's, for people. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Takes the next bytes, and gives the pieces that end in them. */
  *push(chunk: Buffer): Generator<Piece> {
    this.#from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#isText) this.#readText(byte);
      else if (byte === QUOTE) this.#beginText();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(chunk, at);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        const piece = this.#close(chunk, at);
        if (piece !== undefined) yield piece;
      } else if (byte > 0x20 && byte !== COMMA && this.#isBetween()) {
        throw this.#refuse(NO_OBJECTS);
      }
    }
    this.#take(chunk, chunk.length);
  }

  /** Fails where the file ends in the midst of an object. */
  end(): void {
    if (this.#depth > 0) throw this.#refuse("it ends in the midst of an object: it is cut off");
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isText = false;
    if (this.#isText && this.#depth === 1 && this.#key.length < 16)
      this.#key += String.fromCharCode(byte);
  }

  #beginText(): void {
    if (this.#isBetween()) throw this.#refuse(NO_OBJECTS);
    this.#isText = true;
    if (this.#depth === 1) this.#key = "";
  }

  #open(chunk: Buffer, at: number): void {
    const isArray = chunk[at] === OPEN_ARRAY;
    if (isArray && (this.#depth === 0 || this.#isBetween())) throw this.#refuse(NO_OBJECTS);
    if (this.#atHand() === undefined) this.#from = at;
    const begins = isArray && this.#depth === 1 && this.#key === "features";
    if (begins) this.#take(chunk, at + 1);
    this.#depth += 1;
    if (begins) this.#isFeatures = true;
    if (this.#depth > MOST_DEPTH) throw this.#refuse("it is nested too deep for GeoJSON");
  }

  #close(chunk: Buffer, at: number): Piece | undefined {
    if (this.#isBetween()) [this.#isFeatures, this.#from] = [false, at];
    const as = this.#atHand();
    const isEnd = this.#depth === (this.#isFeatures ? 3 : 1);
    if (isEnd) this.#take(chunk, at + 1);
    this.#depth = Math.max(0, this.#depth - 1);
    return isEnd && as !== undefined ? this.#finish(as) : undefined;
  }

  /** Whether it is between the features of a list. */
  #isBetween(): boolean {
    return this.#isFeatures && this.#depth === 2;
  }

  /** What is at hand: a feature, or all that surrounds features. */
  #atHand(): Piece["as"] | undefined {
    if (this.#isFeatures) return this.#depth > 2 ? "feature" : undefined;
    return this.#depth > 0 ? "object" : undefined;
  }

  #take(chunk: Buffer, to: number): void {
    const as = this.#atHand();
    const from = this.#from;
    this.#from = to;
    if (as === undefined || to <= from) return;
    this.#bytes[as] += to - from;
    if (this.#bytes[as] > MOST_BYTES)
      throw this.#refuse("one of its features is larger than 64 MB");
    this.#parts[as].push(Buffer.from(chunk.subarray(from, to)));
  }

  #finish(as: Piece["as"]): Piece {
    const bytes = Buffer.concat(this.#parts[as]);
    this.#parts[as] = [];
    this.#bytes[as] = 0;
    if (!isUtf8(bytes)) {
      const convert = `iconv -f LATIN1 -t UTF-8 ${this.#name} > areas.geojson`;
      throw this.#refuse("it is not UTF-8", `convert it: ${convert}`);
    }
    return { as, text: bytes.toString("utf8").replace(/^\uFEFF/, "") };
  }

  #refuse(why: string, hint?: string): UkpoliceError {
    return usageError(`${this.#name}: ${why}`, hint);
  }
}
