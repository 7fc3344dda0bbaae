import type { Options } from "yargs";

const PREFIX = "UKPOLICE_";

/** The values of a command's options that the environment gives: UKPOLICE_API_URL for --api-url. */
export function readEnvironment(
  environment: Record<string, string | undefined>,
  options: Record<string, Options>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, { type }]) => {
      const value = environment[PREFIX + name.toUpperCase().replaceAll("-", "_")];
      if (value === undefined || value === "") return [];
      return [[name, type === "boolean" ? /^(1|true|yes|on)$/i.test(value) : value]];
    }),
  );
}
