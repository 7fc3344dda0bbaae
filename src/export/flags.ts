import type { Flag } from "../store/read/exported.ts";

/** A flag of the database as a boolean; null where it is not said. */
export function toBoolean(flag: Flag): boolean | null {
  return flag === null ? null : flag === 1;
}
