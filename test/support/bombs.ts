import { listDescendants, sizeOfTemporaryFiles } from "./processes.ts";

/** Rows without an end. */
export const NUMBERS = "with recursive n (i) as (select 1 union all select i + 1 from n)";
const LARGE = "hex(zeroblob(500000)) || i";

/** Each keeps all that it reads, and SQLite has a way of its own for every one. */
const BOMBS = [
  `${NUMBERS} select randomblob(1000000) as b from n order by b`,
  `${NUMBERS} select ${LARGE} as b, count(*) from n group by b`,
  `${NUMBERS} select ${LARGE} from n union select 1`,
  `${NUMBERS} select count(*) from n where i in (select ${LARGE} from n)`,
  `${NUMBERS} select count(*) over (order by ${LARGE}) from n`,
  `${NUMBERS} select group_concat(${LARGE}) from n`,
];

type Bombed = { ends: Set<string>; temporaryBytes: number };

/** Runs so many statements that never end, by page and CSV in turn, all at once. */
export async function dropBombs(url: string, count: number): Promise<Bombed> {
  let temporaryBytes = 0;
  const look = setInterval(() => {
    const sizes = listDescendants(process.pid).map(sizeOfTemporaryFiles);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    temporaryBytes = Math.max(temporaryBytes, bytes);
  }, 50);
  const drop = async (nth: number): Promise<string> => {
    const path = nth % 2 === 0 ? "/sql" : "/sql/csv";
    const sql = BOMBS[(nth + Math.floor(nth / BOMBS.length)) % BOMBS.length] ?? "";
    const reply = await fetch(new URL(`${path}?${new URLSearchParams({ sql })}`, url));
    const [why = "ran"] =
      /stopped: it took too much memory|stopped after \d+ s/.exec(await reply.text()) ?? [];
    return `${reply.status} ${why}`;
  };
  const ends = await Promise.all(Array.from({ length: count }, (_, nth) => drop(nth)));
  clearInterval(look);
  return { ends: new Set(ends), temporaryBytes };
}
