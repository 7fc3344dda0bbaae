import { expect, test } from "vitest";
import { readLines } from "../../src/archive/lines.ts";

async function read(text: string, size: number, isEndSure: boolean) {
  async function* chunks() {
    for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
  }
  let found = "";
  for await (const block of readLines(chunks(), isEndSure)) found += block.text;
  return found;
}

test.each([1, 2, 3, 100])("one blank last line is none, in chunks of %i bytes", async (size) => {
  expect(await read("a,b\n1,2\n\n", size, false)).toBe("a,b\n1,2\n");
  expect(await read("a,b\r\n1,2\r\n\r\n", size, false)).toBe("a,b\n1,2\n");
  expect(await read("a,b\n1,2\n\n\n", size, false)).toBe("a,b\n1,2\n\n");
});

test.each([1, 100])(
  "a last line without its end counts where the end is sure (%i)",
  async (size) => {
    expect(await read("a,b\n1,2", size, true)).toBe("a,b\n1,2\n");
    await expect(read("a,b\n1,2", size, false)).rejects.toThrow("is cut off");
  },
);
