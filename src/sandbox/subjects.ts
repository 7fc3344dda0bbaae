/** What is asked for by area; all else by force. */
export const AREA_KINDS = ["crimes", "outcomes"] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

/** What records are asked for: by area, or by force; `unlocated` are crimes without location. */
const SUBJECTS = [...AREA_KINDS, "stops", "unlocated"] as const;
export type Subject = (typeof SUBJECTS)[number];

const PATHS = {
  crimes: "/crimes-street/all-crime",
  outcomes: "/outcomes-at-location",
  stops: "/stops-force",
  unlocated: "/crimes-no-location",
} satisfies Record<Subject, string>;

/** Where the months are listed. */
export const DATES = "/crimes-street-dates";

/** What a path gives records of; undefined where it gives none. */
export function subjectOf(path: string): Subject | undefined {
  return SUBJECTS.find((subject) => PATHS[subject] === path);
}

/** The kind of records that a path gives for an area; undefined where it gives none. */
export function kindOf(path: string): AreaKind | undefined {
  return AREA_KINDS.find((kind) => PATHS[kind] === path);
}
