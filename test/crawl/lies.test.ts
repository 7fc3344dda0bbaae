import { describe, expect, test } from "vitest";
import { LIE_NAMES } from "../../src/sandbox/lies.ts";
import type { LieName } from "../../src/sandbox/lies.ts";
import { crawlServed, polygonsAsked } from "../support/crawled.ts";
import { queryColumn, queryRows, readContent } from "../support/temp.ts";
import { createWorld, rawCrime, serve, square } from "../support/world.ts";

/** The middle of the area that is lied about; the two others are told the truth. */
const LIED = { latitude: 51.05, longitude: 0.15 };
const IDS = [1, 2, 3, 10, 11, 12, 20, 21, 22];

function threeAreas() {
  const crimes = IDS.map((id) =>
    rawCrime(id, { latitude: 51.05, longitude: 0.05 + Math.floor(id / 10) / 10 }),
  );
  const areas = [0, 1, 2].map((n) => [`A${n}`, square(51, n / 10, 0.08)]);
  return createWorld({ areas: { avon: Object.fromEntries(areas) }, crimes });
}

/** What the reason has to name, for both kinds. */
const REASONS: Partial<Record<LieName, RegExp>> = {
  "wrong-type": /category: .*expected string/,
  "missing-key": /category: missing/,
  "latitude-nan": /location\.latitude/,
  "latitude-91": /location\.latitude: not from -90 to 90/,
  "id-string": /id: .*expected number/,
  "id-huge": /id: /,
  "other-month": /a record of 2015-01/,
  "huge-body": /larger than 12 MiB/,
  "gzip-bomb": /larger than 12 MiB/,
  "deep-nesting": /nested too deep/,
  "duplicate-keys": /a key stands twice/,
  "escapes-in-dates": /a record of /,
  "proto-key": /the key .__proto__./,
  redirect: /answered 302/,
};

describe("a reply that lies", () => {
  test.each(LIE_NAMES.filter((name) => REASONS[name] !== undefined))(
    "fails its polygon, with the reason, and nothing of it is stored: %s",
    async (name) => {
      const world = threeAreas();
      const served = await serve(world, { lies: { [name]: 1 }, lieArea: LIED });
      const { file, result } = await crawlServed(served);
      expect(result.failures).toMatchObject(
        ["crimes", "outcomes"].map((kind) => {
          return { kind, where: "avon/A1", reason: expect.stringMatching(REASONS[name] ?? /^$/) };
        }),
      );
      expect(result.lastUpdate).toBeNull();
      expect(queryColumn(file, "select id from crimes order by 1")).toEqual([1, 2, 3, 20, 21, 22]);
      expect(queryRows(file, "select * from streets where name like '%Nowhere%'")).toEqual([]);
      expect(Object.hasOwn(Object.prototype, "category")).toBe(false);

      const honest = await serve(world);
      await crawlServed(honest, { file });
      expect(polygonsAsked(honest)).toHaveLength(2);
      const { file: whole } = await crawlServed(await serve(world));
      expect(readContent(file)).toEqual(readContent(whole));
    },
  );
});
