import { byKind } from "../types.ts";
import type { Kind, Month, Point } from "../types.ts";
import type { Connection } from "./database.ts";
import { TABLES } from "./kinds.ts";
import type { Uncounted } from "./layers.ts";

/** In which area of a layer a point lies: the first of them, and how many others. */
export type Found = { area: string | null; others: number };

export type FindArea = (point: Point) => Found;

type OfMonth = { kind: Kind; month: Month };
type Boundary = { id: string; boundary: string };

export type LayerCounts = ReturnType<typeof createLayerCounts>;

/** Counts the records of months by the areas of layers. */
export function createLayerCounts(db: Connection) {
  const selectUncounted = db.prepare<[], Uncounted>(
    "select layer, kind, month from uncounted order by layer, month, kind",
  );
  const selectAreas = db.prepare<[string], Boundary>(
    `select id, boundary from layer_areas
     where layer = ? and boundary is not null
     order by nth`,
  );
  const countLsoas = createCountLsoas(db);
  const countForces = createCountForceOutcomes(db);
  const countPoints = createCountPoints(db);
  const settle = db.prepare<Uncounted>(
    "delete from uncounted where layer = @layer and kind = @kind and month = @month",
  );
  return {
    /** Months that are not counted, by layer, oldest first. */
    listUncounted: (): Uncounted[] => selectUncounted.all(),
    /** The boundaries of a layer, in the order of its file. */
    readBoundaries: (layer: string): IterableIterator<Boundary> => selectAreas.iterate(layer),
    /** Locates what points a month of a kind brings, and counts it. Returns how many were located. */
    countMonth: db.transaction((of: Uncounted, find: FindArea): number => {
      const located = countPoints(of, find);
      settle.run(of);
      return located;
    }),
    /** Counts a month of a kind by LSOA and district, and its crimes' latest outcomes by force. */
    countOwn: db.transaction((of: OfMonth): void => {
      countLsoas(of);
      if (of.kind === "crimes") countForces(of.month);
      for (const layer of COUNTED) settle.run({ layer, ...of });
    }),
  };
}

/** The layers without a file of which counts are kept beside those that a crawl keeps anyway. */
export const COUNTED: readonly string[] = ["forces", "lsoas", "districts"];

/** Forgets the counts of a month of a kind, which is to be counted anew by every layer. */
export function createUncount(db: Connection) {
  const mark = db.prepare<OfMonth>(
    `insert or ignore into uncounted (layer, kind, month)
     select name, @kind, @month from layers
     union all
     select value, @kind, @month from json_each('["lsoas", "districts"]')
     where exists (select 1 from lsoas)
     union all
     select 'forces', @kind, @month where @kind = 'crimes'`,
  );
  const outcomes = JSON.stringify([...COUNTED, "neighbourhoods"]);
  const amongOutcomes = `(select name from layers union all select value from json_each('${outcomes}'))`;
  const among = `(select name from layers union all select value from json_each('${JSON.stringify(COUNTED)}'))`;
  const forget = db.prepare<OfMonth>(
    `delete from area_counts where layer in ${among} and kind = @kind and month = @month`,
  );
  const forgetOutcomes = db.prepare<OfMonth>(
    `delete from area_outcomes
     where @kind = 'crimes' and month = @month
       and layer in ${amongOutcomes}`,
  );
  return (of: OfMonth): void => {
    for (const statement of [mark, forget, forgetOutcomes]) statement.run(of);
  };
}

function createCountPoints(db: Connection) {
  const insertPoint = db.prepare<[string, number, number, string | null, number]>(
    "insert into layer_points (layer, latitude, longitude, area, others) values (?, ?, ?, ?, ?)",
  );
  const selectNew = byKind((kind) =>
    db.prepare<Uncounted, Point>(
      `select distinct latitude, longitude
       from ${kind} as record
       where ${TABLES[kind].month} = @month and latitude is not null and longitude is not null
         and not exists (
           select 1 from layer_points as known
           where known.layer = @layer and known.latitude = record.latitude
             and known.longitude = record.longitude)`,
    ),
  );
  const joined = (kind: Kind, outcome: string) =>
    `select @layer, ${outcome === "" ? "@kind, " : ""}@month, ${TABLES[kind].category} as category,
       ifnull(area, '') as place, ${outcome}count(*)
     from ${kind} as record cross join layer_points as known
       on known.layer = @layer and known.latitude = record.latitude
         and known.longitude = record.longitude
     where record.${TABLES[kind].month} = @month`;
  const count = byKind((kind) =>
    db.prepare<Uncounted>(
      `insert into area_counts (layer, kind, month, category, area, records)
       ${joined(kind, "")} group by 4, 5`,
    ),
  );
  const countOutcomes = db.prepare<Uncounted>(
    `insert into area_outcomes (layer, month, category, area, outcome, records)
     ${joined("crimes", "ifnull(outcome_category, ''), ")} group by 3, 4, 5`,
  );
  return (of: Uncounted, find: FindArea): number => {
    const points = selectNew[of.kind].all(of);
    for (const point of points) {
      const { area, others } = find(point);
      insertPoint.run(of.layer, point.latitude, point.longitude, area, others);
    }
    count[of.kind].run(of);
    if (of.kind === "crimes") countOutcomes.run(of);
    return points.length;
  };
}

function createCountLsoas(db: Connection) {
  const selectAny = db.prepare<[], number>("select exists (select 1 from lsoas)").pluck();
  const forget = db.prepare<OfMonth>(
    `delete from area_counts
     where layer in ('lsoas', 'districts') and kind = @kind and month = @month`,
  );
  const count = byKind((kind) =>
    db.prepare<OfMonth>(
      `insert into area_counts (layer, kind, month, category, area, records)
       select 'lsoas', @kind, @month, ${TABLES[kind].category}, ifnull(lsoa_code, ''), count(*)
       from ${kind}
       where ${TABLES[kind].month} = @month and latitude is not null
       group by ${TABLES[kind].category}, lsoa_code`,
    ),
  );
  const sumUp = db.prepare<OfMonth>(
    `insert into area_counts (layer, kind, month, category, area, records)
     select 'districts', kind, month, category, ifnull(district, '') as place, sum(records)
     from area_counts left join lsoas on code = area
     where layer = 'lsoas' and kind = @kind and month = @month
     group by category, place`,
  );
  const forgetOutcomes = db.prepare<OfMonth>(
    "delete from area_outcomes where layer = 'districts' and month = @month",
  );
  const countOutcomes = db.prepare<OfMonth>(
    `insert into area_outcomes (layer, month, category, area, outcome, records)
     select 'districts', @month, category, ifnull(district, '') as place,
       ifnull(outcome_category, '') as outcome, count(*)
     from crimes left join lsoas on code = lsoa_code
     where month = @month and latitude is not null
     group by category, place, outcome`,
  );
  return (of: OfMonth): void => {
    forget.run(of);
    if (selectAny.get() !== 1) return;
    count[of.kind].run(of);
    sumUp.run(of);
    if (of.kind !== "crimes") return;
    forgetOutcomes.run(of);
    countOutcomes.run(of);
  };
}

/** Counts the latest outcomes of a month's crimes by force, and by neighbourhood. */
function createCountForceOutcomes(db: Connection) {
  const forget = db.prepare<[Month]>(
    "delete from area_outcomes where layer in ('forces', 'neighbourhoods') and month = ?",
  );
  const into = (layer: string, area: string) =>
    db.prepare<[Month]>(
      `insert into area_outcomes (layer, month, category, area, outcome, records)
       select '${layer}', month, category, ${area} as place, ifnull(outcome_category, '') as outcome,
         count(*)
       from crimes
       where month = ?
       group by category, place, outcome`,
    );
  const count = [
    into("forces", TABLES.crimes.owner()),
    into("neighbourhoods", "ifnull(force_id || '/' || neighbourhood_id, '')"),
  ];
  return (month: Month): void => {
    forget.run(month);
    for (const statement of count) statement.run(month);
  };
}
