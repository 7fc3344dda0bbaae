import { boundingBox } from "../geo/box.ts";
import type { Releases } from "../store/coverage.ts";
import type { Failure } from "../store/frontier.ts";
import type { Month, Ring } from "../types.ts";
import { describeArea } from "./areas/boundaries.ts";
import type { CrawlResult, QuestionFailure, Tally } from "./crawl-result.ts";
import type { Context } from "./context.ts";
import { listOutdated } from "./work.ts";
import type { WorkAreas, Work } from "./work.ts";

type Pass = {
  work: Work;
  releases: Releases;
  tally: Tally;
  areas: WorkAreas;
  lastUpdate: Month | null;
};

/** Puts together what a run did, and what keeps its months from being complete. */
export function describeResult(
  { store, unanswered }: Context,
  { work, releases, tally, areas, lastUpdate }: Pass,
): CrawlResult {
  const cover = store.coverage.readCover();
  const open = new Set(store.sweeps.list().flatMap(({ staged, month }) => (staged ? month : [])));
  const monthsOf = (staged: boolean) => [
    ...new Set(work.tasks.flatMap((task) => (task.staged === staged ? task.month : []))),
  ];
  const refreshed = monthsOf(true);
  const crawled = monthsOf(false).filter((month) => !refreshed.includes(month));
  const incomplete = [...crawled, ...refreshed]
    .filter((month) => open.has(month) || work.isLacking(cover, month))
    .sort();
  const listed = areas.selected.flatMap((id) => store.areas.listNeighbourhoods(id));
  return {
    ...tally,
    months: work.months,
    crawled,
    refreshed,
    incomplete,
    outdated: listOutdated(cover, releases, work.forces),
    release: releases.release,
    lastUpdate,
    forces: areas.selected.length,
    neighbourhoods: listed.length,
    withoutBoundary: listed
      .filter(({ hasBoundary, boundaryAt }) => !hasBoundary && boundaryAt !== null)
      .map(describeArea),
    failures: listFailures(store, incomplete, work),
    unanswered: unanswered.list(),
  };
}

/** Failures count where they keep a month, one of those still open, from being complete. */
function listFailures(
  store: Context["store"],
  open: readonly Month[],
  { forcesOf }: Pick<Work, "forcesOf">,
): QuestionFailure[] {
  return store.frontier
    .listFailures()
    .filter(
      ({ month, kind, forces }) =>
        open.includes(month) && forcesOf(month, kind).some((one) => forces.has(one)),
    )
    .map(({ month, kind, reason, ...asked }) => ({ month, kind, where: describe(asked), reason }));
}

function describe({ forceId, area, ring }: Pick<Failure, "forceId" | "area" | "ring">): string {
  if (forceId !== null) return forceId;
  return area === null ? describeTile(ring ?? []) : describeArea(area);
}

/** A tile has no name but its corners, south-west and north-east. */
function describeTile(ring: Ring): string {
  const { south, west, north, east } = boundingBox(ring);
  return `the tile ${south},${west} to ${north},${east}`;
}
