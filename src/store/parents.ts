import { TRANSPORT_POLICE } from "../police-api.ts";
import type { Connection } from "./database.ts";
import type { Parents } from "./kinds.ts";

/** Streets whose name is remembered: those of a few replies, for neighbouring ones share them. */
const KEPT_STREETS = 50_000;

/** Streets and categories are inserted before the record that needs them, and remembered. */
export function createParents(db: Connection): Parents & { forget(): void } {
  const upsertStreet = db.prepare(
    `insert into streets (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name where name <> excluded.name`,
  );
  const insertCrimeCategory = db.prepare(
    "insert into crime_categories (id, name) values (?, ?) on conflict do nothing",
  );
  const upsertOutcomeCategory = db.prepare(
    `insert into outcome_categories (id, name) values (?, ?)
     on conflict (id) do update set name = excluded.name where name <> excluded.name`,
  );
  const insertForce = db.prepare(
    "insert into forces (id, name, listed) values (?, ?, 0) on conflict do nothing",
  );
  const forces = new Set<string>();
  const streets = new Map<number, string>();
  const crimeCategories = new Set<string>();
  const outcomeCategories = new Map<string, string>();

  return {
    street(place) {
      if (place === null || streets.get(place.street.id) === place.street.name) return;
      upsertStreet.run(place.street.id, place.street.name);
      if (streets.size >= KEPT_STREETS) streets.clear();
      streets.set(place.street.id, place.street.name);
    },
    crimeCategory(id) {
      if (crimeCategories.has(id)) return;
      insertCrimeCategory.run(id, id);
      crimeCategories.add(id);
    },
    outcomeCategory({ id, name }) {
      if (outcomeCategories.get(id) === name) return;
      upsertOutcomeCategory.run(id, name);
      outcomeCategories.set(id, name);
    },
    /** One that publishes, and is in no list of forces, has its place among them all the same. */
    force(id) {
      if (id === null || forces.has(id)) return;
      insertForce.run(id, id === TRANSPORT_POLICE.id ? TRANSPORT_POLICE.name : id);
      forces.add(id);
    },
    /** Forgets which are stored: a rollback may have taken them away. */
    forget() {
      streets.clear();
      crimeCategories.clear();
      outcomeCategories.clear();
      forces.clear();
    },
  };
}
