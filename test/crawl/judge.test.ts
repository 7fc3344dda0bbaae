import { describe, expect, test, vi } from "vitest";
import type { Context } from "../../src/crawl/context.ts";
import type { Health } from "../../src/crawl/health.ts";
import { judge } from "../../src/crawl/walk/judge.ts";
import {
  BlockedError,
  InvalidReplyError,
  OversizeError,
  RefusedError,
  RejectedError,
  TransientError,
} from "../../src/fetch/errors.ts";
import type { Question } from "../../src/store/frontier.ts";

const MONTH = "2018-05";

/** How the API is otherwise: what cheap questions find, and what the other areas meet. */
type State = {
  cheap?: "up" | "recovered";
  /** Whether a small spot is answered. */
  isSpotAnswered?: boolean;
  /** Whether many areas in a row met the same. */
  isRow?: boolean;
  published?: string[] | "no answer";
};

/** A context of which only what a judgement asks for is there. */
function contextOf(state: State) {
  const { cheap = "up", isSpotAnswered = false, isRow = false, published = [MONTH] } = state;
  const health = {
    check: vi.fn(() => Promise.resolve(cheap)),
    refused: vi.fn<Health["refused"]>(async (_how, _signal, another) => {
      if (!isRow || another === undefined) return isRow;
      return another().then(
        () => false,
        () => true,
      );
    }),
    tooLong: () => isRow,
    answered: () => {},
  };
  const lost = new TransientError("/crimes-street-dates: reset");
  const context = {
    health,
    api: { fetchRecords: () => (isSpotAnswered ? Promise.resolve([]) : Promise.reject(forbidden)) },
    signal: new AbortController().signal,
    store: { coverage: { savePublished: () => {} } },
    unanswered: { add: vi.fn(), list: () => [] },
    askPublished: () =>
      published === "no answer"
        ? Promise.reject(lost)
        : Promise.resolve({ published, stops: new Map() }),
  };
  return { context: context as unknown as Context, ...context };
}

const question = { month: MONTH, kind: "crimes" } as Question;
const judged = (error: unknown, state: State, tries = 1) =>
  judge(contextOf(state).context, { question, error, tries });

const gateway = new TransientError("504", { isGateway: true });
const page = new TransientError("a page", { isPage: true });
const forbidden = new BlockedError("403", { isCertain: false });
const tooMany = new BlockedError("429", { isCertain: true });

describe("what a failure means", () => {
  test.each<[string, unknown, State, number, string]>([
    ["503, cheap questions answered", new RefusedError("area"), {}, 1, "too large"],
    ["503, and the API was down", new RefusedError("area"), { cheap: "recovered" }, 1, "again"],
    ["a gateway that gave up, the rest answered", gateway, {}, 1, "too large"],
    ["a gateway that gave up, as for all", gateway, { cheap: "recovered" }, 1, "again"],
    ["500 for good, the rest answered", new TransientError("500"), {}, 1, "never"],
    ["500, and the API was down", new TransientError("500"), { cheap: "recovered" }, 1, "again"],
    ["a body beyond the bound", new OversizeError("area", 12), {}, 1, "too large"],
    [
      "bodies beyond the bound in a row",
      new OversizeError("area", 12),
      { isRow: true },
      1,
      "never",
    ],
    ["403, the first time", forbidden, {}, 1, "again"],
    ["403 for one question alone", forbidden, {}, 2, "never"],
    ["403 for many, a spot answered", forbidden, { isRow: true, isSpotAnswered: true }, 2, "never"],
    ["403 for many in a row", forbidden, { isRow: true }, 2, "again"],
    ["403 for many in a row, again and again", forbidden, { isRow: true }, 4, "never"],
    ["403, and we were blocked", forbidden, { cheap: "recovered" }, 4, "again"],
    ["429", tooMany, {}, 3, "again"],
    ["429, a spot answered", tooMany, { isRow: true, isSpotAnswered: true }, 3, "again"],
    ["429 again and again for one question alone", tooMany, {}, 4, "never"],
    ["a page for people", page, {}, 1, "again"],
    ["a page for one question alone", page, {}, 2, "never"],
    ["405 for one question alone", new RejectedError("area", 405), {}, 2, "never"],
    ["a redirect", new RejectedError("area", 302), {}, 1, "never"],
    ["404 of a month that is published", new RejectedError("area", 404), {}, 1, "never"],
    ["404 of a month that left", new RejectedError("area", 404), { published: [] }, 1, "gone"],
    [
      "404, the window unknown",
      new RejectedError("area", 404),
      { published: "no answer" },
      1,
      "never",
    ],
    ["a reply of another shape", new InvalidReplyError("area", "no list"), {}, 1, "never"],
  ])("%s", async (_, error, state, tries, is) => {
    expect(await judged(error, state, tries)).toMatchObject({ is });
  });

  test("is asked of nothing cheap where the answer tells it by itself", async () => {
    for (const error of [new InvalidReplyError("area", "no list"), new OversizeError("area", 12)]) {
      const { context, health } = contextOf({});
      await judge(context, { question, error, tries: 1 });
      expect(health.check).not.toHaveBeenCalled();
    }
  });

  test("names the list of months when that was not to be had", async () => {
    const { context, unanswered } = contextOf({ published: "no answer" });
    await judge(context, { question, error: new RejectedError("area", 404), tries: 1 });
    expect(unanswered.add).toHaveBeenCalledWith(
      expect.objectContaining({ question: "the list of months" }),
    );
  });

  test("limits how often a gateway's area is cut, and says how much an oversize reply holds", async () => {
    const mostCuts = async (error: unknown) => {
      const judgement = await judged(error, {});
      return judgement.is === "too large" ? judgement.mostCuts : undefined;
    };
    expect(await mostCuts(gateway)).toBe(20);
    expect(await mostCuts(new RefusedError("area"))).toBe(Infinity);
    expect(await judged(new OversizeError("area", 12), {})).toMatchObject({ atLeast: 31_000 });
  });

  test("is thrown on where it is a bug or a stop", async () => {
    const bug = new Error("bug");
    await expect(judged(bug, {})).rejects.toBe(bug);
  });
});
