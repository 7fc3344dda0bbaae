import * as v from "@badrap/valita";
import { createCover, listWanted, NOWHERE } from "../completeness.ts";
import type { Cover, CoveredCell } from "../completeness.ts";
import { isMonth } from "../months.ts";
import { canBePublished, canBeRelease } from "../police-api.ts";
import { KINDS } from "../types.ts";
import type { Kind, Month, Published } from "../types.ts";
import type { Connection } from "./database.ts";
import { createFacts } from "./facts.ts";
import { fitting, readIds, readKept } from "./kept.ts";
import { createFindOdd, isCount, isId, isSoundMonth, isText } from "./sound.ts";
import type { NoteLeftOut } from "./sound.ts";

/** The API's newest release, `YYYY-MM-DD`, and what it publishes. */
export type Releases = Published & { release: string };

export type Coverage = ReturnType<typeof createCoverage>;

const readMonths = fitting(v.array(v.string().assert(isMonth)));

const findOdd = createFindOdd<CoveredCell>({
  month: isSoundMonth,
  kind: (value) => KINDS.some((kind) => kind === value),
  forceId: isId,
  source: (value) => value === "api" || value === "archive",
  release: isText,
  records: isCount,
});

/**
 * Reads which cells are covered; what is complete is asked of what this returns. What cannot be one
 * is left out.
 */
export function createReadCover(db: Connection, note: NoteLeftOut = () => {}): () => Cover {
  const select = db.prepare<[], CoveredCell>(
    `select month, kind, force_id as forceId, source, release, records
     from coverage
     order by month, kind, force_id`,
  );
  const isCell = (cell: CoveredCell): boolean => {
    const odd = findOdd(cell);
    if (odd !== undefined) note(`coverage of ${cell.month} ${cell.kind} ${cell.forceId} (${odd})`);
    return odd === undefined;
  };
  return () => createCover(select.all().filter(isCell).map(withRelease));
}

/**
 * Reads the forces whose cells the database is for: those that anything was ever asked for, and ''
 * where all were.
 */
export function createReadWanted(db: Connection): () => string[] {
  const selectKnown = db
    .prepare<[], string>("select id from forces where listed = 1 order by id")
    .pluck();
  const selectPublishers = db
    .prepare<[], string>(
      "select distinct force_id from stops_published where force_id not in (select id from forces where listed = 1)",
    )
    .pluck();
  const readAsked = createReadAsked(db);
  return () => {
    const asked = readAsked();
    const publishers = selectPublishers.all();
    const isForStops = asked.size > 0 && [...asked].every((id) => publishers.includes(id));
    return isForStops ? [] : listWanted(selectKnown.all(), asked);
  };
}

/** Reads the forces whose stops the database is for, '' where that is everybody's. */
export function createReadStopsWanted(db: Connection): () => string[] {
  const readAsked = createReadAsked(db);
  return () => {
    const asked = readAsked();
    return asked.size === 0 ? [NOWHERE] : [...asked].sort();
  };
}

/** Where no crawl asked for anything yet, a database is for the forces of the archive's files. */
function createReadAsked(db: Connection): () => Set<string> {
  const selectImported = db
    .prepare<[], string>(
      "select distinct force_id from coverage where kind <> 'stops' and source = 'archive'",
    )
    .pluck();
  const select = db
    .prepare<[], string>(
      `select force_id from coverage where kind <> 'stops' and source = 'api'
       union select force_id from sweep_cells join sweeps on sweeps.id = sweep_id
       where kind <> 'stops'
       union select json_each.value from facts, json_each(facts.value) where facts.name = 'asked'`,
    )
    .pluck();
  return () => {
    const asked = select.all();
    return new Set(asked.length > 0 ? asked : selectImported.all());
  };
}

/** Reads which forces' stops the API published when a crawl last asked. */
export function readStopsPublished(db: Connection): Published["stops"] {
  const stops = new Map<Month, string[]>();
  const select = db.prepare<[], { month: Month; forceId: string }>(
    "select month, force_id as forceId from stops_published order by month, force_id",
  );
  for (const { month, forceId } of select.iterate()) {
    stops.set(month, [...(stops.get(month) ?? []), forceId]);
  }
  return stops;
}

/** Which cells are covered, and what is known of the API's releases. */
export function createCoverage(db: Connection) {
  const facts = createFacts(db);
  const forgetStops = db.prepare("delete from stops_published");
  const insertStops = db.prepare("insert or ignore into stops_published values (?, ?)");

  function noteMore(fact: string, more: readonly string[]): void {
    const before = readKept(fact, facts.get(fact) ?? "[]", readIds);
    facts.set(fact, JSON.stringify([...new Set([...before, ...more])].sort()));
  }

  function savePublished({ published, stops }: Published): void {
    facts.set("published", JSON.stringify(published));
    forgetStops.run();
    for (const [month, forces] of stops) {
      for (const forceId of forces) insertStops.run(month, forceId);
    }
  }

  return {
    readCover: createReadCover(db),
    /** Remembers what the API publishes, for a run that resumes and for whoever looks in here. */
    saveReleases: db.transaction(({ release, ...listed }: Releases): void => {
      facts.set("release", release);
      savePublished(listed);
      facts.set("releases_at", new Date().toISOString());
    }),
    /** Remembers what the API publishes now. */
    savePublished: db.transaction(savePublished),
    /** Remembers what a crawl was asked for: a force that it did not reach is wanted all the same. */
    noteAsked: db.transaction((forces: "all" | readonly string[], kinds: readonly Kind[]): void => {
      noteMore("asked", forces === "all" ? [NOWHERE] : forces);
      noteMore("asked_kinds", kinds);
    }),
    /** Whether the records are those of the bundled sample. */
    isSample: (): boolean => facts.get("origin") === "sandbox",
    markAsSample: (): void => facts.set("origin", "sandbox"),
    /** What was remembered, unless that was longer ago. */
    findReleases(maxAgeMs: number): Releases | undefined {
      const release = facts.get("release");
      const published = facts.get("published");
      const at = Date.parse(facts.get("releases_at") ?? "");
      const age = Date.now() - at;
      if (release === undefined || published === undefined) return undefined;
      if (!(age >= 0 && age <= maxAgeMs)) return undefined;
      const kept = readKept("published", published, readMonths);
      return {
        release: canBeRelease(release) ? release : "",
        published: kept.filter((month) => canBePublished(month)),
        stops: readStopsPublished(db),
      };
    },
  };
}

function withRelease(cell: CoveredCell): CoveredCell {
  return canBeRelease(cell.release) ? cell : { ...cell, release: "" };
}

/** Writes which cells are covered; the caller holds the transaction. */
export function createCovering(db: Connection) {
  const cover = db.prepare(
    `insert or replace into coverage
       (month, kind, force_id, source, release, completed_at, records)
     values (@month, @kind, @forceId, @source, @release,
       strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), @records)`,
  );
  const uncover = db.prepare("delete from coverage where month = ? and kind = ? and force_id = ?");
  return {
    cover: (cell: CoveredCell): void => void cover.run(cell),
    /** Takes back that cells are covered: they lost a record to another cell. */
    uncover(month: Month, kind: Kind, forces: Iterable<string>): void {
      for (const forceId of forces) uncover.run(month, kind, forceId);
    },
  };
}
