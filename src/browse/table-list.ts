import { html } from "hono/html";
import { formatCount } from "../text.ts";
import { TABLES } from "../store/kinds.ts";
import type { Relation } from "../store/read/relations.ts";
import type { Tables } from "../store/read/tables.ts";
import { byKind, KINDS } from "../types.ts";
import type { Html } from "./page.ts";
import { writeQuery } from "./table-query.ts";

const GROUPS: { title: string; tables: Record<string, string> }[] = [
  { title: "Records", tables: byKind((kind) => TABLES[kind].row) },
  {
    title: "Names and places",
    tables: {
      forces: "police forces",
      neighbourhoods: "policing neighbourhoods, with boundaries as GeoJSON",
      streets: "the names of anonymised points",
      crime_categories: "kinds of crime",
      outcome_categories: "kinds of outcome",
    },
  },
  {
    title: "What is complete",
    tables: {
      coverage: "which months are complete, for which forces",
      months: "coverage, a month a row",
      force_counts: "records of complete months by category and force",
      neighbourhood_counts: "the same by neighbourhood",
      stop_counts: "stops of complete months by what is told of them",
      stops_published: "whose stops the API has, by month",
    },
  },
  {
    title: "What was revised",
    tables: {
      revisions: "what releases added, changed and removed, by month, force and category",
      crime_outcome_history: "how the latest outcomes of crimes changed",
    },
  },
  {
    title: "The crawl",
    tables: {
      runs: "runs of crawls and imports, the newest last",
      sweeps: "months that are being fetched",
      sweep_cells: "the forces that they are fetched for",
      questions: "the areas that are asked for them",
      ...Object.fromEntries(
        KINDS.map((kind) => [`staged_${kind}`, `${kind} of months that are being fetched again`]),
      ),
      facts: "small things to remember",
    },
  },
];

/** The page that lists every table and view. */
export function renderTableList(tables: Tables): Html {
  const relations = tables.list();
  const known = new Set(GROUPS.flatMap((group) => Object.keys(group.tables)));
  const others = relations.filter(({ name }) => !known.has(name));
  const groups = [
    ...GROUPS,
    { title: "Others", tables: Object.fromEntries(others.map(({ name }) => [name, ""])) },
  ];
  return html`<h1>Tables</h1>
    <p class="lead">
      Everything that the database holds. <a href="/sql">SQL</a> puts questions to all of it.
    </p>
    ${groups.map((group) => {
      const found = relations.filter(({ name }) => Object.hasOwn(group.tables, name));
      if (found.length === 0) return "";
      return html`<h2>${group.title}</h2>
        <ul class="tables">
          ${found.map((relation) => renderEntry(tables, relation, group.tables[relation.name]))}
        </ul>`;
    })}`;
}

function renderEntry(tables: Tables, relation: Relation, purpose = ""): Html {
  return html`<li>
    <a href="${writeQuery(relation, {})}">${relation.name}</a>
    <span class="muted">${purpose}</span>
    <span class="size">${relation.isView ? "view" : shortSize(tables, relation)}</span>
  </li>`;
}

function shortSize(tables: Tables, relation: Relation): string {
  const { rows, accuracy } = tables.sizeOf(relation);
  if (accuracy === "exact") return formatCount(rows);
  if (accuracy === "more than") return `> ${formatCount(rows)}`;
  return `about ${formatCount(Number(rows.toPrecision(3)))}`;
}
