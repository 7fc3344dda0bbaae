import { existsSync } from "node:fs";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { SANDBOX_FILE } from "../report/status-next.ts";
import { printable } from "../report/text.ts";
import { createAreas } from "../store/areas.ts";
import { openForReading } from "../store/database.ts";
import { once } from "./checks.ts";
import { writeBash } from "./completion-bash.ts";
import { listWords } from "./completion-words.ts";
import { writeZsh } from "./completion-zsh.ts";
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
  handler: ({ what, db }) => {
    const words = listWords(commands, { completion: ["bash", "zsh"] });
    if (what === "forces")
      stdout.write(
        listForces(db)
          .map((id) => `${id}\n`)
          .join(""),
      );
    else stdout.write(what === "bash" ? writeBash(words) : writeZsh(words));
  },
});

/** Ids that are plain words: bash expands whatever it is given to choose from. */
function listForces(file = existsSync("ukpolice.db") ? "ukpolice.db" : SANDBOX_FILE): string[] {
  const db = openForReading(file);
  try {
    const ids = createAreas(db)
      .listForces()
      .map(({ id }) => printable(id));
    return ids.filter((id) => /^[\w-]+$/.test(id));
  } finally {
    db.close();
  }
}
