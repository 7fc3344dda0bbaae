import { expect, test } from "vitest";
import { dropBombs } from "../../support/bombs.ts";
import { browse, makeDatabase } from "../../support/browsing.ts";

test("60 statements at once that never end take less than 100 MB of the disk", async () => {
  const { url, ask } = await browse(makeDatabase());
  const { ends, temporaryBytes } = await dropBombs(url, 60);
  for (const end of ends) expect(end).toMatch(/^400 stopped/);
  expect(temporaryBytes).toBeLessThan(100e6);
  expect((await ask("/sql?sql=select+42")).body).toContain('<td class="number">42</td>');
}, 400_000);
