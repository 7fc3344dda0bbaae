import type { Options } from "yargs";

/** What may follow an option: nothing, one of some words, a file, ids of forces, or anything. */
export type OptionValue =
  | { kind: "none" | "file" | "forces" | "free" }
  | { kind: "words"; words: string[] };

export type OptionWords = {
  /** As it is typed: `--until`, `-t`. */
  spellings: string[];
  describe: string;
  value: OptionValue;
  /** Whether several values may follow. */
  many: boolean;
};

export type CommandWords = {
  name: string;
  options: OptionWords[];
  /** The words that it takes itself, or files. */
  arguments: string[] | "files";
};

/** Options whose value is a path. */
const FILES = new Set(["db", "log-file", "out"]);

/** What a shell has to know of each command; `takes` says which arguments. */
export function listWords(
  commands: Record<string, Record<string, Options>>,
  takes: Record<string, readonly string[] | "files">,
): CommandWords[] {
  return Object.entries(commands).map(([name, options]) => {
    const own = takes[name] ?? [];
    return {
      name,
      options: [...Object.entries(options).map(toWords), HELP],
      arguments: own === "files" ? own : [...own],
    };
  });
}

const HELP: OptionWords = {
  spellings: ["--help", "-h"],
  describe: "Show help",
  value: { kind: "none" },
  many: false,
};

function toWords([name, option]: [string, Options]): OptionWords {
  const aliases = [option.alias ?? []].flat();
  return {
    spellings: [name, ...aliases].map((word) => (word.length === 1 ? `-${word}` : `--${word}`)),
    describe: (option.describe ?? "").replace(/ +\[default: .*\]$/, ""),
    value: valueOf(name, option),
    many: option.array === true || option.type === "array",
  };
}

function valueOf(name: string, { type, choices }: Options): OptionValue {
  if (choices !== undefined) return { kind: "words", words: choices.map(String) };
  if (type === "boolean") return { kind: "none" };
  if (name === "force") return { kind: "forces" };
  return { kind: FILES.has(name) ? "file" : "free" };
}
