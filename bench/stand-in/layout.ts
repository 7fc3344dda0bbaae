import type { RawPoint } from "../../src/sandbox/world.ts";
import type { Neighbourhood } from "../../src/types.ts";
import type { ForcePlan } from "./forces.ts";
import { PLANE } from "./ground.ts";
import type { createGround } from "./ground.ts";
import { Mesh } from "./mesh.ts";
import type { Cell } from "./mesh.ts";
import { createRandom, gauss, total } from "./random.ts";
import type { Random } from "./random.ts";

/** A neighbourhood, its cell in the plane, and what a month brings there on average. */
export type Ward = Neighbourhood & {
  force: number;
  cell: Cell;
  crimes: number;
  /** The share of the crimes that stand on its first snap point; 0 where none stands out. */
  onOnePoint: number;
  /** How its ring departs from its cell: 0 not at all, above 0 it overlaps, below it leaves gaps. */
  drift: number;
};

export type Layout = { mesh: Mesh; wards: Ward[] };

/** How unevenly a cell's area is shared out at each cut; the metropolis is built up all over. */
const CLUSTERING = 0.95;
const CLUSTERING_IN_TOWN = 0.35;
const TOWN_DENSITY = 0.1;
/** Spread of crimes over neighbourhoods, as a standard deviation of logarithms. */
const SPREAD = 0.75;
/** Small neighbourhoods, towns that is, have more: crimes go with this power of the area. */
const AREA_POWER = -0.12;
const DRIFTING = 0.08;
const POINTS = 700_000;

/** Lays the country out: forces in the land, neighbourhoods in the forces. */
export function layOut(seed: number, forces: readonly ForcePlan[]): Layout {
  const random = createRandom(seed, 4);
  const mesh = new Mesh(random);
  const land = mesh.rectangle(PLANE.width, PLANE.height);
  const cells = divideLand(mesh, land, forces);
  const wards = forces.flatMap((force, index) => {
    const inTown = force.neighbourhoods / force.area > TOWN_DENSITY;
    const clustering = inTown ? CLUSTERING_IN_TOWN : CLUSTERING;
    const parts = divideForce(mesh, cells[index] ?? [], force.neighbourhoods, clustering, random);
    return populate(mesh, parts, force, index, random);
  });
  for (const { cell } of wards) mesh.refine(cell, Math.min(220, 46 * Math.exp(0.4 * gauss(random) ** 2)));
  return { mesh, wards: wards.map((ward) => ({ ...ward, cell: mesh.expand(ward.cell) })) };
}

function divideLand(mesh: Mesh, cell: Cell, forces: readonly ForcePlan[]): Cell[] {
  if (forces.length <= 1) return [cell];
  const whole = total(forces.map(({ area }) => area));
  let count = 0;
  let low = 0;
  while (count < forces.length - 1 && (count === 0 || low < whole / 2)) {
    low += forces[count]?.area ?? 0;
    count += 1;
  }
  const [first, second] = mesh.split(cell, low / whole);
  return [
    ...divideLand(mesh, first, forces.slice(0, count)),
    ...divideLand(mesh, second, forces.slice(count)),
  ];
}

/** Uneven shares at every cut make towns: places where many small neighbourhoods stand together. */
function divideForce(
  mesh: Mesh,
  cell: Cell,
  count: number,
  clustering: number,
  random: Random,
): Cell[] {
  if (count <= 1) return [cell];
  const low = Math.min(count - 1, Math.max(1, Math.round(count * (0.38 + 0.24 * random()))));
  const odds = (low / (count - low)) * Math.exp(clustering * gauss(random));
  const share = Math.min(0.88, Math.max(0.12, odds / (1 + odds)));
  const [first, second] = mesh.split(cell, share);
  return [
    ...divideForce(mesh, first, low, clustering, random),
    ...divideForce(mesh, second, count - low, clustering, random),
  ];
}

function populate(
  mesh: Mesh,
  cells: readonly Cell[],
  force: ForcePlan,
  index: number,
  random: Random,
): Ward[] {
  const areas = cells.map((cell) => mesh.area(cell));
  const bySize = areas.map((area, at) => ({ area, at })).sort((a, b) => a.area - b.area);
  const centres = new Map(
    force.centres.map((centre, rank) => [bySize[rank * 20]?.at ?? -1, centre] as const),
  );
  const weights = areas.map((area, at) =>
    centres.has(at) ? 0 : Math.exp(SPREAD * gauss(random)) * area ** AREA_POWER * crowd(random),
  );
  const left = force.crimes - total(force.centres.map(([crimes]) => crimes));
  const sum = total(weights);
  return cells.map((cell, at) => {
    const [crimes, onOnePoint] = centres.get(at) ?? [(left * (weights[at] ?? 0)) / sum, 0];
    const id = `${force.id.slice(0, 2).toUpperCase()}${String(at + 1).padStart(3, "0")}`;
    const drift = random() < DRIFTING ? 0.03 * gauss(random) : 0;
    return { id, name: `Ward ${id}`, force: index, cell, crimes, onOnePoint, drift };
  });
}

/** A town centre now and then: several times what is usual. */
function crowd(random: Random): number {
  return random() < 0.04 ? 3 + 5 * random() : 1;
}

/** How many snap points each neighbourhood has, in proportion to the root of its crimes. */
export function countPoints(wards: readonly Ward[]): number[] {
  const roots = wards.map(({ crimes }) => Math.sqrt(crimes));
  const sum = total(roots);
  return roots.map((root) => Math.max(12, Math.round((POINTS * root) / sum)));
}

/** The closed ring of a neighbourhood as the API writes it. */
export function writeRing(
  { mesh }: Layout,
  { cell, drift }: Ward,
  toGround: ReturnType<typeof createGround>,
): RawPoint[] {
  const centre = mesh.centre(cell);
  const degrees = { latitude: 0, longitude: 0 };
  const ring = cell.map((vertex, index) => {
    const factor = index < cell.length / 3 ? 1 + drift : 1;
    const x = centre.x + factor * ((mesh.x[vertex] ?? 0) - centre.x);
    const y = centre.y + factor * ((mesh.y[vertex] ?? 0) - centre.y);
    toGround(x, y, degrees);
    return { latitude: decimals(degrees.latitude), longitude: decimals(degrees.longitude) };
  });
  return [...ring, ...ring.slice(0, 1)];
}

/** At most 13 decimals, none of them a trailing zero. */
function decimals(degrees: number): string {
  return degrees.toFixed(13).replace(/\.?0+$/, "");
}
