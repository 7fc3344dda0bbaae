import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { crawlServed } from "../support/crawled.ts";
import { createLyingWorld, LYING_BOUNDARIES } from "../support/lying-boundaries.ts";
import { queryColumn } from "../support/temp.ts";
import { readRows, truthOf } from "../support/truth.ts";
import { serve } from "../support/world.ts";

const NAMES = Object.keys(LYING_BOUNDARIES);
const PLANS = ["tiles", "neighbourhoods"] as const;

function boundaryOf(name: string) {
  const found = LYING_BOUNDARIES[name];
  if (found === undefined) throw new Error(`no boundary is called ${name}`);
  return found;
}

describe("a boundary that lies", () => {
  test.each(NAMES)("ends the crawl well, and the honest area has its records: %s", async (name) => {
    for (const plan of PLANS) {
      const served = await serve(createLyingWorld(boundaryOf(name)));
      const { file, result } = await crawlServed(served, { options: { plan } });
      expect(result).toMatchObject({ failures: [], lastUpdate: "2018-05" });
      const ids = "select id from crimes where neighbourhood_id = 'honest' order by 1";
      expect(queryColumn(file, ids)).toEqual([3, 6]);
      const passedOver = boundaryOf(name).skipped === true ? ["avon/odd"] : [];
      expect(result.withoutBoundary).toEqual(passedOver);
    }
  });

  test.each(NAMES)("is the same for both plans, and as the points tell: %s", async (name) => {
    const { skipped, crimes, shape } = boundaryOf(name);
    const world = createLyingWorld({ shape, crimes });
    // What is passed over is as good as none.
    const taken = skipped === true ? createLyingWorld({ shape: "missing", crimes }) : world;
    const [tiles = [], neighbourhoods = []] = await Promise.all(
      PLANS.map(async (plan) => {
        const { file } = await crawlServed(await serve(world), { options: { plan } });
        const db = new Database(file, { readonly: true });
        const rows = readRows(db, "crimes", "2018-05");
        db.close();
        return rows;
      }),
    );
    expect(neighbourhoods).toEqual(truthOf(taken, { inside: true }).crimes.get("2018-05"));
    expect(tiles.filter((row) => !row.endsWith('null,null,null,""]'))).toEqual(neighbourhoods);
  });
});
