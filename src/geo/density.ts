import type { Cloud } from "../types.ts";
import { intersection, unite } from "./box.ts";
import type { Box } from "./box.ts";
import { divide, join, joinAll, sizeOf } from "./cloud.ts";
import { coverBox, cutOff } from "./cover.ts";
import type { Tile } from "./cover.ts";

/** Where records are to be expected: points kept by the tiles of the latest cover. */
export class Density {
  #tiles: Tile[];

  /** A density over a box; points outside it are left out. */
  constructor(box: Box, cloud: Cloud) {
    this.#tiles = [{ box, cloud: divide(cloud, box).inside }];
  }

  /** The points in a box. */
  within(box: Box): Cloud {
    return joinAll(
      this.#tiles
        .filter((tile) => intersection(tile.box, box) !== undefined)
        .map((tile) => divide(tile.cloud, box).inside),
    );
  }

  /** Puts points in the place of all that were expected in a box. */
  replace(box: Box, cloud: Cloud): void {
    this.#tiles = this.#tiles.map((tile) => {
      if (intersection(tile.box, box) === undefined) return tile;
      const kept = divide(tile.cloud, box).outside;
      return { box: tile.box, cloud: join(kept, divide(cloud, tile.box).inside) };
    });
  }

  /**
   * Covers the whole box anew with tiles that are expected to hold about `target` points each; one
   * of them holds `probe` points, where that is given.
   */
  cover(target: number, probe?: number): Tile[] {
    const [first] = this.#tiles;
    if (first === undefined) return [];
    const cloud = joinAll(this.#tiles.map((tile) => tile.cloud));
    const box = this.#tiles.reduce((sum, tile) => unite(sum, tile.box), first.box);
    const cut = probe === undefined ? undefined : cutOff({ box, cloud }, probe);
    const rest = cut?.rest ?? { box, cloud };
    const tiles = coverBox(rest.box, rest.cloud, Math.ceil(sizeOf(rest.cloud) / target));
    this.#tiles = cut === undefined ? tiles : [cut.piece, ...tiles];
    return this.#tiles;
  }
}
