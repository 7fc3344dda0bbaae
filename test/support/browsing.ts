import { startCli } from "./cli.ts";

export type Browsing = { url: string; stop(): Promise<number | null> };

/** Starts `ukpolice browse` on a free port, as a process of its own. */
export async function startBrowsing(file: string, cwd: string): Promise<Browsing> {
  const { child, finished } = startCli(["browse", "--port", "0", "--db", file], { cwd });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: string) => resolve(text.trim()));
    void finished.then(({ err }) => reject(new Error(err)));
  });
  return {
    url: url.replace(/\/$/, ""),
    async stop() {
      child.kill("SIGINT");
      return (await finished).code;
    },
  };
}
