import { usageError } from "../errors.ts";
import type { NamedArea, ReportReader } from "../store/read/reports.ts";
import { suggest } from "../suggest.ts";
import type { Kind, Month } from "../types.ts";
import { GROUPS } from "./report.ts";
import type { ChosenArea, Question, ReportName, Wish } from "./report.ts";

/** How many of the newest months are meant where none are named. */
const MONTHS = 12;
/** How near is near, in metres, where nothing is said. */
const WITHIN = 500;

/** Kinds that a report is of by nature. */
const KIND_OF: Partial<Record<ReportName, Kind>> = {
  streets: "crimes",
  outcomes: "crimes",
  near: "crimes",
  stops: "stops",
};

/** Fills in what a report was not told, and checks the rest against what the database has. */
export function toQuestion(reader: ReportReader, wish: Wish): Question {
  const { name, per = null, near } = wish;
  const kind = KIND_OF[name] ?? wish.kind ?? "crimes";
  const months = chooseMonths(reader, kind, wish);
  const areas = wish.areas.map((text) => findArea(reader, text));
  const layer = findLayer(reader, wish.layer ?? areas[0]?.layer ?? "forces");
  const other = areas.find((area) => area.layer !== layer);
  if (other !== undefined && name !== "compare") {
    throw usageError(
      `--area ${other.layer}/${other.id} is of another layer than ${layer}`,
      `leave --layer out`,
    );
  }
  const question: Question = {
    name,
    kind,
    layer,
    areas,
    category: findCategory(reader, kind, wish.category),
    since: wish.since ?? months[0] ?? "",
    until: wish.until ?? months.at(-1) ?? "",
    months,
    per,
    near: near === undefined ? null : { point: near, within: wish.within ?? WITHIN },
    by: findGroup(wish),
  };
  checkNeeds(question);
  return question;
}

function chooseMonths(reader: ReportReader, kind: Kind, { name, since, until }: Wish): Month[] {
  const all = reader.listMonths(kind);
  const [oldest] = all;
  const newest = all.at(-1);
  if (oldest === undefined || newest === undefined) {
    throw usageError(`the database has no ${kind} yet`, "bring some: ukpolice crawl");
  }
  const upTo = all.filter((month) => month <= (until ?? newest));
  const from = since ?? (name === "revisions" ? oldest : (upTo.slice(-MONTHS)[0] ?? oldest));
  const months = upTo.filter((month) => month >= from);
  if (months.length > 0) return months;
  throw usageError(
    `there are no ${kind} from ${since ?? oldest} to ${until ?? newest} here`,
    `there are those from ${oldest} to ${newest}`,
  );
}

function findLayer(reader: ReportReader, name: string): string {
  const names = reader.listNames();
  if (names.includes(name)) return name;
  throw usageError(`there is no layer ${name}`, suggest(name, names));
}

/** `LAYER/AREA`: the rest of it is an id, or else a label, however it is written. */
function findArea(reader: ReportReader, text: string): ChosenArea {
  const at = text.indexOf("/");
  if (at < 0) {
    throw usageError(
      `--area ${text} names no layer; write it as LAYER/AREA`,
      `layers: ${reader.listNames().join(", ")}`,
    );
  }
  const layer = findLayer(reader, text.slice(0, at));
  const wanted = text.slice(at + 1);
  const areas = reader.listAreas(layer);
  const byId = areas.find(({ id }) => id === wanted);
  if (byId !== undefined) return { layer, ...byId };
  return { layer, ...findByLabel(areas, layer, wanted) };
}

function findByLabel(areas: readonly NamedArea[], layer: string, wanted: string): NamedArea {
  const plain = (label: string) => label.trim().toLowerCase();
  const found = areas.filter(({ label }) => plain(label) === plain(wanted));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    const ids = found.slice(0, 5).map(({ id }) => `${layer}/${id}`);
    throw usageError(`the layer ${layer} has ${found.length} areas ${wanted}`, ids.join(", "));
  }
  if (areas.length === 0)
    throw usageError(`the layer ${layer} has no areas yet`, "see: ukpolice areas list");
  const names = [...new Set(areas.flatMap(({ id, label }) => [label, id]))];
  const hint = names.length > 60 ? nearest(wanted, names) : suggest(wanted, names);
  throw usageError(`the layer ${layer} has no area ${wanted}`, hint);
}

/** Of many names only a near one is a hint. */
function nearest(wanted: string, names: readonly string[]): string {
  const hint = suggest(wanted, names);
  return hint.startsWith("did you") ? hint : `its areas are as: ${names.slice(0, 4).join(", ")}`;
}

function findCategory(reader: ReportReader, kind: Kind, wanted: string | undefined) {
  if (wanted === undefined) return null;
  const categories = reader.listCategories(kind);
  const found = categories.find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase(),
  );
  if (found !== undefined) return found;
  const ids = categories.map(({ id }) => id);
  throw usageError(`there are no ${kind} of the category ${wanted}`, suggest(wanted, ids));
}

function findGroup({ name, by }: Wish): string | null {
  const groups = GROUPS[name] ?? [];
  if (by === undefined) return groups[0] ?? null;
  if (groups.includes(by)) return by;
  if (groups.length === 0)
    throw usageError(`--by is of no use with report ${name}`, "leave it out");
  throw usageError(`report ${name} has nothing by ${by}`, suggest(by, groups));
}

/** What a report cannot do without, and what it can do nothing with. */
function checkNeeds({ name, layer, areas, near, per }: Question): void {
  if (name === "near" && near === null)
    throw usageError("report near lacks --near LAT,LNG", "as in --near 51.5142,-0.0931");
  if (near !== null && name !== "near" && name !== "streets")
    throw usageError(`--near is of no use with report ${name}`, "see: ukpolice report near");
  if (name === "streets" && near === null && areas.length === 0) {
    throw usageError(
      "report streets lacks an area",
      "name one with --area LAYER/AREA, or a point with --near LAT,LNG",
    );
  }
  if (name === "compare" && areas.length < 2)
    throw usageError("report compare lacks areas", "name two or more: --area A --area B");
  if (name !== "compare" && areas.length > 1)
    throw usageError(`report ${name} takes one --area`, "see: ukpolice report compare");
  if (name === "outcomes" && layer === "lsoas")
    throw usageError("outcomes are not counted by LSOA", "take --layer districts");
  if (name === "revisions" && layer !== "forces")
    throw usageError("revisions are known by force alone", "as in --area forces/kent");
  if (per !== null && !["trend", "areas", "compare"].includes(name))
    throw usageError(
      `--per is of no use with report ${name}`,
      "it makes rates of trend, areas and compare",
    );
}
