import { spawnSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BIN, expectTwoLines, NOWHERE, runCli } from "../support/cli.ts";
import { createFolder } from "../support/temp.ts";

const CRAWL = ["crawl", "--api-url", NOWHERE];

describe.concurrent("wrong usage exits 2 with two lines on stderr:", () => {
  test.each([
    ["a month that is none", ["--until", "2018-13"], /--until 2018-13/, /./],
    ["a month in words", ["--since", "may"], /--since may.*YYYY-MM/, /./],
    ["a month with a day", ["--since", "2018-05-01"], /2018-05-01/, /./],
    [
      "--since after --until",
      ["--since", "2018-05", "--until", "2018-04"],
      /--since 2018-05 is after --until 2018-04/,
      /./,
    ],
    ["a rate that is no number", ["--rate", "abc"], /--rate/, /./],
    ["a rate of 0", ["--rate", "0"], /--rate.*from 0.01 to 15/, /./],
    ["a rate of 99", ["--rate", "99"], /--rate.*to 15/, /./],
    ["a negative rate", ["--rate=-1"], /--rate/, /./],
    ["a rate of next to nothing", ["--rate", "1e-9"], /--rate.*from 0.01 to 15/, /./],
    ["a rate of nothing", ["--rate", ""], /--rate/, /./],
    ["a concurrency of 0", ["--concurrency", "0"], /--concurrency.*from 1 to 64/, /./],
    ["a concurrency of 65", ["--concurrency", "65"], /--concurrency.*from 1 to 64/, /./],
    ["a concurrency of 1e9", ["--concurrency", "1e9"], /--concurrency.*from 1 to 64/, /./],
    ["a negative patience", ["--patience=-1"], /--patience.*from 0 to 1440/, /./],
    ["a patience without end", ["--patience", "Infinity"], /--patience.*from 0 to 1440/, /./],
    ["a refresh of no months", ["--refresh", "0"], /--refresh 0 is not how many months/, /./],
    ["a concurrency of 1.5", ["--concurrency", "1.5"], /--concurrency.*whole/, /./],
    ["a plan that is none", ["--plan", "hexagons"], /hexagons/, /./],
    ["an unknown option", ["--sinse", "2018-05"], /sinse/, /did you mean '(--)?since'/],
    ["an unknown short option", ["-x"], /x/, /./],
    ["a word too many", ["metropolitan"], /metropolitan/, /./],
    ["an option without its value", ["--db"], /db/, /./],
    ["an option given twice", ["--db", "a.db", "--db", "b.db"], /--db.*more than once/, /./],
    ["-u with --since", ["-u", "--since", "2018-04"], /from-last-update|-u/, /./],
    ["an address that is none", ["--api-url", "police"], /--api-url.*police/, /./],
    ["an address with a password", ["--api-url", "http://a:secret@x.uk/api"], /a user/, /./],
    ["an address with a query", ["--api-url", "http://x.uk/api?key=1"], /a query/, /./],
    ["a log into the database", ["--log-file", "./ukpolice.db"], /file of the database/, /./],
    ["a log into what is beside it", ["--log-file", "last_update.json"], /file of the data/, /./],
    ["an address of another kind", ["--api-url", "ftp://police.uk/api"], /--api-url.*ftp/, /./],
  ] as const)("%s", async (_, args, says, hint) => {
    const cwd = createFolder();
    const isAddress = args[0] === "--api-url";
    const finished = await runCli([...(isAddress ? ["crawl"] : CRAWL), ...args], { cwd });
    expectTwoLines(finished, { exit: 2, says, hint });
    expect(existsSync(join(cwd, "ukpolice.db"))).toBe(false);
  });

  test.each([
    ["crawl", "--force", ""],
    ["crawl", "--force", ","],
    ["crawl", "--force", " , "],
    ["crawl", "--force="],
    ["crawl", "--patience="],
    ["crawl", "--log-file="],
    ["crawl", "--api-url="],
    ["crawl", "--apiUrl", " "],
    ["crawl", "-t", ""],
    ["crawl", "--db", " "],
    ["crawl", "--db="],
    ["status", "--db", " "],
    ["browse", "--port="],
    ["sandbox", "--port", ""],
    ["export", "--format", "csv", "--out", "out", "--what", ","],
    ["export", "--format", "csv", "--out", "out", "--force="],
    ["export", "--format", "csv", "--out", "out", "--category", " "],
  ])("an option that is given nothing: %s %s %s %s %s %s %s", async (...args) => {
    const cwd = createFolder();
    const finished = await runCli(args, { cwd });
    expectTwoLines(finished, { exit: 2, says: /is given nothing|names nothing/, hint: /./ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    ["crawl", { UKPOLICE_FORCE: "," }],
    ["crawl", { UKPOLICE_FORCE: " " }],
    ["crawl", { UKPOLICE_PATIENCE: " " }],
    ["status", { UKPOLICE_DB: " " }],
    ["export --format csv --out out", { UKPOLICE_FORCE: "," }],
    ["export --format csv --out out", { UKPOLICE_WHAT: "," }],
    ["export --format csv --out out", { UKPOLICE_CATEGORY: ",," }],
  ])("a variable that is given nothing: %s %o", async (command, env) => {
    const cwd = createFolder();
    const finished = await runCli(command.split(" "), { cwd, env });
    expectTwoLines(finished, { exit: 2, says: /is given nothing|names nothing/, hint: /./ });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each(["x.db ", " x.db", " d/a.db", "x.db\n"])(
    "a database whose name has blanks at an end, which SQLite's binding cuts off: '%s'",
    async (name) => {
      const cwd = createFolder();
      mkdirSync(join(cwd, " d"));
      for (const command of ["crawl", "status"]) {
        const finished = await runCli([command, "--db", name], { cwd });
        expectTwoLines(finished, { exit: 2, says: /is not a file/, hint: /--help/ });
      }
      expect(readdirSync(cwd)).toEqual([" d"]);
    },
  );

  test("an address with a password, which is not printed", async () => {
    const args = ["crawl", "--api-url", "http://a:secret@x.uk/api"];
    expect((await runCli(args, { cwd: createFolder() })).err).not.toContain("secret");
  });

  test("a log into the database by another name", async () => {
    const cwd = createFolder();
    writeFileSync(join(cwd, "ukpolice.db"), "");
    linkSync(join(cwd, "ukpolice.db"), join(cwd, "crawl.log"));
    const finished = await runCli([...CRAWL, "--log-file", "crawl.log"], { cwd });
    expectTwoLines(finished, { exit: 2, says: /crawl\.log is a file of the database/, hint: /./ });
  });

  test.each(["secret", "secret:3128", "http://"])(
    "a proxy of the environment that is no address, which is not printed: %s",
    async (proxy) => {
      const env = { HTTP_PROXY: proxy, NO_PROXY: "" };
      const finished = await runCli(CRAWL, { cwd: createFolder(), env });
      expectTwoLines(finished, { exit: 2, says: /HTTP_PROXY is not the address/, hint: /http:/ });
      expect(finished.err).not.toContain("secret");
    },
  );

  test("a variable that is neither yes nor no", async () => {
    const env = { UKPOLICE_JSON: "maybe" };
    const finished = await runCli(CRAWL, { cwd: createFolder(), env });
    expectTwoLines(finished, { exit: 2, says: /--json is maybe/, hint: /yes or no/ });
  });

  test("a folder that is gone", async () => {
    const cwd = createFolder();
    const script = 'rmdir "$PWD" && exec "$@"';
    const command = ["-c", script, "sh", process.execPath, BIN, "status"];
    const { status, stderr } = spawnSync("sh", command, { cwd, encoding: "utf8" });
    expect(stderr).toMatch(/^ukpolice: the current folder is not there .*\nhint: change to .*\n$/);
    expect(status).toBe(2);
  });

  test("an unknown command, with the one that was meant", async () => {
    const finished = await runCli(["crwal"], { cwd: createFolder() });
    expectTwoLines(finished, { exit: 2, says: /crwal/, hint: /did you mean 'crawl'/ });
  });

  test("no command at all", async () => {
    const finished = await runCli([], { cwd: createFolder() });
    expectTwoLines(finished, { exit: 2, says: /name a command/, hint: /--help/ });
  });

  test("a fault of the sandbox that is none", async () => {
    const finished = await runCli(["sandbox", "--fault", "599=0.5"], { cwd: createFolder() });
    expectTwoLines(finished, { exit: 2, says: /599=0.5 .* kinds are 500/, hint: /--help/ });
  });

  test("an unknown force, once the API has said so, with the one that was meant", async () => {
    const args = ["crawl", "--sandbox", "--quiet", "--force", "city-of-londn"];
    const finished = await runCli(args, { cwd: createFolder() });
    expectTwoLines(finished, {
      exit: 2,
      says: /no force 'city-of-londn'/,
      hint: /did you mean 'city-of-london'/,
    });
  });

  test("--until before the window, which the hint names", async () => {
    const args = ["crawl", "--sandbox", "--quiet", "--until", "2017-01"];
    const finished = await runCli(args, { cwd: createFolder() });
    expectTwoLines(finished, { exit: 2, says: /2017-01/, hint: /2018-04 to 2018-05/ });
  });
});

describe.concurrent("an address at which nobody answers", () => {
  test("exits 3 when there is no patience left, with two lines that name it", async () => {
    const finished = await runCli([...CRAWL, "--quiet", "--patience", "0"], {
      cwd: createFolder(),
    });
    expectTwoLines(finished, { exit: 3, says: /127\.0\.0\.1:1/, hint: /--api-url/ });
  });

  test("shows a stack with --verbose, and none without", async () => {
    const finished = await runCli([...CRAWL, "--verbose", "--patience", "0"], {
      cwd: createFolder(),
    });
    expect(finished.code).toBe(3);
    expect(finished.err).toMatch(/^\s+at /m);
  });
});

describe.concurrent("help", () => {
  test.each([
    [["--help"], /crawl[\s\S]*sandbox/],
    [["crawl", "--help"], /Examples:[\s\S]*ukpolice crawl --until 2017-01/],
    [["sandbox", "--help"], /Examples:[\s\S]*ukpolice sandbox --port 8080/],
    [["crawl", "-h"], /--from-last-update/],
  ])("of %j goes to stdout, and exits 0", async (args, says) => {
    const { code, out, err } = await runCli(args, { cwd: createFolder() });
    expect(out).toMatch(says);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  test("of every command shows two examples or more, and of crawl every fixed option", async () => {
    const cwd = createFolder();
    const { out } = await runCli(["--help"], { cwd });
    const commands = [...out.matchAll(/^ {2}ukpolice (\w+)/gm)].map(([, name = ""]) => name);
    expect(commands).toEqual(expect.arrayContaining(["crawl", "sandbox"]));
    const helps = commands.map((command) => runCli([command, "--help"], { cwd }));
    for (const help of await Promise.all(helps)) {
      const [, examples = ""] = help.out.split("Examples:");
      expect(examples.match(/^ {2}ukpolice /gm)?.length ?? 0).toBeGreaterThanOrEqual(2);
    }
    const { out: crawl } = await runCli(["crawl", "--help"], { cwd });
    const fixed = `-u --from-last-update -t --until --since --force --plan -l --local --db --api-url
      --rate --concurrency --sandbox --dry-run --json --quiet --verbose --log-file`;
    for (const option of fixed.split(/\s+/)) {
      expect(crawl).toMatch(new RegExp(`(^|[ ,])${option}[ ,]`, "m"));
    }
  });

  test("tells the version", async () => {
    const { code, out } = await runCli(["--version"], { cwd: createFolder() });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});

test("the bundled sample is not mixed with what the API publishes", async () => {
  const cwd = createFolder();
  const args = ["crawl", "--db", "my.db", "--quiet"];
  const sandbox = await runCli([...args, "--sandbox", "--force", "sandbox-constabulary"], { cwd });
  expect(sandbox).toMatchObject({ code: 0, err: "" });
  const finished = await runCli(args, { cwd });
  expectTwoLines(finished, { exit: 2, says: /my\.db holds the bundled sample/, hint: /--sandbox/ });
});
