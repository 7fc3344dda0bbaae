import type { Argv } from "yargs";
import { CRAWL_OPTIONS } from "./crawl-options.ts";
import { crawlCommand } from "./crawl.ts";
import type { Runtime } from "./runtime.ts";
import { SANDBOX_OPTIONS, sandboxCommand } from "./sandbox.ts";

export const COMMAND_NAMES = ["crawl", "sandbox"];

/** Adds every command to the parser. */
export function addCommands<T>(parser: Argv<T>, runtime: Runtime): Argv<T> {
  return parser.command(crawlCommand(runtime)).command(sandboxCommand(runtime));
}

/** The names that a misspelt option may have meant. */
export const OPTION_NAMES = [
  ...new Set([...Object.keys(CRAWL_OPTIONS), ...Object.keys(SANDBOX_OPTIONS), "help", "version"]),
];
