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

test("a reply of twelve mebibytes that is refused costs little memory", () => {
  const bomb = Buffer.alloc(12 * 2 ** 20, "[");
  const before = process.memoryUsage().rss;
  expect(() => parseJson("/forces", bomb)).toThrow("too deep");
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 2 ** 20);
});
