import { EXIT, UkpoliceError } from "../errors.ts";
import { list } from "../report/summary.ts";
import type { LeftOut } from "../store/sound.ts";
import { plural } from "../text.ts";

/** Names what is in a database and cannot be read, once all else is told. */
export function failIfLeftOut({ rows, names }: LeftOut, file: string): void {
  if (rows === 0) return;
  throw new UkpoliceError(
    `${plural(rows, "row")} of ${file} cannot be read and ${rows === 1 ? "is" : "are"} left out: ${list(names)}`,
    EXIT.incomplete,
    { hint: "no crawl writes such rows: the file was changed or damaged; crawl into a new one" },
  );
}
