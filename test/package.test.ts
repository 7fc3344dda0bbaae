import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { createFolder } from "./support/temp.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

type Manifest = {
  files: string[];
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
type Packed = { files: { path: string; size: number }[]; size: number; unpackedSize: number };
type Locked = { version?: string; dev?: boolean; integrity?: string };
type Lock = { packages: Record<string, Locked & Partial<Manifest>> };

const manifest: Manifest = JSON.parse(read("package.json"));
const lock: Lock = JSON.parse(read("package-lock.json"));

describe("what is published", () => {
  const folder = createFolder();
  let packed: Packed;
  let paths: string[];

  /** In a copy: packing builds anew, and others run what is built. */
  beforeAll(() => {
    const whole = ["package.json", "package-lock.json", "README.md", "LICENSE", ...manifest.files];
    for (const name of whole.filter((path) => path !== "npm-shrinkwrap.json")) {
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    }
    const script = join(ROOT, "scripts/write-shrinkwrap.ts");
    execFileSync(join(ROOT, "node_modules/.bin/tsx"), [script], { cwd: folder });
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const out = execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
    const [first]: Packed[] = Object.values(JSON.parse(out));
    if (first === undefined) throw new Error("npm packs nothing");
    packed = first;
    paths = packed.files.map(({ path }) => path);
  });

  test("has all that runs", () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "bin/ukpolice.js",
        "npm-shrinkwrap.json",
        "package.json",
        "sample/crimes-2018-05.json.br",
        "schema.sql",
        "web/map.js",
      ]),
    );
  });

  test("has every module of src, built, and no other", () => {
    const built = paths.filter((path) => path.startsWith("dist/")).sort();
    const wanted = globSync("**/*.ts", { cwd: join(ROOT, "src") });
    // What is left of a module that went away: delete dist, and build.
    const outputs = wanted.flatMap((path) => ["js", "d.ts"].map((end) => path.replace(/ts$/, end)));
    expect(built).toEqual(outputs.map((path) => `dist/${path}`).sort());
  });

  test("has nothing of tests, of the machine, or of maps to what is not there", () => {
    const odd = /(^|\/)(test|bench|torture|scripts|node_modules|__pycache__|\.[^/]*)(\/|$)/;
    const wrong = /(?<!\.d)\.ts$|\.(map|tgz|log|py|pyc|db|db-\w+)$|last_update\.json$/;
    expect(paths.filter((path) => odd.test(path) || wrong.test(path))).toEqual([]);
    const mapped = paths.filter((path) => /\.(js|css)$/.test(path));
    expect(mapped.filter((path) => read(path).includes("sourceMappingURL"))).toEqual([]);
  });

  test("is a library whose types need no types of other packages", () => {
    const seen = new Set(["dist/index.d.ts"]);
    for (const path of seen) {
      for (const [, to = ""] of read(path).matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
        expect(to, path).toMatch(/^\.\.?\//);
        seen.add(join(dirname(path), to.replace(/\.(js|ts)$/, ".d.ts")));
      }
    }
    expect(seen.size).toBeGreaterThan(5);
    expect(paths).toEqual(expect.arrayContaining([...seen, "dist/index.js"]));
  });

  test("is small", () => {
    expect(packed.size).toBeLessThan(2 * 2 ** 20);
    expect(packed.unpackedSize).toBeLessThan(4 * 2 ** 20);
    const large = packed.files.filter(({ size }) => size > 2 ** 20);
    expect(large).toEqual([]);
  });

  test("locks what it installs, to what was tested, and nothing for development", () => {
    const shrinkwrap: Lock = JSON.parse(readFileSync(join(folder, "npm-shrinkwrap.json"), "utf8"));
    const { "": own, ...locked } = shrinkwrap.packages;
    expect(own?.dependencies).toEqual(manifest.dependencies);
    expect(own).not.toHaveProperty("devDependencies");
    for (const name of Object.keys(manifest.dependencies)) {
      expect(locked[`node_modules/${name}`]?.integrity, name).toMatch(/^sha512-/);
    }
    const wrong = Object.entries(locked).filter(
      ([path, { dev, version }]) => dev === true || version !== lock.packages[path]?.version,
    );
    expect(wrong).toEqual([]);
    expect(locked).not.toHaveProperty("node_modules/vitest");
  });
});

/** The text of all modules that a pattern names. */
const textOf = (patterns: string[]) =>
  globSync(patterns, { cwd: ROOT }).map((path) => ({ path, text: read(path) }));

const RUNNING = textOf(["bin/*.js", "src/**/*.ts", "web/*.js"]);
const DEVELOPING = textOf(["{test,bench,torture,scripts}/**/*.{ts,js}", "*.ts"]);

/** The packages that a module imports, by name; what is built into Node is none. */
function packagesOf(text: string): string[] {
  const imports =
    /^(?:import (?:[^"\n]* from )?|export [^"=\n]* from |\} from )"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...text.matchAll(imports)]
    .map(([, one, other]) => one ?? other ?? "")
    .filter((name) => /^[@a-z]/.test(name) && !name.startsWith("node:"))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

describe("a package that is depended on", () => {
  const { dependencies, devDependencies, scripts } = manifest;

  test.each(Object.keys(dependencies))("is used by what runs: %s", (name) => {
    const mention = new RegExp(`["']${name}(/[^"']*)?["']`);
    expect(RUNNING.filter(({ text }) => mention.test(text))).not.toEqual([]);
  });

  /** Tools that scripts of package.json run, by the command; and what is used in another way. */
  const COMMANDS: Record<string, string> = { typescript: "tsc" };
  const ELSEWHERE: Record<string, string> = {
    node: "the clone's own Node, first on the path of its scripts",
  };

  test.each(Object.keys(devDependencies))("for development has its use: %s", (name) => {
    const runs = new RegExp(`(^|&& )${COMMANDS[name] ?? name}( |$)`);
    const isRun = Object.values(scripts).some((script) => runs.test(script));
    const isImported = DEVELOPING.some(({ text }) => packagesOf(text).includes(name));
    const typed = name.startsWith("@types/") ? name.slice("@types/".length) : undefined;
    const isTyping =
      typed !== undefined && (typed === "node" || typed in { ...dependencies, ...devDependencies });
    expect([isRun, isImported, isTyping, name in ELSEWHERE]).toContain(true);
  });

  test("is declared: by what runs, for running", () => {
    const declared = Object.keys(dependencies);
    const unknown = RUNNING.flatMap(({ path, text }) =>
      packagesOf(text)
        .filter((name) => !declared.includes(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test("is declared: by what is for development, in either list", () => {
    const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    const unknown = DEVELOPING.flatMap(({ path, text }) =>
      packagesOf(text)
        .filter((name) => !declared.includes(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test("is found in imports of every form", () => {
    const forms = [
      'import v from "a";',
      'import {\n  b,\n} from "@b/c/d";',
      'export * from "e/f";',
      'const g = await import("yaml");',
      'import "node:fs";',
      'import h from "./h.ts";',
    ];
    expect(packagesOf(forms.join("\n"))).toEqual(["a", "@b/c", "e", "yaml"]);
  });
});
