import { formatShare, plural } from "../text.ts";
import type { StatusDocument } from "./status-shape.ts";
import { list, span } from "./summary.ts";

/** Which months are of which release, newest first, where it is not the newest for all. */
export function describeReleases({ months, release }: StatusDocument): [string, string][] {
  const here = months.filter(({ oldest_release }) => oldest_release !== null);
  const releases = new Set(here.map(({ oldest_release: of }) => of ?? ""));
  if ([...releases].every((of) => of === release.newest)) return [];
  const parts = [...releases]
    .sort()
    .toReversed()
    .map((of) => {
      const its = here.filter(({ oldest_release }) => oldest_release === of);
      const behind = its[0]?.behind ?? 0;
      const age = behind === 0 ? "" : `, ${plural(behind, "month")} older than the newest`;
      const some = its.length > 1 ? `${its.length} months, ` : "";
      return `${of === "" ? "unknown" : of}${age}: ${some}${span(its.map(({ month }) => month))}`;
    });
  return [["of release", list(parts, "; ")]];
}

/** Where a refresh is likely to bring most, and what does so. */
export function describeWorth({ worth }: StatusDocument): [string, string][] {
  if (worth === null) return [];
  const months = worth.months.map(({ month, share }) => `${month} (${formatShare(share)})`);
  const command = worth.command === null ? "" : `: ${worth.command}`;
  return [["worth most", `${list(months)} of whose records are likely to differ${command}`]];
}
