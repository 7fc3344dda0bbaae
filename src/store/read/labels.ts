import type { Connection } from "../database.ts";
import type { Filter } from "./pages.ts";
import { quote } from "./relations.ts";
import type { ForeignKey, Relation } from "./relations.ts";

/**
 * Makes what lets filters find what is shown: a cell of a foreign key has an id and the name of what
 * it refers to. A name that only one row has becomes that row's id, which an index may serve.
 */
export function createLabelResolver(db: Connection) {
  const isId = ({ table, parentColumns }: ForeignKey, value: string): boolean =>
    db
      .prepare<[string], number>(
        `select exists (select 1 from ${quote(table)} where ${quote(parentColumns.at(-1) ?? "")} = ?)`,
      )
      .pluck()
      .get(value) === 1;
  const findIds = ({ table, parentColumns: [id = ""] }: ForeignKey, name: string): string[] =>
    db
      .prepare<[string], string | number>(
        `select ${quote(id)} from ${quote(table)} where name = ? collate nocase limit 2`,
      )
      .pluck()
      .all(name)
      .map(String);

  return (
    relations: readonly Relation[],
    { foreignKeys }: Relation,
    filters: readonly Filter[],
  ): Filter[] =>
    filters.map((filter) => {
      const key = foreignKeys.find(({ columns }) => columns.at(-1) === filter.column);
      if (key === undefined || filter.test === "null" || !hasName(relations, key)) return filter;
      if (filter.test === "contains") return { ...filter, named: key };
      if (filter.value === "" || isId(key, filter.value)) return filter;
      const [id, other] = key.columns.length === 1 ? findIds(key, filter.value) : [];
      if (id !== undefined && other === undefined) return { ...filter, value: id };
      return { ...filter, named: key };
    });
}

function hasName(relations: readonly Relation[], { table }: ForeignKey): boolean {
  const parent = relations.find(({ name }) => name === table);
  return parent?.columns.some(({ name }) => name === "name") === true;
}
