import type { Kind, Month } from "../types.ts";
import type { Candidate, Candidates, ComparedRow } from "./candidates.ts";

/** How a force's month of the archive and of the API's differ. */
export type CellComparison = {
  month: Month;
  kind: Kind;
  forceId: string;
  /** Of the archive's file. */
  release: Month;
  /** Rows of the archive, and records of the API in the force's area, or of stops by the force. */
  archive: number;
  api: number;
  /** Rows that are in both, as often as they are; and those of them that lie in another's area. */
  both: number;
  elsewhere: number;
  equalPlace: number;
  equalCategory: number;
  /** Of those in both: whose latest outcome is another one in the API. */
  outcomeChanged: number;
  /** The most frequent changes, from the archive's to the API's; null: none. */
  outcomes: OutcomeChange[];
  onlyArchive: number;
  /** Of these: without a location, and in no area of the force's. */
  withoutLocation: number;
  atBorder: number;
  /** Records of the API that are in no file that was compared. */
  onlyApi: number;
};

export type OutcomeChange = { from: string | null; to: string | null; records: number };

const LISTED = 10;

type Cell = Pick<CellComparison, "month" | "kind" | "forceId" | "release">;

/**
 * Compares the rows of one file: each with a record of the API that no other is, the most alike
 * first. What is matched is noted in `taken`, by id, for all files of the month.
 */
export class Match {
  readonly #counts: CellComparison;
  readonly #candidates: Candidates;
  readonly #taken: Set<number>;
  readonly #changes = new Map<string, OutcomeChange>();
  /** Rows that have no equal, for what is left when all have had their first choice. */
  #rest: ComparedRow[] = [];

  constructor(cell: Cell, candidates: Candidates, taken: Set<number>) {
    this.#counts = { ...cell, ...NOTHING, outcomes: [] };
    this.#candidates = candidates;
    this.#taken = taken;
  }

  add(row: ComparedRow): void {
    this.#counts.archive += 1;
    if (!this.#take(row, isEqual)) this.#rest.push(row);
  }

  /** When all rows are there: what is alike, then what has the same id alone, then nothing. */
  end(): void {
    this.#rest = this.#rest.filter((row) => !this.#take(row, isAlike));
    this.#rest = this.#rest.filter((row) => !this.#take(row, () => true));
    const { forceId } = this.#counts;
    for (const { place, area } of this.#rest) {
      this.#counts.onlyArchive += 1;
      if (place === "") this.#counts.withoutLocation += 1;
      else if (area?.forceId !== forceId) this.#counts.atBorder += 1;
    }
    this.#rest = [];
  }

  /** When all files of the month are through: what is left of the API's. */
  count(): CellComparison {
    for (const id of this.#candidates.iterateIds(this.#counts.forceId)) {
      this.#counts.api += 1;
      if (!this.#taken.has(id)) this.#counts.onlyApi += 1;
    }
    const changes = [...this.#changes.values()].sort((a, b) => b.records - a.records);
    return { ...this.#counts, outcomes: changes.slice(0, LISTED) };
  }

  #take(row: ComparedRow, fits: (row: ComparedRow, candidate: Candidate) => boolean): boolean {
    const found = this.#candidates
      .find(row)
      .find((candidate) => !this.#taken.has(candidate.id) && fits(row, candidate));
    if (found === undefined) return false;
    this.#taken.add(found.id);
    this.#note(row, found);
    return true;
  }

  #note(row: ComparedRow, found: Candidate): void {
    const counts = this.#counts;
    counts.both += 1;
    if (found.forceId !== null && found.forceId !== counts.forceId) counts.elsewhere += 1;
    if (row.place === found.place) counts.equalPlace += 1;
    if (row.category === found.category) counts.equalCategory += 1;
    if (row.outcome === found.outcome) return;
    counts.outcomeChanged += 1;
    const key = `${row.outcome}\n${found.outcome}`;
    const change = this.#changes.get(key) ?? { from: row.outcome, to: found.outcome, records: 0 };
    change.records += 1;
    this.#changes.set(key, change);
  }
}

const NOTHING = {
  archive: 0,
  api: 0,
  both: 0,
  elsewhere: 0,
  equalPlace: 0,
  equalCategory: 0,
  outcomeChanged: 0,
  onlyArchive: 0,
  withoutLocation: 0,
  atBorder: 0,
  onlyApi: 0,
};

function isAlike(row: ComparedRow, candidate: Candidate): boolean {
  return row.category === candidate.category && row.place === candidate.place;
}

function isEqual(row: ComparedRow, candidate: Candidate): boolean {
  return isAlike(row, candidate) && row.outcome === candidate.outcome;
}
