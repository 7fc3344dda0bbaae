import type { Point } from "../src/types.ts";

/** A cell of the mesh in parameter space, the unit square. */
export type Cell = { west: number; east: number; south: number; north: number };

/** Vertices stand on a lattice this fine, so that neighbours share them. */
const LATTICE = 4096;

/** Splits a cell into one part for each weight, areas in proportion, by recursive bisection. */
export function splitCell(cell: Cell, weights: readonly number[]): Cell[] {
  if (weights.length <= 1) return [cell];
  const middle = weights.length >> 1;
  const low = weights.slice(0, middle);
  const high = weights.slice(middle);
  const share = sum(low) / (sum(low) + sum(high));
  // the country is about 1.6 times as tall as wide
  if ((cell.north - cell.south) * 1.6 > cell.east - cell.west) {
    const cut = onLattice(cell.south + share * (cell.north - cell.south), cell.south, cell.north);
    return [
      ...splitCell({ ...cell, north: cut }, low),
      ...splitCell({ ...cell, south: cut }, high),
    ];
  }
  const cut = onLattice(cell.west + share * (cell.east - cell.west), cell.west, cell.east);
  return [...splitCell({ ...cell, east: cut }, low), ...splitCell({ ...cell, west: cut }, high)];
}

function onLattice(value: number, low: number, high: number): number {
  const snapped = Math.round(value * LATTICE) / LATTICE;
  return snapped > low && snapped < high ? snapped : value;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The boundary of a cell on the ground: its edges crooked, each shared with the neighbour's. */
export function outline({ west, east, south, north }: Cell): Point[] {
  const ring: Point[] = [];
  const walk = (from: [number, number], to: [number, number]) => {
    for (const step of steps(from, to)) ring.push(warp(...step));
  };
  walk([west, south], [east, south]);
  walk([east, south], [east, north]);
  walk([east, north], [west, north]);
  walk([west, north], [west, south]);
  return [...ring, ...ring.slice(0, 1)];
}

/** Points along an edge, at multiples of the lattice: the same ones from either side. */
function steps([x0, y0]: [number, number], [x1, y1]: [number, number]): [number, number][] {
  const length = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  const stride = length > 40 / LATTICE ? 2 : length > 12 / LATTICE ? 1 : 0.25;
  const count = Math.max(8, Math.min(100, Math.round((length * LATTICE) / stride)));
  return Array.from({ length: count }, (_, index) => {
    const share = index / count;
    return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
  });
}

/** From the unit square to the ground: a tall island with a ragged coast and bent lines. */
export function warp(u: number, v: number): Point {
  const latitude = 49.95 + 8.6 * v + bend(v * 7, u * 9) * 0.05;
  const west = -5.6 + 2.2 * v * (1 - v) + 0.5 * Math.sin(v * 11) + 0.2 * Math.sin(v * 37 + 1);
  const east = 1.7 - 3.4 * v + 0.35 * Math.sin(v * 13 + 2) + 0.15 * Math.sin(v * 41);
  return {
    latitude: latitude + bend(u * 611, v * 701) * 0.0012 + bend(u * 97, v * 83) * 0.006,
    longitude:
      west + (east - west) * u + bend(v * 653, u * 577) * 0.0016 + bend(v * 71, u * 89) * 0.008,
  };
}

/** Smooth noise from -1 to 1. */
function bend(x: number, y: number): number {
  return Math.sin(x * 2.1 + 1.3 * Math.sin(y * 1.7)) * Math.cos(y * 1.9 + 0.7 * Math.sin(x * 1.1));
}
