import { OUTCOME_CODES } from "../police-api.ts";

/** The code of an outcome's name; a name we do not know becomes a code of its own. */
export function outcomeCode(name: string): string {
  return OUTCOME_CODES[name] ?? name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}
