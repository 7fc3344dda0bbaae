import leven from "leven";

/** A hint for a word that is none of the names: the nearest one, or all of them. */
export function suggest(word: string, names: readonly string[]): string {
  const [nearest] = [...names].sort((a, b) => leven(word, a) - leven(word, b));
  const close = nearest !== undefined && leven(word, nearest) <= Math.max(2, word.length / 3);
  return close ? `did you mean '${nearest}'?` : `there are: ${names.join(", ")}`;
}
