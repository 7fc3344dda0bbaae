import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forceName, safeName } from "../../src/export/names.ts";

const id = fc.string({ unit: "binary", maxLength: 30 });

describe("an id as a part of a path", () => {
  test("stays as it is when it is one of ours", () => {
    expect(safeName("avon-and-somerset")).toBe("avon-and-somerset");
    expect(safeName("2018-05")).toBe("2018-05");
  });

  test.each([
    ["../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd"],
    ["..", "%2E%2E"],
    ["a\\b:c\u0000", "a%5Cb%3Ac%00"],
    ["Kent", "%4Bent"],
    ["é", "%C3%A9"],
  ])("%j becomes %s", (from, to) => {
    expect(safeName(from)).toBe(to);
  });

  test("never leaves its folder, and is told from every other, also by its small letters", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        const name = `2018-05-${forceName(a)}-street.csv`;
        expect(posix.basename(name)).toBe(name);
        expect(win32.basename(name)).toBe(name);
        if (Buffer.from(a).equals(Buffer.from(b))) return;
        expect(forceName(a).toLowerCase()).not.toBe(forceName(b).toLowerCase());
      }),
    );
  });

  test("is not mistaken for no force", () => {
    expect(forceName("no-force")).not.toBe(forceName(null));
    expect(decodeURIComponent(forceName("no-force"))).toBe("no-force");
  });
});
