import type { Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { LSOA_2021_SINCE } from "./points.ts";

/** Points that are remembered: more than a year has. */
const KEPT = 1_000_000;

/** Learns in which LSOA points lie, from the crimes of the archive. */
export function createLearnPoints(db: Connection) {
  const upsert = db.prepare<[number, number, string]>(
    `insert into points (latitude, longitude, lsoa_code) values (?, ?, ?)
     on conflict (latitude, longitude) do update set lsoa_code = null
       where lsoa_code <> excluded.lsoa_code`,
  );
  const known = new Map<number, string>();
  let learnt = 0;
  return {
    teaches: (month: Month): boolean => month >= LSOA_2021_SINCE,
    learn(latitude: number, longitude: number, code: string): void {
      const key = keyOf(latitude, longitude);
      if (key !== undefined && known.get(key) === code) return;
      learnt += upsert.run(latitude, longitude, code).changes;
      if (key === undefined) return;
      if (known.size >= KEPT) known.clear();
      known.set(key, code);
    },
    /** How many points changed since it was asked last. */
    takeLearnt(): number {
      const taken = learnt;
      learnt = 0;
      return taken;
    },
    forget(): void {
      known.clear();
      learnt = 0;
    },
  };
}

/** A point of Britain with its six decimals as one whole number; undefined for another. */
export function keyOf(latitude: number, longitude: number): number | undefined {
  const y = Math.round((latitude - 49) * 1e6);
  const x = Math.round((longitude + 180) * 1e6);
  const fits = y >= 0 && y < 2 ** 24 && x >= 0 && x < 2 ** 29;
  return fits ? y * 2 ** 29 + x : undefined;
}
