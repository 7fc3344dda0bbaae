/** More people than there are is no population of an area. */
const MOST = 1e9;

/** How many people a value says; null where it says nothing, undefined where it is no such number. */
export function readPopulation(value: unknown): number | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value)
    .trim()
    .replaceAll(/[, ](?=\d{3}(\D|$))/g, "");
  if (text === "") return null;
  const number = Number(text);
  return number >= 0 && number <= MOST ? number : undefined;
}
