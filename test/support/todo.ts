import { createCover, STEADY_KINDS } from "../../src/completeness.ts";
import { listTodo } from "../../src/crawl/todo/todo.ts";
import type { Task } from "../../src/crawl/todo/todo.ts";
import { createForcesOf } from "../../src/crawl/todo/wanted.ts";
import type { State, Wanted } from "../../src/crawl/todo/wanted.ts";
import type { OpenSweep } from "../../src/store/sweeps.ts";
import type { Kind, Month, PlanName, Published, Source } from "../../src/types.ts";

export const OLD = "2018-06-01";
export const NEW = "2018-07-01";
export const MONTHS = ["2018-03", "2018-04", "2018-05"];
export const ALL = ["avon", "kent", ""];

/** What a test asks for: of every kind the same months. */
export type Asked = {
  kinds: readonly Kind[];
  months: readonly Month[];
  again: readonly Month[];
  forces: readonly string[];
  plan: PlanName;
  stops: Published["stops"];
};

const ASKED: Asked = {
  kinds: STEADY_KINDS,
  months: ["2018-05"],
  again: [],
  forces: ALL,
  plan: "tiles",
  stops: new Map(),
};

export function toWanted({ months, forces, stops, ...asked }: Asked): Wanted {
  return { ...asked, monthsOf: () => months, forcesOf: createForcesOf(forces, forces, stops) };
}

export const NOTHING: State = {
  published: MONTHS,
  release: NEW,
  cover: createCover([]),
  sweeps: [],
};

/** A month and kinds, covered for forces. */
export type Covered = [
  month: Month,
  forces: readonly string[],
  kinds?: readonly Kind[],
  source?: Source,
];

export function cover(...covered: Covered[]): Pick<State, "cover"> {
  const cells = covered.flatMap(([month, forces, kinds = STEADY_KINDS, source = "api"]) =>
    kinds.flatMap((kind) =>
      forces.map((forceId) => ({ month, kind, forceId, source, release: OLD, records: 5 })),
    ),
  );
  return { cover: createCover(cells) };
}

export function sweep(id: number, other: Partial<OpenSweep> = {}): OpenSweep {
  return {
    id,
    month: "2018-05",
    kind: "crimes",
    plan: "tiles",
    release: NEW,
    staged: false,
    forces: ALL,
    left: 3,
    ...other,
  };
}

/** Sweeps of both kinds of a month that stage what they bring. */
export function refresh(id: number, other: Partial<OpenSweep> = {}): OpenSweep[] {
  return STEADY_KINDS.map((kind, at) => sweep(id + at, { kind, staged: true, ...other }));
}

export function todo(asked: Partial<Asked> = {}, state: Partial<State> = {}) {
  const wanted = toWanted({ ...ASKED, ...asked });
  const { tasks, discard, notes } = listTodo(wanted, { ...NOTHING, ...state });
  return { tasks: tasks.map(nameOf), discard, notes, whole: tasks };
}

/** A task as one line: what, for whom, staged or not, and the sweep that it goes on with. */
function nameOf({ month, kind, forces, staged, sweepId }: Task): string {
  const how = [staged ? "staged" : "", sweepId === null ? "" : `#${sweepId}`].filter(Boolean);
  return [month, kind, JSON.stringify(forces), ...how].join(" ");
}

export const CRIMES = `2018-05 crimes ["avon","kent",""]`;
export const OUTCOMES = `2018-05 outcomes ["avon","kent",""]`;
