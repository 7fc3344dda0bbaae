import type { Area, Category, Force, Kind, Month, Ring } from "../../types.ts";
import type { Connection } from "../database.ts";
import { isLatitude, isLongitude, isSoundMonth, readRing } from "../sound.ts";

/**
 * The ring is read out of its text when it is wanted, which takes as long as all the rest; undefined
 * where the text is no boundary.
 */
export type NamedBoundary = { id: string; name: string; ring: () => Ring | undefined };

export type AreaCount = Area & { records: number };

export type AreaMonth = { month: Month; category: string; records: number };

export type StreetCount = { id: number | null; name: string | null; records: number };

/** Crimes of one category at one of the API's map points. */
export type PointCount = {
  latitude: number;
  longitude: number;
  streetId: number | null;
  category: string;
  records: number;
};

/** Crimes in no neighbourhood that are looked through for those in view, at most. */
const UNPLACED = 10_000;

function isPlaced({ latitude, longitude }: PointCount): boolean {
  return isLatitude(latitude) && isLongitude(longitude);
}

export type MapReader = ReturnType<typeof createMapReader>;

/** What the map has a layer of. */
export const MAP_KINDS = ["crimes", "stops"] as const satisfies readonly Kind[];
export type MapKind = (typeof MAP_KINDS)[number];

/** How the records of a kind are found by place. */
type Layer = {
  /** The records of a month, and the index that finds those of a neighbourhood. */
  from: string;
  /** The column of their category. */
  category: string;
  /** One category or all, so that the index finds the rows of an area. */
  chosen: string;
  /** The ids and names of all categories. */
  categories: string;
};

const LAYERS: Record<MapKind, Layer> = {
  crimes: {
    from: "crimes indexed by crimes_by_month",
    category: "category",
    // named one by one: the index has the category before the place
    chosen: `category in (
      select id from crime_categories where @category is null or id = @category)`,
    categories: "select id, name from crime_categories",
  },
  stops: {
    from: "stops indexed by stops_by_place",
    category: "type",
    chosen: "(@category is null or type = @category)",
    categories: `select distinct category as id, category as name
      from force_counts where kind = 'stops'`,
  },
};

/** What the map shows of a kind. Records are read of single neighbourhoods alone; the rest is counts. */
export function createMapReader(db: Connection, kind: MapKind = "crimes") {
  return {
    ...createBoundaryReader(db),
    ...createCountReader(db, kind),
    ...createRecordReader(db, kind),
  };
}

function createBoundaryReader(db: Connection) {
  const selectForces = db.prepare<[], Force>(
    "select id, name from forces where listed = 1 order by id",
  );
  const selectBoundaries = db.prepare<[string], { id: string; name: string; boundary: string }>(
    `select id, name, boundary
     from neighbourhoods
     where force_id = ? and listed = 1 and boundary is not null
     order by id`,
  );
  const selectState = db
    .prepare<[], string>(
      `select count(*) || ' ' || count(boundary) || ' ' || ifnull(max(boundary_at), '')
         || ' ' || ifnull((select max(listed_at) from forces), '')
       from neighbourhoods
       where listed = 1`,
    )
    .pluck();
  const selectAny = db
    .prepare<[], number>(
      "select exists (select 1 from neighbourhoods where listed = 1 and boundary is not null)",
    )
    .pluck();
  return {
    hasBoundaries: (): boolean => selectAny.get() === 1,
    listForces: (): Force[] => selectForces.all(),
    /** The boundaries of a force that are known, by id. */
    listBoundaries: (forceId: string): NamedBoundary[] =>
      selectBoundaries
        .all(forceId)
        .map(({ id, name, boundary }) => ({ id, name, ring: () => readRing(boundary) })),
    /** Another number whenever another process has written. */
    dataVersion: (): number => Number(db.pragma("data_version", { simple: true })),
    /** Another text whenever a boundary was fetched or a force listed; it reads every row. */
    boundaryState: (): string => selectState.get() ?? "",
  };
}

function createCountReader(db: Connection, kind: MapKind) {
  const selectMonths = db
    .prepare<[], Month>(`select distinct month from coverage where kind = '${kind}' order by month`)
    .pluck();
  const selectCategories = db.prepare<[], Category>(
    `select id, name
     from (${LAYERS[kind].categories})
     where id in (select distinct category from force_counts where kind = '${kind}')
     order by name, id`,
  );
  const selectComplete = db
    .prepare<[Month], string>(
      `select force_id from coverage
       where month = ? and kind = '${kind}' and force_id <> '' order by force_id`,
    )
    .pluck();
  const selectCompleteMonths = db
    .prepare<[string], Month>(
      `select month from coverage where kind = '${kind}' and force_id = ? order by month`,
    )
    .pluck();
  const countsWhere = (where: string) =>
    db.prepare<{ month: Month; category: string | null }, AreaCount>(
      `select force_id as forceId, neighbourhood_id as neighbourhoodId, sum(records) as records
       from neighbourhood_counts
       where kind = '${kind}' and month = @month and force_id <> '' ${where}
       group by force_id, neighbourhood_id`,
    );
  const selectAll = countsWhere("");
  const selectOne = countsWhere("and category = @category");
  return {
    /** Months of which the crimes of some force are complete, oldest first. */
    listMonths: (): Month[] => selectMonths.all().filter(isSoundMonth),
    /** The crime categories that were counted, by name. */
    listCategories: (): Category[] => selectCategories.all(),
    /** The forces of which the month's crimes are complete. */
    listComplete: (month: Month): string[] => selectComplete.all(month),
    /** The months of which the crimes of a force are complete. */
    listCompleteMonths: (forceId: string): Month[] => selectCompleteMonths.all(forceId),
    /** Crimes of a month by neighbourhood, of one category or, with null, of all. */
    listCounts: (month: Month, category: string | null): AreaCount[] =>
      (category === null ? selectAll : selectOne).all({ month, category }),
  };
}

function createRecordReader(db: Connection, kind: MapKind) {
  const { from, chosen, categories } = LAYERS[kind];
  const selectArea = db.prepare<Area, { name: string; forceName: string }>(
    `select neighbourhoods.name, forces.name as forceName
     from neighbourhoods
     join forces on forces.id = force_id
     where force_id = @forceId and neighbourhoods.id = @neighbourhoodId`,
  );
  // every month and category is looked up by the whole key: a scan would read all neighbourhoods
  const selectTrend = db.prepare<Area, AreaMonth>(
    `select months.month, counts.category, counts.records
     from (select distinct month from coverage where kind = '${kind}') as months
     cross join (${categories}) as categories
     cross join neighbourhood_counts as counts
     where counts.kind = '${kind}'
       and counts.month = months.month
       and counts.category = categories.id
       and counts.force_id = @forceId
       and counts.neighbourhood_id = @neighbourhoodId
     order by months.month, counts.category`,
  );
  const selectAnyMonth = db
    .prepare<Area, number>(
      `select exists (
         select 1
         from (select distinct month from coverage where kind = '${kind}') as months
         cross join (${categories}) as categories
         cross join neighbourhood_counts as counts
         where counts.kind = '${kind}'
           and counts.month = months.month
           and counts.category = categories.id
           and counts.force_id = @forceId
           and counts.neighbourhood_id = @neighbourhoodId
       )`,
    )
    .pluck();
  const selectStreets = db.prepare<
    Area & { month: Month; category: string | null; limit: number },
    StreetCount
  >(
    `select street_id as id, name, count(*) as records
     from ${from}
     left join streets on streets.id = street_id
     where month = @month and ${chosen}
       and force_id = @forceId and neighbourhood_id = @neighbourhoodId
     group by street_id
     order by records desc, name
     limit @limit`,
  );
  return {
    findArea: (area: Area) => selectArea.get(area),
    /** Whether a neighbourhood has a record of any category in any month that is complete. */
    hasRecords: ({ forceId, neighbourhoodId }: Area): boolean =>
      selectAnyMonth.get({ forceId, neighbourhoodId }) === 1,
    /** Crimes of a neighbourhood in every month, by category. */
    listTrend: (area: Area): AreaMonth[] => selectTrend.all(area),
    /** The streets with the most crimes of a month, which are the map points of the API. */
    listStreets: (
      area: Area,
      chosen: { month: Month; category: string | null; limit: number },
    ): StreetCount[] => selectStreets.all({ ...area, ...chosen }),
    ...createPointReader(db, LAYERS[kind]),
  };
}

type Chosen = { month: Month; category: string | null };
type View = { south: number; west: number; north: number; east: number };

function createPointReader(db: Connection, { from, category, chosen }: Layer) {
  const columns = `latitude, longitude, street_id as streetId, ${category} as category,
    count(*) as records`;
  const selectPoints = db.prepare<Area & Chosen, PointCount>(
    `select ${columns}
     from ${from}
     where month = @month and ${chosen}
       and force_id = @forceId and neighbourhood_id = @neighbourhoodId
       and latitude is not null
     group by latitude, longitude, street_id, ${category}`,
  );
  const selectUnplaced = db.prepare<View & Chosen, PointCount>(
    `select ${columns}
     from (
       select latitude, longitude, street_id, ${category}
       from ${from}
       where month = @month and ${chosen} and force_id is null
       limit ${UNPLACED}
     )
     where latitude between @south and @north and longitude between @west and @east
     group by latitude, longitude, street_id, ${category}`,
  );
  const selectStreet = db
    .prepare<[number], string>("select name from streets where id = ?")
    .pluck();
  return {
    /** The crimes of a neighbourhood in a month, counted by map point and category. */
    listPoints: (area: Area, chosen: Chosen): PointCount[] =>
      selectPoints.all({ ...area, ...chosen }).filter(isPlaced),
    /** The same of the crimes in view that lie in no neighbourhood. */
    listUnplaced: ({ south, west, north, east }: View, chosen: Chosen): PointCount[] =>
      selectUnplaced.all({ south, west, north, east, ...chosen }),
    findStreet: (id: number): string | undefined => selectStreet.get(id),
  };
}
