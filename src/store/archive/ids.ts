/** Rows of a file: as many bits of an id; the largest there is has some 110,000. */
const ROW_BITS = 21;
export const MOST_ROWS = 2 ** ROW_BITS - 1;
const FORCE_BITS = 26;

/** The first and the last of the ids that the crimes of a force's file have, both negative. */
export type IdRange = { lowest: number; highest: number };

/**
 * The id of a crime of the archive, which gives none: negative, and the same whenever its file is
 * imported. Rows count from 1, and ids go down from the first.
 */
export function toCrimeId(forceId: string, row: number): number {
  return -(hash(forceId) * 2 ** ROW_BITS + row);
}

/** The ids of all crimes that a force's file of a month can have. */
export function rangeOf(forceId: string): IdRange {
  return { lowest: toCrimeId(forceId, MOST_ROWS), highest: toCrimeId(forceId, 1) };
}

/** FNV-1a of 32 bits, folded to 26. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  const whole = value >>> 0;
  return (whole >>> FORCE_BITS) ^ (whole & (2 ** FORCE_BITS - 1));
}
