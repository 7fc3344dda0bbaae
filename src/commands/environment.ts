import type { Options } from "yargs";

const PREFIX = "UKPOLICE_";

type Environment = Record<string, string | undefined>;

/** The proxies that the environment names, in small letters or capitals, as curl takes them. */
export function readProxies(environment: Environment) {
  const find = (name: string) => environment[name.toLowerCase()] || environment[name];
  const named = {
    httpProxy: find("HTTP_PROXY"),
    httpsProxy: find("HTTPS_PROXY"),
    noProxy: find("NO_PROXY"),
  };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The values of a command's options that the environment gives: UKPOLICE_API_URL for --api-url. */
export function readEnvironment(
  environment: Environment,
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
