import { NOWHERE } from "../../completeness.ts";
import type { Kind, Month } from "../../types.ts";
import type { State, Wanted } from "./wanted.ts";

type At = { month: Month; kind: Kind };

/**
 * What is from the archive: it lacks nothing that the API is asked for, and a refresh of all forces
 * alone replaces it, a month of a kind as a whole.
 */
export function createImported(wanted: Wanted, { cover }: Pick<State, "cover">) {
  const lacks = new Map<string, Month[]>();
  const passed = new Set<Month>();

  const noteLack = ({ month, kind }: At): void => {
    const lacking = cover.listLacking(month, kind, wanted.forcesOf(month, kind));
    if (lacking.length === 0) return;
    const what = `the ${kind} of ${lacking.join(", ")}`;
    lacks.set(what, [...(lacks.get(what) ?? []), month]);
  };

  return {
    has: ({ month, kind }: At): boolean => cover.sourceOf(month, kind) === "archive",
    /** The forces of the cells that shall be fetched; none where it stays as it is. */
    listAgain(at: At): readonly string[] {
      const { month, kind } = at;
      if (!wanted.again.includes(month)) {
        if (wanted.monthsOf(kind).includes(month)) noteLack(at);
        return [];
      }
      // What lies between forces comes with all of them alone; stops have no such cell.
      if (wanted.forcesOf(month, "crimes").includes(NOWHERE)) return wanted.forcesOf(month, kind);
      passed.add(month);
      return [];
    },
    listNotes: (): string[] => [
      ...[...lacks].map(
        ([what, months]) =>
          `${what} are in no file of the archive that was imported for ${span(months)}; ` +
          "--refresh fetches such months from the API",
      ),
      ...(passed.size === 0
        ? []
        : [
            `${span([...passed])} ${passed.size === 1 ? "is" : "are"} from the archive; ` +
              "a refresh of all forces alone replaces that",
          ]),
    ],
  };
}

function span(months: readonly Month[]): string {
  const sorted = months.toSorted();
  const [first = "", ...more] = sorted;
  const last = more.at(-1);
  if (last === undefined) return first;
  return more.length === 1
    ? `${first} and ${last}`
    : `${sorted.length} months, ${first} to ${last}`;
}
