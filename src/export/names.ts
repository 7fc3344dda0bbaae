/** What stands in a file's name for the force of records that lie in none. */
export const NO_FORCE = "no-force";

/**
 * An id as a part of a path. Ids come from the network: whatever is not a small letter, a digit or
 * a hyphen is written as %XX, so no id leaves its folder, and no two ids share a file.
 */
export function safeName(id: string): string {
  return [...Buffer.from(id)].map(safeByte).join("");
}

/** The force of a slice as a part of a path; a force that is called like none is told apart. */
export function forceName(forceId: string | null): string {
  if (forceId === null) return NO_FORCE;
  return forceId === NO_FORCE ? `%6E${NO_FORCE.slice(1)}` : safeName(forceId);
}

function safeByte(byte: number): string {
  const letter = String.fromCharCode(byte);
  return /[a-z0-9-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
