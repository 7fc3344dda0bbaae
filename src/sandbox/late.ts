import { usageError } from "../errors.ts";
import { DATES } from "./subjects.ts";
import type { World } from "./world.ts";

/** A force whose stops of the newest month come after the list of months was asked for so often. */
export type Late = { force: string; asks: number };

/** Reads `kent:2,btp`; without a number they never come. Anything else is wrong usage. */
export function parseLate(text: string): Late[] {
  return text
    .split(",")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [, force = "", asks] = /^([\w-]+)(?::(\d+))?$/.exec(piece) ?? [];
      if (force !== "") return { force, asks: asks === undefined ? Infinity : Number(asks) };
      throw usageError(
        `--late ${piece} is not FORCE or FORCE:N, as in kent:2; without a number it never publishes`,
      );
    });
}

/** Leaves out stops that have not been published yet; to be asked for once for every request. */
export function createLateness(late: readonly Late[] = []): (world: World, path: string) => World {
  let asked = 0;
  return (world, path) => {
    const missing = new Set(late.filter(({ asks }) => asked < asks).map(({ force }) => force));
    if (path === DATES) asked += 1;
    const newest = world.months.at(-1);
    const isMissing = (force: string, month: string) => month === newest && missing.has(force);
    const { stopForces } = world;
    return {
      ...world,
      ...(stopForces && {
        stopForces: (month) => stopForces(month).filter((force) => !isMissing(force, month)),
      }),
      stops: (force, month) => (isMissing(force, month) ? undefined : world.stops?.(force, month)),
    };
  };
}
