import type { Random } from "./random.ts";

/** A convex cell: the numbers of its vertices, counter-clockwise. */
export type Cell = readonly number[];

/** How many starts of a cut are tried; the shortest cut is taken. */
const TRIES = 20;
/** A cut starts and ends at least so far from a vertex, as a share of the edge. */
const MARGIN = 0.05;
/** Edge keys: a pair of vertices as one number. */
const KEY = 2 ** 26;

/**
 * Convex cells in a plane that share their edges. A vertex that one cell gets in an edge is
 * remembered, and the cell beyond finds it there when it is looked at next.
 */
export class Mesh {
  readonly x: number[] = [];
  readonly y: number[] = [];
  #middles = new Map<number, number>();
  #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A rectangle from the origin. */
  rectangle(width: number, height: number): Cell {
    return [
      this.#add(0, 0),
      this.#add(width, 0),
      this.#add(width, height),
      this.#add(0, height),
    ];
  }

  /** The cell with all vertices that its neighbours' cuts have put into its edges. */
  expand(cell: Cell): number[] {
    const ring: number[] = [];
    cell.forEach((from, index) => this.#walk(from, cell[(index + 1) % cell.length] ?? from, ring));
    return ring;
  }

  /** The area enclosed, in the plane's unit. */
  area(ring: Cell): number {
    let twice = 0;
    ring.forEach((a, index) => (twice += this.#cross(a, ring[(index + 1) % ring.length] ?? a)));
    return twice / 2;
  }

  /** The mean of the vertices, which is inside. */
  centre(ring: Cell): { x: number; y: number } {
    let x = 0;
    let y = 0;
    for (const vertex of ring) {
      x += this.x[vertex] ?? 0;
      y += this.y[vertex] ?? 0;
    }
    return { x: x / ring.length, y: y / ring.length };
  }

  /** Cuts a cell in two; the first part, the more south-western one, has `share` of the area. */
  split(cell: Cell, share: number): [Cell, Cell] {
    const ring = this.expand(cell);
    const straight = this.#shortestCut(ring, share);
    const [low, high] = this.#cut(ring, straight);
    if (this.#isFirst(low, high)) return [low, high];
    const other = this.#cut(ring, this.#shortestCut(ring, 1 - share));
    return this.#isFirst(other[1], other[0]) ? [other[1], other[0]] : [low, high];
  }

  /** Puts vertices into the edges of a cell until none is longer than a part of its perimeter. */
  refine(cell: Cell, parts: number): void {
    const ring = this.expand(cell);
    const limit = this.#perimeter(ring) / parts;
    ring.forEach((from, index) => this.#halve(from, ring[(index + 1) % ring.length] ?? from, limit));
  }

  #halve(from: number, to: number, limit: number): void {
    if (this.#distance(from, to) <= limit) return;
    const middle = this.#between(from, to, 0.4 + 0.2 * this.#random());
    this.#halve(from, middle, limit);
    this.#halve(middle, to, limit);
  }

  #walk(from: number, to: number, ring: number[]): void {
    const middle = this.#middles.get(keyOf(from, to));
    if (middle === undefined) {
      ring.push(from);
      return;
    }
    this.#walk(from, middle, ring);
    this.#walk(middle, to, ring);
  }

  #shortestCut(ring: Cell, share: number): Cut {
    const wanted = share * this.area(ring);
    const perimeter = this.#perimeter(ring);
    const shift = this.#random();
    let best: Cut | undefined;
    let at = 0;
    let passed = 0;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const position = ((attempt + shift) / TRIES) * perimeter;
      let length = this.#edge(ring, at);
      while (at < ring.length - 1 && passed + length < position) {
        passed += length;
        at += 1;
        length = this.#edge(ring, at);
      }
      const cut = this.#cutFrom(ring, { edge: at, share: (position - passed) / length }, wanted);
      if (best === undefined || cut.length < best.length) best = cut;
    }
    if (best === undefined) throw new Error("a cell without edges cannot be cut");
    return best;
  }

  /** Walks on from the start until the fan of triangles behind it holds the wanted area. */
  #cutFrom(ring: Cell, start: Spot, wanted: number): Cut {
    const [ax, ay] = this.#position(ring, start);
    let edge = (start.edge + 1) % ring.length;
    let sum = 0;
    for (let step = 1; step < ring.length; step += 1) {
      const b = ring[edge] ?? 0;
      const c = ring[(edge + 1) % ring.length] ?? 0;
      const [bx = 0, by = 0, cx = 0, cy = 0] = [this.x[b], this.y[b], this.x[c], this.y[c]];
      const triangle = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
      if (sum + triangle >= wanted || step === ring.length - 1) {
        const share = Math.min(1, Math.max(0, (wanted - sum) / triangle));
        const length = Math.hypot(bx + share * (cx - bx) - ax, by + share * (cy - by) - ay);
        return { start, end: { edge, share }, length };
      }
      sum += triangle;
      edge = (edge + 1) % ring.length;
    }
    return { start, end: start, length: Infinity };
  }

  #cut(ring: Cell, { start, end }: Cut): [Cell, Cell] {
    const from = this.#vertexAt(ring, start);
    const to = this.#vertexAt(ring, end);
    const whole = this.expand(ring);
    const a = whole.indexOf(from);
    const turned = [...whole.slice(a), ...whole.slice(0, a)];
    const b = turned.indexOf(to);
    return [turned.slice(0, b + 1), [from, ...turned.slice(b)]];
  }

  #vertexAt(ring: Cell, { edge, share }: Spot): number {
    const from = ring[edge] ?? 0;
    const to = ring[(edge + 1) % ring.length] ?? 0;
    return this.#between(from, to, Math.min(1 - MARGIN, Math.max(MARGIN, share)));
  }

  /** The vertex in an edge: the one that is there, or a new one. */
  #between(from: number, to: number, share: number): number {
    const key = keyOf(from, to);
    const known = this.#middles.get(key);
    if (known !== undefined) return known;
    const [ax = 0, ay = 0] = [this.x[from], this.y[from]];
    const [bx = 0, by = 0] = [this.x[to], this.y[to]];
    const middle = this.#add(ax + share * (bx - ax), ay + share * (by - ay));
    this.#middles.set(key, middle);
    return middle;
  }

  #isFirst(a: Cell, b: Cell): boolean {
    const first = this.centre(a);
    const second = this.centre(b);
    return first.x + 2 * first.y <= second.x + 2 * second.y;
  }

  #position(ring: Cell, { edge, share }: Spot): [number, number] {
    const from = ring[edge] ?? 0;
    const to = ring[(edge + 1) % ring.length] ?? 0;
    const [ax = 0, ay = 0, bx = 0, by = 0] = [this.x[from], this.y[from], this.x[to], this.y[to]];
    return [ax + share * (bx - ax), ay + share * (by - ay)];
  }

  #perimeter(ring: Cell): number {
    return ring.reduce((sum, _, index) => sum + this.#edge(ring, index), 0);
  }

  #edge(ring: Cell, index: number): number {
    return this.#distance(ring[index] ?? 0, ring[(index + 1) % ring.length] ?? 0);
  }

  #distance(a: number, b: number): number {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [this.x[a], this.y[a], this.x[b], this.y[b]];
    return Math.hypot(ax - bx, ay - by);
  }

  #cross(a: number, b: number): number {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [this.x[a], this.y[a], this.x[b], this.y[b]];
    return ax * by - bx * ay;
  }

  #add(x: number, y: number): number {
    this.x.push(x);
    return this.y.push(y) - 1;
  }
}

/** A place on the edge that starts at a vertex of a ring. */
type Spot = { edge: number; share: number };
type Cut = { start: Spot; end: Spot; length: number };

function keyOf(a: number, b: number): number {
  return a < b ? a * KEY + b : b * KEY + a;
}
