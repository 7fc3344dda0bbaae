import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { BIN, runCli } from "../support/cli.ts";
import { createFolder } from "../support/temp.ts";

/** Nodes of the machine itself; the one that runs the tests is the project's own. */
const NODES = ["/usr/local/bin/node", "/usr/bin/node"].filter((path) => existsSync(path));

/** The shim alone, with nothing beside it that it could load, and a way to pose as any Node. */
function createShim() {
  const folder = createFolder();
  const bin = join(folder, "ukpolice.js");
  const pose = join(folder, "pose.cjs");
  copyFileSync(BIN, bin);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    pose,
    `const versions = { ...process.versions, node: process.env.POSE };
    Object.defineProperty(process, "versions", { value: versions });`,
  );
  return (version: string) =>
    spawnSync(process.execPath, ["-r", pose, bin, "--version"], {
      env: { ...process.env, POSE: version },
      encoding: "utf8",
    });
}

const refusal = (version: string) => ({
  status: 2,
  stdout: "",
  stderr: expect.stringMatching(
    new RegExp(`^ukpolice: needs Node 22\\.19 or newer, this is ${version}\\nhint: install .*\\n$`),
  ),
});

describe("the shim", () => {
  test.each(["20.20.2", "18.0.0", "22.18.0", "22.9.0", "8.17.0"])(
    "refuses Node %s in two lines, before it loads anything",
    (version) => {
      expect(createShim()(version)).toMatchObject(refusal(version));
    },
  );

  test.each(["22.19.0", "22.20.1", "23.0.0", "24.1.0", "26.10.0", "100.0.0"])(
    "goes on to what it loads on Node %s",
    (version) => {
      const { status, stderr } = createShim()(version);
      expect(stderr).toMatch(/Cannot find module .*cli\.js/);
      expect(status).toBe(1);
    },
  );

  test.skipIf(NODES.length === 0)("does so on a Node of this machine, too", () => {
    for (const node of NODES) {
      const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
      const [major = 0, minor = 0] = version.split(".").map(Number);
      const isOld = major < 22 || (major === 22 && minor < 19);
      const finished = spawnSync(node, [BIN, "--version"], { encoding: "utf8" });
      expect(finished).toMatchObject(isOld ? refusal(version) : { status: 0, stderr: "" });
    }
  });

  test("is read by Nodes that know no modules: it imports nothing and waits for nothing", () => {
    const text = readFileSync(BIN, "utf8");
    expect(() => new Script(text)).not.toThrow();
    expect(text.trimEnd().split("\n").length).toBeLessThan(10);
  });
});

test("a run that waits for nothing any more, and has come to no end, is no success", async () => {
  const cwd = createFolder();
  const hook = join(cwd, "hook.mjs");
  // Stands in for yargs: whatever is called returns it, but its end never comes.
  const source = `const endless = new Proxy({}, { get: (_, name) =>
    name === "parseAsync" ? () => new Promise(() => {}) : () => endless });
    export default () => endless;`;
  writeFileSync(
    hook,
    `import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => url.includes("/node_modules/yargs/index.")
      ? { format: "module", shortCircuit: true, source: ${JSON.stringify(source)} }
      : next(url, context) });`,
  );
  const finished = await runCli(["--version"], { cwd, env: { NODE_OPTIONS: `--import ${hook}` } });
  expect(finished).toMatchObject({ code: 1, out: "", err: "" });
});
