import type { SqlValue } from "../store/read/relations.ts";

/** One line of CSV as in RFC 4180; null is left empty. */
export function toCsvLine(values: readonly SqlValue[]): string {
  return `${values.map(toField).join(",")}\r\n`;
}

function toField(value: SqlValue): string {
  if (value === null) return "";
  const text = Buffer.isBuffer(value) ? value.toString("hex") : String(value);
  return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The headers that make a browser save what it gets. */
export function downloadHeaders(name: string): Record<string, string> {
  const plain = name.replaceAll(/[^\w.-]+/g, "-");
  return {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${plain}.csv"`,
    // Bytes that go no further than this machine are not worth the time to compress.
    "cache-control": "no-cache, no-transform",
  };
}

/** A stream of text that is made as fast as it is read, and no faster. */
export function toStream(lines: AsyncIterator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return?.();
    },
  });
}
