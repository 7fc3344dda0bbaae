/** Numbers from 0 up to 1. */
export type Random = () => number;

/** Mixes two integers into 32 bits; the same ones always give the same. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Random numbers that the seed decides (sfc32). */
export function createRandom(seed: number, stream = 0): Random {
  let a = mix(seed, stream);
  let b = mix(a, 1);
  let c = mix(b, 2);
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** A standard normal deviate. */
export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A Poisson deviate; from a mean of 60 on, the normal one that is near enough to it. */
export function poisson(mean: number, random: Random): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gauss(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** A table in which each value stands in proportion to its weight, `size` places in all. */
export function lookup(weights: readonly number[], size: number): Uint8Array {
  const sum = total(weights);
  const table = new Uint8Array(size);
  let running = 0;
  let from = 0;
  weights.forEach((weight, value) => {
    running += weight;
    const to = Math.round((running / sum) * size);
    table.fill(value, from, to);
    from = to;
  });
  return table;
}

export function total(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
