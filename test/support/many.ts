import { join } from "node:path";
import Database from "better-sqlite3";
import { openTestStore } from "./stored.ts";
import { createFolder } from "./temp.ts";

/** A database of so many crimes of avon in one month, with ids that cannot be compressed. */
export function databaseOfMany(crimes: number): string {
  const file = join(createFolder(), "ukpolice.db");
  openTestStore(file).close();
  const db = new Database(file);
  try {
    db.pragma("synchronous = off");
    db.exec(
      `insert into crime_categories (id, name) values ('burglary', 'Burglary');
       with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
       insert into streets (id, name) select i, 'On or near Street ' || i from n;
       with recursive n (i) as (select 1 union all select i + 1 from n where i < ${crimes})
       insert into crimes
       select '2018-05', i, lower(hex(randomblob(32))), 'burglary', 1 + i * 7919 % 5000,
         51 + (i * 7919 % 5000) / 1e5, (i * 7919 % 5000) / 1e5, 'Force', '', '',
         'Under investigation', '2018-05', 'avon', 'A' || (1 + i % 2), null, null
       from n;`,
    );
  } finally {
    db.close();
  }
  return file;
}
