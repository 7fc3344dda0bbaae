import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { runPool } from "../../src/crawl/pool.ts";

const nothing = () => {};

describe("a pool", () => {
  test("does all the work, with as many pieces under way as it may, and no more", async () => {
    const left = Array.from({ length: 20 }, (_, index) => index).values();
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await runPool({
      next: () => left.next().value,
      limit: 4,
      abandon: nothing,
      async work(item) {
        most = Math.max(most, (running += 1));
        await turn();
        running -= 1;
        done.push(item);
      },
    });
    expect(done).toHaveLength(20);
    expect(most).toBe(4);
  });

  test("ends at once when there is nothing to do", async () => {
    const work = vi.fn(() => Promise.resolve());
    await runPool({ next: () => undefined, work, limit: 4, abandon: nothing });
    expect(work).not.toHaveBeenCalled();
  });

  test("takes work that other work brings while it runs", async () => {
    const todo = [5];
    const done: number[] = [];
    await runPool({
      next: () => todo.pop(),
      limit: 3,
      abandon: nothing,
      async work(item) {
        await turn();
        done.push(item);
        if (item > 0) todo.push(item - 1, item - 1);
      },
    });
    expect(done).toHaveLength(2 ** 6 - 1);
  });

  test("takes no more after a failure, lets the rest end, and throws the first error", async () => {
    const left = [1, 2, 3, 4, 5, 6].values();
    const ended: number[] = [];
    const abandon = vi.fn();
    const pool = runPool({
      next: () => left.next().value,
      limit: 3,
      abandon,
      async work(item) {
        if (item > 1) await turn();
        if (item <= 2) throw new Error(`failure ${item}`);
        ended.push(item);
      },
    });
    await expect(pool).rejects.toThrow("failure 1");
    expect(ended).toEqual([3]);
    expect(abandon).toHaveBeenCalledExactlyOnceWith(new Error("failure 1"));
  });
});
