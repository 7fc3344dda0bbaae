import type { World } from "./world.ts";

export type OddOptions = {
  /** What the newest release's date is said to be, were it no date. */
  released?: string | undefined;
  /** Lists name everything twice. */
  twice?: boolean | undefined;
};

/** A world whose lists and dates are as odd as the options say. */
export function makeOdd(world: World, { released = world.released, twice }: OddOptions): World {
  const told = { ...world, released };
  if (twice !== true) return told;
  return {
    ...told,
    forces: repeat(world.forces),
    neighbourhoods(forceId) {
      const listed = world.neighbourhoods(forceId);
      return listed && repeat(listed);
    },
    months: repeat(world.months),
    stopForces: (month) => repeat(world.stopForces?.(month) ?? []),
  };
}

function repeat<T>(list: readonly T[]): T[] {
  return list.flatMap((item) => [item, item]);
}
