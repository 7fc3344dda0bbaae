/** Characters of a chunk: large enough to be worth a write, small enough to be nothing. */
const CHUNK = 65_536;

/** Joins short texts into chunks. */
export function* joinTexts(texts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
