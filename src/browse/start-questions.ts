import type { Overview } from "../store/read/overview.ts";
import type { Month } from "../types.ts";
import { nameMonth } from "./months.ts";

export type Question = { href: string; question: string; how: string };

/** Of these, the first that was counted is asked for: each is a word that everybody knows. */
const TELLING = ["burglary", "robbery", "violent-crime"];

const OUTCOMES = `select outcome_categories.name as outcome, sum(records) as outcomes,
  round(100.0 * sum(records) / sum(sum(records)) over (), 1) as percent
from force_counts
join outcome_categories on outcome_categories.id = category
where kind = 'outcomes'
group by category
order by outcomes desc`;

/** Three questions that this database can answer, each a click away. */
export function listQuestions(overview: Overview, months: readonly Month[]): Question[] {
  const crimes = overview.listCategoryCounts("crimes", null);
  const category =
    TELLING.map((id) => crimes.find((one) => one.id === id)).find(Boolean) ?? crimes[0];
  const newest = months.at(-1) ?? "";
  const trend =
    category === undefined
      ? []
      : [
          {
            href: `/overview?${new URLSearchParams({ category: category.id })}`,
            question: `How much ${category.name.toLowerCase()} is there a month?`,
            how: "A chart, for all forces or those that you choose, beside the year before",
          },
        ];
  const where = {
    href: "/map",
    question: `Where was most crime in ${nameMonth(newest)}?`,
    how: "A map of neighbourhoods; nearer, of the points that the police give",
  };
  const hasOutcomes = overview.listCategoryCounts("outcomes", null).length > 0;
  const outcomes = {
    href: `/sql?${new URLSearchParams({ sql: OUTCOMES })}`,
    question: "What became of the crimes?",
    how: "A statement of SQL that you can change, and its answer",
  };
  const stops = {
    href: "/stops",
    question: "Who is stopped and searched, and what for?",
    how: "Tables, with what they can and cannot say",
  };
  const hasStops = overview.listCategoryCounts("stops", null).length > 0;
  return [...trend, where, ...(hasOutcomes ? [outcomes] : []), ...(hasStops ? [stops] : [])].slice(
    0,
    3,
  );
}
