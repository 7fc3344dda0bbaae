import { existsSync } from "node:fs";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { createAreas } from "../store/areas.ts";
import { openForReading } from "../store/database.ts";
import { DATABASE_FILE, SANDBOX_FILE } from "../store/files.ts";
import { once } from "./checks.ts";
import type { Runtime } from "./runtime.ts";

/** What the command can print; the scripts ask for the forces. */
export const COMPLETIONS = ["bash", "zsh", "forces"] as const;

export const COMPLETION_OPTIONS = {
  db: {
    type: "string",
    requiresArg: true,
    coerce: once("db"),
    describe: "The database whose forces are listed",
  },
} satisfies Record<string, Options>;

type CompletionArgs = InferredOptionTypes<typeof COMPLETION_OPTIONS> & {
  what: (typeof COMPLETIONS)[number];
};

export const completionCommand = (
  { stdout }: Runtime,
  commands: Record<string, Record<string, Options>>,
): CommandModule<object, CompletionArgs> => ({
  command: "completion <what>",
  describe: "Print a script that completes commands, options and values in a shell",
  builder: (yargs) =>
    yargs
      .positional("what", {
        choices: COMPLETIONS,
        demandOption: true,
        describe: "A script for that shell; or the ids of forces, which the scripts ask for",
      })
      .options(COMPLETION_OPTIONS)
      .example("$0 completion bash", 'In ~/.bashrc: eval "$(ukpolice completion bash)"')
      .example(
        "$0 completion zsh",
        "In ~/.zshrc, after compinit: source <(ukpolice completion zsh)",
      ),
  handler: async ({ what, db }) => {
    const text = what === "forces" ? listForces(db) : await writeScript(what, commands);
    stdout.write(text);
  },
});

async function writeScript(
  shell: "bash" | "zsh",
  commands: Record<string, Record<string, Options>>,
): Promise<string> {
  const { listWords } = await import("./completion-words.ts");
  const { writeBash } = await import("./completion-bash.ts");
  const { writeZsh } = await import("./completion-zsh.ts");
  const words = listWords(commands, { completion: ["bash", "zsh"] });
  return shell === "bash" ? writeBash(words) : writeZsh(words);
}

/** Ids, a line each, that are plain words: bash expands whatever it is given to choose from. */
function listForces(file = existsSync(DATABASE_FILE) ? DATABASE_FILE : SANDBOX_FILE): string {
  const db = openForReading(file);
  try {
    const ids = createAreas(db)
      .listForces()
      .map(({ id }) => id);
    return ids
      .filter((id) => /^[\w-]+$/.test(id))
      .map((id) => `${id}\n`)
      .join("");
  } finally {
    db.close();
  }
}
