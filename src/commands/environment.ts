import type { Options } from "yargs";
import { usageError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

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

/** Fails where a proxy is no address; names the variable alone, for it may hold a password. */
export function checkProxies({ httpProxy, httpsProxy }: Runtime["proxies"]): void {
  for (const [name, value] of Object.entries({ HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy })) {
    if (value === undefined) continue;
    if (/^(https?|socks5?):\/\//i.test(value) && URL.canParse(value)) continue;
    throw usageError(
      `the environment's ${name} is not the address of a proxy`,
      "write it as http://proxy.example:3128, or unset it",
    );
  }
}

/**
 * The values of a command's options that the environment gives: UKPOLICE_API_URL for --api-url. A
 * variable that is empty is none; one of blanks alone is wrong usage.
 */
export function readEnvironment(
  environment: Environment,
  options: Record<string, Options>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, { type }]) => {
      const variable = PREFIX + name.toUpperCase().replaceAll("-", "_");
      const value = environment[variable];
      if (value === undefined || value === "") return [];
      if (value.trim() === "") {
        throw usageError(`${variable} is given nothing`, "give it a value, or unset it");
      }
      return [[name, type === "boolean" ? toBoolean(name, value) : value]];
    }),
  );
}

function toBoolean(name: string, value: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  throw usageError(`the environment's value for --${name} is ${value}`, "write it as yes or no");
}
