import { contains } from "../geo/contain.ts";
import type { Point } from "../types.ts";
import { kindOf, parsePoly } from "./answer.ts";
import type { Question } from "./answer.ts";
import { FAULTS } from "./faults.ts";
import type { Fault, FaultRates } from "./faults.ts";
import { LIE_NAMES } from "./lies.ts";
import type { LieName } from "./lies.ts";
import { createClock } from "./outages.ts";
import type { Outage } from "./outages.ts";
import { createChooser } from "./shares.ts";
import type { Shares } from "./shares.ts";

export type TroubleOptions = {
  faults?: FaultRates | undefined;
  /** The share of replies about areas, 0 to 1, in the place of which each lie is told. */
  lies?: Shares<LieName> | undefined;
  /** Lies are told of areas that hold this point alone. */
  lieArea?: Point | undefined;
  /** Areas that hold this point always fail with 500. */
  failArea?: Point | undefined;
  outages?: readonly Outage[] | undefined;
  /** Answers 503 to everything while it is true. */
  isDown?: (() => boolean) | undefined;
  seed?: number | undefined;
};

/** Decides what goes wrong with each reply. */
export type Trouble = {
  isDown(): boolean;
  /** Whether the question is of an area that always fails. */
  failsAlways(question: Question): boolean;
  /** The next reply's fault or lie; it is asked once for every reply that is a success. */
  choose(question: Question): { fault: Fault } | { lie: LieName } | undefined;
};

export function createTrouble(options: TroubleOptions): Trouble {
  const { faults = {}, lies = {}, seed = 1, outages = [], lieArea, failArea, isDown } = options;
  const isOut = createClock(outages);
  const chooseFault = createChooser(FAULTS, faults, seed);
  // A sequence of its own, so that lies leave the faults of a seed as they are.
  const chooseLie = createChooser(LIE_NAMES, lies, seed + 1);
  return {
    isDown: () => isOut() || isDown?.() === true,
    failsAlways: (question) => failArea !== undefined && holds(question, failArea),
    choose(question) {
      const fault = chooseFault();
      if (fault !== undefined) return { fault };
      if (kindOf(question.path) === undefined) return undefined;
      if (lieArea !== undefined && !holds(question, lieArea)) return undefined;
      const lie = chooseLie();
      return lie === undefined ? undefined : { lie };
    },
  };
}

function holds({ path, params }: Question, point: Point): boolean {
  const ring = kindOf(path) === undefined ? undefined : parsePoly(params.get("poly"));
  return ring !== undefined && contains(ring, point);
}
