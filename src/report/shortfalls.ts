import type { Shortfall } from "../shortfalls.ts";
import { formatCount } from "../text.ts";
import type { ShortfallStatus } from "./status-shape.ts";

/** As a document of `--json` has it. */
export function toShortfallStatus({ forceId, ...shortfall }: Shortfall): ShortfallStatus {
  return { force: forceId, ...shortfall };
}

/** `2024-01 dyfed-powys: 1,187 crimes, where about 3,500 are usual (known: …)`. */
export function describeShortfall(shortfall: ShortfallStatus): string {
  const { month, kind, force, records, usual, known } = shortfall;
  const than = usual === null ? "" : `, where about ${formatCount(usual)} are usual`;
  const why = known === null ? "" : ` (known: ${known})`;
  return `${month} ${force}: ${formatCount(records)} ${kind}${than}${why}`;
}
