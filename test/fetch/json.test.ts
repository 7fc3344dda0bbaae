import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidReplyError, TransientError } from "../../src/fetch/errors.ts";
import { parseJson } from "../../src/fetch/json.ts";

const parse = (text: string) => parseJson("/forces", Buffer.from(text));

test("JSON is parsed as ever, whatever is in its strings", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, pretty) => {
      const text = JSON.stringify(value, null, pretty ? 2 : 0);
      fc.pre(!text.includes("__proto__"));
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
    {
      examples: [
        [{ 'a":{"b': '\\":{[' }, false],
        [["\\", '"', ":"], true],
      ],
    },
  );
});

test.each(["", "<html>", "[1,", '{"a":1', '"open', '{"a":"b\\'])(
  "a body that is no JSON may be asked for again: %s",
  (text) => {
    expect(() => parse(text)).toThrow(TransientError);
  },
);

describe("a reply is refused", () => {
  test.each([
    ['[{"id":1,"id":2}]', "a key stands twice in an object"],
    ['[{"id":1,"\\u0069d":2}]', "a key stands twice in an object"],
    ['{"location":{"street":{"id":1,"id":1}}}', "a key stands twice in an object"],
    ['[{"id":1,"__proto__":{"month":"2018-05"}}]', "the key '__proto__'"],
    ["[".repeat(100_000) + "]".repeat(100_000), "it is nested too deep"],
    ['{"a":'.repeat(100_000) + "1" + "}".repeat(100_000), "it is nested too deep"],
    [`[${"[],".repeat(2_000_000)}1]`, "it holds too many objects for its size"],
  ])("%.40s", (text, why) => {
    expect(() => parse(text)).toThrow(InvalidReplyError);
    expect(() => parse(text)).toThrow(why);
  });
});

describe("the bytes of a reply", () => {
  const NAME = '[{"name":"Caf\u00e9 \u{1f46e}"}]';

  test.each([
    ["UTF-8", NAME],
    ["UTF-8 with a byte order mark", `\ufeff${NAME}`],
    ["ASCII with a byte order mark", '\ufeff[{"name":"Cafe"}]'],
  ])("may be %s", (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text.replace("\ufeff", "")));
  });

  test.each([
    ["Latin-1", Buffer.from('[{"name":"Caf\u00e9"}]', "latin1")],
    ["UTF-8 with a half of a pair", Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22])],
    ["UTF-8 that is longer than it need be", Buffer.from([0x22, 0xc0, 0xa2, 0x22])],
  ])("may not be %s", (_, bytes) => {
    expect(() => parseJson("/forces", bytes)).toThrow(InvalidReplyError);
    expect(() => parseJson("/forces", bytes)).toThrow("it is not UTF-8");
  });

  test.each([
    ["UTF-16", Buffer.from(`\ufeff${NAME}`, "utf16le")],
    ["cut off within a character", Buffer.from(NAME).subarray(0, 14)],
    ["a page in Latin-1", Buffer.from("<html>Caf\u00e9</html>", "latin1")],
  ])("may be asked for again: %s", (_, bytes) => {
    expect(() => parseJson("/forces", bytes)).toThrow(TransientError);
  });
});

test("a reply of twelve mebibytes that is refused costs little memory", () => {
  const bomb = Buffer.alloc(12 * 2 ** 20, "[");
  const before = process.memoryUsage().rss;
  expect(() => parseJson("/forces", bomb)).toThrow("too deep");
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 2 ** 20);
});
