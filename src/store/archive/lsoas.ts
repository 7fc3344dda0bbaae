import type { ArchivePlace, Month } from "../../types.ts";
import type { Connection } from "../database.ts";
import { LSOA_2021_SINCE } from "./points.ts";

type Lsoa = NonNullable<ArchivePlace["lsoa"]>;
type Vintage = 2011 | 2021;
type Row = { name: string; vintage: Vintage; name2011: string | null };

/** Names that are known: of the whole country, and of both vintages, there are 36,000. */
const KEPT = 100_000;

/**
 * Remembers LSOAs with their names. Months keep the vintage that they were published with; where
 * a code has another name in each, both are kept.
 */
export function createLsoas(db: Connection) {
  const select = db.prepare<[string], Row>(
    "select name, vintage, name_2011 as name2011 from lsoas where code = ?",
  );
  const save = db.prepare<Row & { code: string; district: string }>(
    `insert into lsoas (code, name, district, vintage, name_2011)
     values (@code, @name, @district, @vintage, @name2011)
     on conflict (code) do update set name = excluded.name, district = excluded.district,
       vintage = excluded.vintage, name_2011 = excluded.name_2011`,
  );
  const known: Record<Vintage, Map<string, string>> = { 2011: new Map(), 2021: new Map() };

  const learn = ({ code, name }: Lsoa, vintage: Vintage): void => {
    const before = select.get(code);
    const after =
      before === undefined ? { name, vintage, name2011: null } : merge(before, name, vintage);
    if (after !== before) save.run({ code, district: districtOf(after.name), ...after });
    if (known[vintage].size >= KEPT) known[vintage].clear();
    known[vintage].set(code, name);
  };
  return {
    /** The code of a row's LSOA, which is stored then. */
    find(lsoa: Lsoa | null, month: Month): string | null {
      if (lsoa === null) return null;
      const vintage = month >= LSOA_2021_SINCE ? 2021 : 2011;
      if (known[vintage].get(lsoa.code) !== lsoa.name) learn(lsoa, vintage);
      return lsoa.code;
    },
    forget(): void {
      known[2011].clear();
      known[2021].clear();
    },
  };
}

/** What is known of an LSOA, and what a month of a vintage calls it. */
function merge(before: Row, name: string, vintage: Vintage): Row {
  if (vintage === before.vintage) return before.name === name ? before : { ...before, name };
  if (vintage === 2011) return { ...before, name2011: name === before.name ? null : name };
  return { name, vintage, name2011: name === before.name ? null : before.name };
}

/** "Camden 028B" lies in Camden. */
export function districtOf(name: string): string {
  const end = name.lastIndexOf(" ");
  return end < 0 ? name : name.slice(0, end);
}
