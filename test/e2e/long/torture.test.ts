import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the torture for a minute; its figures by name, and what it complained of. */
async function runTorture() {
  const args = ["--import", "tsx", "torture/main.ts", "--minutes", "1"];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const lines = texts.out.trimEnd().split("\n");
  const figures = Object.fromEntries(lines.map((line) => line.split(/ {2,}/)));
  const wrong = texts.err.split("\n").filter((line) => line.startsWith("wrong: "));
  return { code, figures, wrong, err: texts.err };
}

test("a minute of faults, lies, outages and kills leaves the truth and nothing else", async () => {
  const { code, figures, wrong, err } = await runTorture();
  expect(wrong).toEqual([]);
  expect(code, err).toBe(0);
  expect(figures).toMatchObject({ "rows lost": "0", "rows doubled": "0" });
  const count = (name: string) => Number.parseInt(figures[name] ?? "", 10);
  expect(count("months verified")).toBeGreaterThan(0);
  expect(count("rows verified")).toBeGreaterThan(0);
  expect(count("faults survived")).toBeGreaterThan(5);
  expect(count("kills")).toBeGreaterThan(0);
  expect(count("requests")).toBeGreaterThan(50);
}, 240_000);
