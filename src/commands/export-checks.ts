import { checkOrder } from "../months.ts";
import { usageError } from "../errors.ts";
import { WHATS } from "../export/format.ts";
import type { What } from "../export/format.ts";
import { suggest } from "../suggest.ts";
import type { ExportArgs } from "./export-options.ts";

/** Checks the words alone, before the database is looked at; returns which records are wanted. */
export function checkExport({
  out,
  format,
  ndjson,
  what,
  category,
  changed,
  within,
  ...bounds
}: ExportArgs): What[] {
  checkOrder(bounds);
  const whats = what === undefined ? listDefault(category, within) : toWhats(what);
  if (category !== undefined && whats.includes("stops")) {
    throw usageError(
      "--category chooses crimes and outcomes, and stops have none",
      "leave one of them out: --category, or stops from --what",
    );
  }
  if (within !== undefined && whats.includes("neighbourhoods")) {
    throw usageError(
      "--within chooses records by their point, and neighbourhoods have none",
      "leave one of them out: --within, or neighbourhoods from --what",
    );
  }
  if (ndjson && format !== "geojson") {
    throw usageError(`--ndjson is a way to write geojson, not ${format}`, "leave one of them out");
  }
  if (changed && out === "-") {
    throw usageError("--changed needs a folder that an earlier export wrote", "name it with --out");
  }
  if (out === "-" && whats.length !== 1) {
    throw usageError(
      "--out - writes one file, and so one kind of record",
      `name it: ${WHATS.map((name) => `--what ${name}`).join(", or ")}`,
    );
  }
  return whats;
}

/** Everything; but a category of crime chooses no stops, and a place no neighbourhoods. */
function listDefault(category: readonly string[] | undefined, within: string | undefined): What[] {
  return WHATS.filter(
    (what) =>
      (category === undefined || what !== "stops") &&
      (within === undefined || what !== "neighbourhoods"),
  );
}

function toWhats(names: readonly string[]): What[] {
  const unknown = names.find((name) => !WHATS.some((what) => what === name));
  if (unknown !== undefined) {
    throw usageError(`--what ${unknown} is not a kind of record`, suggest(unknown, WHATS));
  }
  return WHATS.filter((what) => names.includes(what));
}
