import type { Question } from "../../store/frontier.ts";
import type { Kind } from "../../types.ts";

/** An area that was too large, and what its pieces brought so far. */
type Cut = { left: number; records: number; whole: Cut | undefined };

export type Cuts = {
  /** Says that pieces were put in the place of an area that was too large. */
  cut(question: Question, pieces: readonly Question[]): void;
  /** Says how many records an area was answered with. */
  answered(question: Question, records: number): void;
};

/**
 * Adds up what the pieces of areas bring that were too large: then it is known how large these
 * were. One of which a piece fails, or is cut before it is asked, stays unknown.
 */
export function createCuts(onKnown: (kind: Kind, records: number) => void): Cuts {
  const wholes = new WeakMap<Question, Cut>();
  return {
    cut(question, pieces) {
      const cut = { left: pieces.length, records: 0, whole: wholes.get(question) };
      for (const piece of pieces) wholes.set(piece, cut);
    },
    answered(question, records) {
      let sum = records;
      for (let cut = wholes.get(question); cut !== undefined; cut = cut.whole) {
        cut.left -= 1;
        cut.records += sum;
        if (cut.left > 0) return;
        sum = cut.records;
        onKnown(question.kind, sum);
      }
    },
  };
}
