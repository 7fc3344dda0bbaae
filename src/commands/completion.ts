import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { AREAS_VERBS } from "./areas-options.ts";
import { databaseFile } from "./checks.ts";
import { REPORT_NAMES } from "./report.ts";
import type { Runtime } from "./runtime.ts";

/** What the command can print; the scripts ask for the forces. */
export const COMPLETIONS = ["bash", "zsh", "forces"] as const;

export const COMPLETION_OPTIONS = {
  db: {
    type: "string",
    requiresArg: true,
    coerce: databaseFile,
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
    const text = what === "forces" ? await listForces(db) : await writeScript(what, commands);
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
  const words = listWords(commands, {
    completion: ["bash", "zsh"],
    areas: AREAS_VERBS,
    report: REPORT_NAMES,
    import: "files",
  });
  return shell === "bash" ? writeBash(words) : writeZsh(words);
}

async function listForces(file: string | undefined): Promise<string> {
  const { printForces } = await import("./completion-forces.ts");
  return printForces(file);
}
