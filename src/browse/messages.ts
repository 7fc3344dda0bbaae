import type { Category, Force, Month } from "../types.ts";

// What the scripts of web/ are sent. They are checked against these types, so nothing is imported
// here that a browser does not know.

/** The JSON that the map's script asks for, by address. */
export type MapReplies = {
  "/data/map/shapes": MapShapes;
  "/data/map/counts": MapCounts;
  "/data/map/area": MapArea;
  "/data/map/points": MapPoints;
};

/** The boundaries of all neighbourhoods, for drawing. */
export type MapShapes = {
  /** Outlines are whole numbers of this share of a degree. */
  scale: number;
  forces: Force[];
  areas: Shape[];
  /** Neighbourhoods whose boundary cannot be read, as FORCE/ID. */
  leftOut: string[];
};

/**
 * A neighbourhood; `force` is its place in the list of forces. The outline is latitudes and
 * longitudes in turn, each pair but the first relative to the one before it.
 */
export type Shape = [force: number, id: string, name: string, km2: number, outline: number[]];

/** Crimes of a month by neighbourhood; one of which nothing is listed had none. */
export type MapCounts = {
  month: Month;
  /** Null: all. */
  category: string | null;
  /** The forces that have figures. */
  complete: string[];
  gaps: MapGap[];
  counts: [force: string, id: string, records: number][];
  /** Neighbourhoods of complete forces that have no record of any category in any month here. */
  bare: [force: string, id: string][];
};

/** Why a force that is complete has no crimes, or hardly any. */
export type MapGap = { force: string; why: string };

/** The figures of one neighbourhood. */
export type MapArea = {
  name: string;
  forceName: string;
  /** Null: the month is not complete. */
  trend: { month: Month; records: number | null }[];
  categories: (Category & { records: number })[];
  streets: { id: number | null; name: string | null; records: number }[];
};

export type MapPoints = {
  /** Whether all of the view was read. */
  isWhole: boolean;
  circles: Circle[];
};

/** One circle: a map point of the API, or a cluster of several. */
export type Circle = {
  latitude: number;
  longitude: number;
  records: number;
  /** Of a cluster: the zoom at which it falls apart. */
  opensAt?: number;
  street?: string | null;
  categories?: { id: string; records: number }[];
};

/** The parts of the page Progress, in their order. */
export type PartName = "run" | "areas" | "sweeps" | "failures" | "months" | "runs";

/** Each part as HTML, escaped. */
export type ProgressMessage = { [Name in PartName]?: string };
