import { usageError } from "../errors.ts";

/** The share of replies, 0 to 1, that each thing befalls. */
export type Shares<Name extends string> = Partial<Record<Name, number>>;

/** Reads `500=0.05,reset=0.02`; anything else is wrong usage. */
export function parseShares<Name extends string>(
  option: string,
  names: readonly Name[],
  text: string,
): Shares<Name> {
  const shares: Shares<Name> = {};
  for (const part of text.split(",").filter((piece) => piece !== "")) {
    const [word = "", value = ""] = part.split("=");
    const name = names.find((known) => known === word);
    const share = Number(value);
    if (name === undefined || value === "" || !(share >= 0 && share <= 1)) {
      throw usageError(
        `--${option} ${part} is not KIND=SHARE, as in ${names[0]}=0.05; a share is from 0 to 1, ` +
          `and kinds are ${names.join(", ")}`,
      );
    }
    shares[name] = share;
  }
  return shares;
}

/** Chooses at most one for each reply; the same seed chooses the same ones. */
export function createChooser<Name extends string>(
  names: readonly Name[],
  shares: Shares<Name>,
  seed: number,
): () => Name | undefined {
  const random = createRandom(seed);
  return () => {
    let draw = random();
    for (const name of names) {
      draw -= shares[name] ?? 0;
      if (draw < 0) return name;
    }
    return undefined;
  };
}

/** Mulberry32: small, seeded, and even enough for tests. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
