import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Gate } from "../../src/fetch/gate.ts";
import { never } from "../support/http.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start(gate: Gate, count: number, ahead = false): number[] {
  const starts: number[] = [];
  for (let index = 0; index < count; index += 1) {
    void gate.pass(never(), ahead).then(() => starts.push(performance.now()));
  }
  return starts;
}

describe("a gate that is held", () => {
  test("lets those through that go ahead, and nobody else", async () => {
    const gate = new Gate(15);
    gate.hold();
    const others = start(gate, 5);
    const ahead = start(gate, 2, true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(ahead).toHaveLength(2);
    expect(others).toEqual([]);
    gate.release();
    await vi.advanceTimersByTimeAsync(5000);
    expect(others).toHaveLength(5);
  });

  test("is open again when all who held it have let go", async () => {
    const gate = new Gate(15);
    gate.hold();
    gate.hold();
    const starts = start(gate, 1);
    gate.release();
    await vi.advanceTimersByTimeAsync(5000);
    expect(starts).toEqual([]);
    gate.release();
    await vi.advanceTimersByTimeAsync(1000);
    expect(starts).toHaveLength(1);
  });

  test("keeps those that go ahead back while it is closed", async () => {
    const gate = new Gate(15);
    gate.close(3000);
    const ahead = start(gate, 1, true);
    await vi.advanceTimersByTimeAsync(2900);
    expect(ahead).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(ahead).toHaveLength(1);
  });
});

describe("a gate that was slowed down", () => {
  test("gives less than two starts a second", async () => {
    const gate = new Gate(15);
    gate.slowDown();
    const starts = start(gate, 40);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(starts.length).toBeGreaterThan(12);
    expect(starts.length).toBeLessThan(18);
  });

  test("comes back to its rate with every answer, and not before some fifty", async () => {
    const gate = new Gate(15);
    gate.slowDown();
    for (let answers = 0; answers < 20; answers += 1) gate.speedUp();
    const slow = start(gate, 100);
    await vi.advanceTimersByTimeAsync(2000);
    expect(slow.length).toBeLessThan(12);
    for (let answers = 0; answers < 40; answers += 1) gate.speedUp();
    const before = slow.length;
    await vi.advanceTimersByTimeAsync(2000);
    expect(slow.length - before).toBeGreaterThan(25);
  });
});
