import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../docs/", import.meta.url));

export type Block = {
  page: string;
  /** The nearest heading above it. */
  heading: string;
  language: string;
  text: string;
  /** The rows of the table right under it, as text; undefined where there is none. */
  table: string[][] | undefined;
};

/** The text of a file in docs/. */
export function readPage(name: string): string {
  return readFileSync(FOLDER + name, "utf8");
}

/** The names of the pages in docs/. */
export function listPages(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
}

/** Pages with tests of their own: their commands read and write files. */
const TESTED_ELSEWHERE = ["export.md", "import.md"];

/** The fenced blocks of the other pages, with the language that each is said to be in. */
export function listBlocks(language: string): Block[] {
  return listPages()
    .filter((page) => !TESTED_ELSEWHERE.includes(page))
    .flatMap((page) => blocksOf(page).filter((block) => block.language === language));
}

const BLOCK = /^```(\w*)\n(.*?)\n```$(\n\n((?:\|[^\n]*\n)+))?/gms;

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(BLOCK)].map((match) => ({
    page,
    heading: /.*^#+ ([^\n]*)/ms.exec(text.slice(0, match.index))?.[1] ?? "",
    language: match[1] ?? "",
    text: match[2] ?? "",
    table: match[4] === undefined ? undefined : readTable(match[4]),
  }));
}

/** The cells of a table, its head first; the rule under the head is left out. */
export function readTable(text: string): string[][] {
  const rows = text.trimEnd().split("\n");
  return rows
    .filter((_, index) => index !== 1)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
