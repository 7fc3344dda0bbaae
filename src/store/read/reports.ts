import type { Kind, Month } from "../../types.ts";
import { createReadCover } from "../coverage.ts";
import type { Connection } from "../database.ts";
import { createLeftOut } from "../sound.ts";
import { createLayerReader } from "./layers.ts";
import type { SqlValue } from "./relations.ts";
import { createReadWantedCells } from "./wanted-cells.ts";

/** What a report's statement takes, by name. */
export type Parameters = Record<string, string | number | null>;

export type ReportRows = { columns: string[]; rows: SqlValue[][] };

export type NamedArea = { id: string; label: string; population: number | null };

export type ReportReader = ReturnType<typeof createReportReader>;

/** Runs the statements of reports, and reads what has to be known for them. */
export function createReportReader(db: Connection) {
  const selectMonths = db
    .prepare<[Kind], Month>("select distinct month from coverage where kind = ? order by month")
    .pluck();
  const selectAreas = db.prepare<[string], NamedArea>(
    "select id, label, population from areas where layer = ? order by id",
  );
  const selectRelease = db.prepare<[], string>("select max(release) from coverage").pluck();
  const selectOrigin = db
    .prepare<[], string>("select value from facts where name = 'origin'")
    .pluck();
  const selectCategories = db.prepare<[Kind], { id: string; name: string }>(
    `select category as id, coalesce(crime_categories.name, outcome_categories.name, category) as name
     from (select distinct kind, category from force_counts where kind = ?)
     left join crime_categories on kind = 'crimes' and crime_categories.id = category
     left join outcome_categories on kind = 'outcomes' and outcome_categories.id = category
     order by name`,
  );
  const selectTotal = db
    .prepare<[Kind, Month, Month, string | null, string | null], number>(
      `select ifnull(sum(records), 0) from force_counts
       where kind = ? and month between ? and ? and (? is null or category = ?)`,
    )
    .pluck();
  const leftOut = createLeftOut();
  return {
    /** Runs one statement; parameters that it does not have are left alone. */
    run(sql: string, parameters: Parameters): ReportRows {
      const statement = db.prepare<[Parameters], SqlValue[]>(sql).raw();
      const columns = statement.columns().map(({ name }) => name);
      return { columns, rows: statement.all(parameters) };
    },
    /** Months of which something of a kind is covered, oldest first. */
    listMonths: (kind: Kind): Month[] => selectMonths.all(kind),
    listCategories: (kind: Kind) => selectCategories.all(kind),
    /** Records of a kind, those without a location among them. */
    countAll: (
      kind: Kind,
      { since, until }: { since: Month; until: Month },
      category: string | null,
    ) => selectTotal.get(kind, since, until, category, category) ?? 0,
    ...createLayerReader(db),
    listAreas: (layer: string): NamedArea[] => selectAreas.all(layer),
    /** The newest release that any of it is of; '' where none is known. */
    readRelease: (): string => selectRelease.get() ?? "",
    isSample: (): boolean => selectOrigin.get() === "sandbox",
    readWanted: createReadWantedCells(db, leftOut.note),
    readCover: createReadCover(db),
  };
}
