import { contains } from "../geo/contain.ts";
import type { Point } from "../types.ts";
import { parsePoly } from "./answer.ts";
import type { ApiRequest } from "./answer.ts";
import { FAULTS } from "./faults.ts";
import type { Fault, FaultRates } from "./faults.ts";
import { LIE_NAMES } from "./lies.ts";
import type { LieName } from "./lies.ts";
import { createChooser } from "./shares.ts";
import type { Shares } from "./shares.ts";
import { kindOf, subjectOf } from "./subjects.ts";

export type TroubleOptions = {
  faults?: FaultRates | undefined;
  /** The share of replies with records, 0 to 1, in the place of which each lie is told. */
  lies?: Shares<LieName> | undefined;
  /** Lies are told of areas that hold this point alone. */
  lieArea?: Point | undefined;
  seed?: number | undefined;
};

/** A reply's fault or lie. */
export type Wrong = { fault: Fault } | { lie: LieName };

/** Chooses what is wrong with a reply; to be asked once for every one that is a success. */
export function createTrouble(
  options: TroubleOptions,
): (question: ApiRequest) => Wrong | undefined {
  const { faults = {}, lies = {}, seed = 1, lieArea } = options;
  const chooseFault = createChooser(FAULTS, faults, seed);
  // A sequence of its own, so that lies leave the faults of a seed as they are.
  const chooseLie = createChooser(LIE_NAMES, lies, seed + 1);
  return (question) => {
    const fault = chooseFault();
    if (fault !== undefined) return { fault };
    if (subjectOf(question.path) === undefined) return undefined;
    if (lieArea !== undefined && !holds(question, lieArea)) return undefined;
    const lie = chooseLie();
    return lie === undefined ? undefined : { lie };
  };
}

/** Whether a question is about an area that holds a point. */
export function holds({ path, params }: ApiRequest, point: Point): boolean {
  const ring = kindOf(path) === undefined ? undefined : parsePoly(params.get("poly"));
  return ring !== undefined && contains(ring, point);
}
