import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** What each layer may import, besides itself and the ground floor; `type x`: types alone. */
const ARROWS: Record<string, readonly string[]> = {
  "cli.ts": ["commands", "report"],
  "index.ts": ["library", "type crawl", "type report"],
  library: ["crawl", "areas", "report", "sandbox", "store"],
  commands: [
    "crawl",
    "archive",
    "areas",
    "reports",
    "export",
    "browse",
    "report",
    "sandbox",
    "fetch",
    "store",
    "geo",
  ],
  crawl: ["fetch", "store", "geo"],
  archive: ["store", "geo"],
  areas: ["store", "geo"],
  reports: ["store"],
  report: ["type crawl", "type archive", "type areas", "type export", "type fetch", "store"],
  export: ["store", "geo"],
  browse: ["report", "store", "geo"],
  sandbox: ["geo"],
  fetch: [],
  store: [],
  geo: [],
};

/** The ground floor: all may import it, and it imports nothing but itself. */
const GROUND = [
  "errors.ts",
  "types.ts",
  "months.ts",
  "text.ts",
  "police-api.ts",
  "completeness.ts",
  "run-state.ts",
  "shortfalls.ts",
  "suggest.ts",
  "version.ts",
];

type Import = { from: string; to: string; typeOnly: boolean };
type Source = { name: string; layer: string; tree: ts.SourceFile };

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name,
    layer: layerOf(name),
    tree: ts.createSourceFile(
      name,
      readFileSync(join(SRC, name), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    ),
  }));

function layerOf(name: string): string {
  return name.split(/[\\/]/)[0] ?? "";
}

/** Every import and re-export of a file of ours, dynamic ones too. */
function importsOf({ name, tree }: Source): Import[] {
  return nodesOf(tree).flatMap((node) => {
    const found = specifierOf(node);
    if (found === undefined || !found.text.startsWith(".")) return [];
    const to = relative(SRC, resolve(SRC, dirname(name), found.text));
    return [{ from: name, to, typeOnly: found.typeOnly }];
  });
}

function specifierOf(node: ts.Node): { text: string; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    return { text: node.moduleSpecifier.text, typeOnly: clause?.isTypeOnly ?? false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    if (!ts.isStringLiteral(node.moduleSpecifier)) return undefined;
    return { text: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    return ts.isStringLiteral(literal) ? { text: literal.text, typeOnly: true } : undefined;
  }
  const isDynamic =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const [argument] = isDynamic ? node.arguments : [];
  if (argument === undefined || !ts.isStringLiteral(argument)) return undefined;
  return { text: argument.text, typeOnly: false };
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesOf)];
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const source = layerOf(from);
  const target = layerOf(to);
  if (source === target || GROUND.includes(target)) return true;
  const allowed = ARROWS[source] ?? [];
  return allowed.includes(target) || (typeOnly && allowed.includes(`type ${target}`));
}

/** Files that import each other in a circle, each circle once; by types alone, too. */
function findCircles(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name);
    if (at >= 0) circles.push([...path.slice(at), name].join(" -> "));
    if (at >= 0 || done.has(name)) return;
    for (const to of targets.get(name) ?? []) visit(to, [...path, name]);
    done.add(name);
  };
  for (const name of targets.keys()) visit(name, []);
  return circles;
}

function placesOf(matches: (node: ts.Node) => boolean, except: readonly string[] = []): string[] {
  return sources
    .filter(({ name }) => !except.includes(name))
    .flatMap(({ name, tree }) =>
      nodesOf(tree)
        .filter(matches)
        .map((node) => `${name}: ${node.getText().slice(0, 80)}`),
    );
}

const PROCESS = /^process\??\.?\[?["']?(exit|exitCode|argv|env|kill|abort)\b/;
const DDL = /\b(create|alter|drop)\s+(temp\w*\s+)?(unique\s+)?(table|index|view|trigger)\b/i;

describe("the sources", () => {
  test("are found, and each is of a layer that has its arrows", () => {
    expect(sources.length).toBeGreaterThan(30);
    const known = new Set([...Object.keys(ARROWS), ...GROUND]);
    expect(sources.map(({ layer }) => layer).filter((layer) => !known.has(layer))).toEqual([]);
    const layers = new Set(sources.map(({ layer }) => layer));
    expect([...known].filter((layer) => !layers.has(layer))).toEqual([]);
  });

  test("import in one direction: cli, commands, crawl and browse and report and sandbox, then fetch, store, geo", () => {
    const wrong = sources.flatMap(importsOf).filter((arrow) => !isAllowed(arrow));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test("of the ground floor import each other alone", () => {
    const ground = sources.filter(({ layer }) => GROUND.includes(layer));
    const up = ground.flatMap(importsOf).filter(({ to }) => !GROUND.includes(layerOf(to)));
    expect(up.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test("never import each other in a circle, not even for types", () => {
    expect(findCircles(sources.flatMap(importsOf))).toEqual([]);
  });

  test("import each other by file names that exist", () => {
    const names = new Set(sources.map(({ name }) => name));
    const missing = sources.flatMap(importsOf).filter(({ to }) => !names.has(to));
    expect(missing).toEqual([]);
  });

  test("leave the process's exit, arguments and environment to cli.ts", () => {
    const touches = (node: ts.Node) =>
      (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
      PROCESS.test(node.getText());
    const watchdog = join("browse", "watchdog-thread.ts"); // of a process that nobody may wait for
    expect(placesOf(touches, ["cli.ts", watchdog])).toEqual([]);
    const imported = (node: ts.Node) =>
      ts.isStringLiteral(node) && /^(node:)?process$/.test(node.text);
    expect(placesOf(imported)).toEqual([]);
  });

  test("know no any", () => {
    expect(placesOf((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test("define no tables: schema.sql does, and the lock's file has its own", () => {
    const defines = (node: ts.Node) =>
      (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && DDL.test(node.getText());
    expect(placesOf(defines, [join("store", "lock.ts")])).toEqual([]);
  });
});
