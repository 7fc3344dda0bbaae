import type { Area, Category, Force, Month, Ring } from "../../types.ts";
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

/** One category or all: named one by one, so that the index of months finds the rows of an area. */
const CHOSEN = `category in (
  select id from crime_categories where @category is null or id = @category)`;

/** What the map shows. Crimes are read of single neighbourhoods alone; the rest is counts. */
export function createMapReader(db: Connection) {
  return { ...createBoundaryReader(db), ...createCountReader(db), ...createCrimeReader(db) };
}

function createBoundaryReader(db: Connection) {
  const selectForces = db.prepare<[], Force>("select id, name from forces order by id");
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

function createCountReader(db: Connection) {
  const selectMonths = db
    .prepare<[], Month>("select distinct month from coverage where kind = 'crimes' order by month")
    .pluck();
  const selectCategories = db.prepare<[], Category>(
    `select id, name
     from crime_categories
     where id in (select distinct category from force_counts where kind = 'crimes')
     order by name, id`,
  );
  const selectComplete = db
    .prepare<[Month], string>(
      `select force_id from coverage
       where month = ? and kind = 'crimes' and force_id <> '' order by force_id`,
    )
    .pluck();
  const selectCompleteMonths = db
    .prepare<[string], Month>(
      "select month from coverage where kind = 'crimes' and force_id = ? order by month",
    )
    .pluck();
  const countsWhere = (where: string) =>
    db.prepare<{ month: Month; category: string | null }, AreaCount>(
      `select force_id as forceId, neighbourhood_id as neighbourhoodId, sum(records) as records
       from neighbourhood_counts
       where kind = 'crimes' and month = @month and force_id <> '' ${where}
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

function createCrimeReader(db: Connection) {
  const selectArea = db.prepare<Area, { name: string; forceName: string }>(
    `select neighbourhoods.name, forces.name as forceName
     from neighbourhoods
     join forces on forces.id = force_id
     where force_id = @forceId and neighbourhoods.id = @neighbourhoodId`,
  );
  // every month and category is looked up by the whole key: a scan would read all neighbourhoods
  const selectTrend = db.prepare<Area, AreaMonth>(
    `select months.month, counts.category, counts.records
     from (select distinct month from coverage where kind = 'crimes') as months
     cross join crime_categories
     cross join neighbourhood_counts as counts
     where counts.kind = 'crimes'
       and counts.month = months.month
       and counts.category = crime_categories.id
       and counts.force_id = @forceId
       and counts.neighbourhood_id = @neighbourhoodId
     order by months.month, counts.category`,
  );
  const selectStreets = db.prepare<
    Area & { month: Month; category: string | null; limit: number },
    StreetCount
  >(
    `select street_id as id, name, count(*) as records
     from crimes indexed by crimes_by_month
     left join streets on streets.id = street_id
     where month = @month and ${CHOSEN}
       and force_id = @forceId and neighbourhood_id = @neighbourhoodId
     group by street_id
     order by records desc, name
     limit @limit`,
  );
  return {
    findArea: (area: Area) => selectArea.get(area),
    /** Crimes of a neighbourhood in every month, by category. */
    listTrend: (area: Area): AreaMonth[] => selectTrend.all(area),
    /** The streets with the most crimes of a month, which are the map points of the API. */
    listStreets: (
      area: Area,
      chosen: { month: Month; category: string | null; limit: number },
    ): StreetCount[] => selectStreets.all({ ...area, ...chosen }),
    ...createPointReader(db),
  };
}

type Chosen = { month: Month; category: string | null };
type View = { south: number; west: number; north: number; east: number };

function createPointReader(db: Connection) {
  const columns = "latitude, longitude, street_id as streetId, category, count(*) as records";
  const selectPoints = db.prepare<Area & Chosen, PointCount>(
    `select ${columns}
     from crimes indexed by crimes_by_month
     where month = @month and ${CHOSEN}
       and force_id = @forceId and neighbourhood_id = @neighbourhoodId
       and latitude is not null
     group by latitude, longitude, street_id, category`,
  );
  const selectUnplaced = db.prepare<View & Chosen, PointCount>(
    `select ${columns}
     from (
       select latitude, longitude, street_id, category
       from crimes indexed by crimes_by_month
       where month = @month and ${CHOSEN} and force_id is null
       limit ${UNPLACED}
     )
     where latitude between @south and @north and longitude between @west and @east
     group by latitude, longitude, street_id, category`,
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
