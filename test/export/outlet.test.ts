import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import {
  ClosedStreamError,
  createFolderOutlet,
  createStreamOutlet,
} from "../../src/export/outlet.ts";
import { listFiles, readText } from "../support/exported.ts";
import { failureOf, never } from "../support/http.ts";
import { createFolder } from "../support/temp.ts";

const PATH = "2018-05/street.csv";

/** Some chunks, and then a failure. */
function* brokenOff(error: Error) {
  yield "first\n";
  yield "second\n";
  throw error;
}

/** The names in a folder while a file is written to it. */
async function seenWhileWriting(folder: string): Promise<string[]> {
  let seen: string[] = [];
  const chunks = function* () {
    yield "first";
    seen = readdirSync(folder);
    yield "last";
  };
  await createFolderOutlet(folder).write(PATH, chunks(), never());
  return seen;
}

describe("a file that is exported", () => {
  test("has its chunks in order, texts as UTF-8, and nothing beside it", async () => {
    const folder = createFolder();
    const chunks = ["é", new Uint8Array([10]), "b\n"];
    expect(await createFolderOutlet(folder).write(PATH, chunks, never())).toBe(5);
    expect(listFiles(folder)).toEqual([PATH]);
    expect(readText(folder, PATH)).toBe("é\nb\n");
  });

  test("takes the place of an older one only when it is whole", async () => {
    const folder = createFolder();
    const outlet = createFolderOutlet(folder);
    await outlet.write(PATH, ["old"], never());
    const error = new Error("the rows broke off");
    expect(await failureOf(outlet.write(PATH, brokenOff(error), never()))).toBe(error);
    expect(listFiles(folder)).toEqual([PATH]);
    expect(readText(folder, PATH)).toBe("old");
    await outlet.write(PATH, ["new"], never());
    expect(readText(folder, PATH)).toBe("new");
  });

  test("is not seen under its name, nor under its ending, before it is whole", async () => {
    const seen = await seenWhileWriting(createFolder());
    expect(seen).toEqual([expect.stringMatching(/^\..*\.partial$/), "2018-05"]);
  });

  test("is not there when a signal stops it half way", async () => {
    const folder = createFolder();
    const controller = new AbortController();
    const chunks = function* () {
      yield "first";
      controller.abort("SIGINT");
      yield "second";
    };
    const error = await failureOf(
      createFolderOutlet(folder).write(PATH, chunks(), controller.signal),
    );
    expect(error).toMatchObject({ exitCode: 130 });
    expect(listFiles(folder)).toEqual([]);
  });

  test.each([
    ["a file is in the way of the folder", (folder: string) => writeFileSync(folder, "")],
    [
      "a folder is in the way",
      (folder: string) => mkdirSync(join(folder, PATH), { recursive: true }),
    ],
  ])("exits with 4 when %s, and leaves that", async (says, make) => {
    const folder = join(createFolder(), "out");
    make(folder);
    const error = await failureOf(createFolderOutlet(folder).write(PATH, ["new"], never()));
    expect(error).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(join(folder, PATH)),
      hint: expect.stringContaining(says),
    });
    expect(listFiles(join(folder, ".."))).toEqual(says.includes("a file") ? ["out"] : []);
  });

  test("is put in the place of a link, and what that leads to stays", async () => {
    const folder = createFolder();
    writeFileSync(join(folder, "precious"), "precious");
    symlinkSync("precious", join(folder, "street.csv"));
    await createFolderOutlet(folder).write("street.csv", ["new"], never());
    expect(readText(folder, "precious")).toBe("precious");
    expect(readText(folder, "street.csv")).toBe("new");
  });

  test("clears what exports left that no longer live, and nothing else", async () => {
    const folder = createFolder();
    const [mine = ""] = await seenWhileWriting(folder);
    const [, host = ""] = /^\.ukpolice-(\w+)-/.exec(mine) ?? [];
    const left = [
      `.ukpolice-${host}-7-00000000-1.partial`,
      `.ukpolice-${host}-${process.pid}-00000000-1.partial`, // its number is this one's by now
      ".ukpolice-00000000-1-00000000-1.partial", // of another machine, and of last week
    ];
    const kept = [
      `.ukpolice-${host}-8-00000000-1.partial`,
      ".ukpolice-00000000-1-00000000-2.partial",
      ".ukpolice-notes.partial",
      "my.partial",
      mine,
    ];
    for (const name of [...left, ...kept]) writeFileSync(join(folder, name), "");
    utimesSync(join(folder, left[2] ?? ""), 0, 0);
    await createFolderOutlet(folder, (pid) => pid === 8).write(PATH, ["new"], never());
    expect(listFiles(folder)).toEqual([...kept, PATH].sort());
  });

  test.skipIf(process.getuid?.() === 0)("exits with 4 where nothing can be written", async () => {
    const folder = createFolder();
    chmodSync(folder, 0o500);
    const error = await failureOf(createFolderOutlet(folder).write(PATH, ["new"], never()));
    expect(error).toMatchObject({ exitCode: 4, hint: expect.stringContaining("permissions") });
  });
});

describe("a stream that is exported to", () => {
  test("gets the chunks at its own pace, one at a time", async () => {
    const events: string[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk, _, done) {
        events.push(`write ${chunk}`);
        setImmediate(done);
      },
    });
    const chunks = function* () {
      for (const chunk of ["a", "b"]) {
        events.push(`read ${chunk}`);
        yield chunk;
      }
    };
    expect(await createStreamOutlet(stream).write("", chunks(), never())).toBe(2);
    expect(events).toEqual(["read a", "write a", "read b", "write b"]);
  });

  test("gets text as it is to be shown, and bytes as they are", async () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk, _, done) {
        written.push(String(chunk));
        done();
      },
    });
    const outlet = createStreamOutlet(stream, (text) => text.toUpperCase());
    await outlet.write("", ["a", Buffer.from("b")], never());
    expect(written).toEqual(["A", "b"]);
  });

  test("is let go of when it closes, and so are the rows", async () => {
    const stream = new Writable({ write: (_, __, done) => done(new Error("closed")) });
    stream.on("error", () => {});
    let released = false;
    const chunks = function* () {
      try {
        yield "a";
        yield "b";
      } finally {
        released = true;
      }
    };
    const error = await failureOf(createStreamOutlet(stream).write("", chunks(), never()));
    expect(error).toBeInstanceOf(ClosedStreamError);
    expect(released).toBe(true);
  });
});
