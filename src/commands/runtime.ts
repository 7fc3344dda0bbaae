import type { Screen } from "../report/screen.ts";

/** What a command gets from the process; nothing else touches it. */
export type Runtime = {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** The same, with a line at its end that changes. */
  screen: Screen;
  /** Given at the first SIGINT or SIGTERM, which is its reason. */
  signal: AbortSignal;
  /** Whether stderr is a terminal on which bars can be drawn. */
  bars: boolean;
  /** Whether the locale has more than ASCII. */
  unicode: boolean;
  /** Proxies that the environment names. */
  proxies: { httpProxy?: string; httpsProxy?: string; noProxy?: string };
  /** Whether a process of this machine lives. */
  isLiving: (pid: number) => boolean;
  /** What a program that is started from here finds in its environment. */
  environment: Readonly<Record<string, string | undefined>>;
  /** How the command was called, to name the one that resumes it. */
  commandLine: string;
};
