import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listArchiveFiles } from "../../src/archive/list.ts";
import { ARCHIVE, KENT_ROW, street } from "../support/archive.ts";
import { createFolder } from "../support/temp.ts";
import { patchEntry, patchText, writeZip } from "../support/zips.ts";

const KENT = street(KENT_ROW);
const member = (month: string, force = "kent", data = KENT) => ({
  name: `${month}/${month}-${force}-street.csv`,
  data,
});

describe("files of the archive", () => {
  test("are found in a folder, however nested, each by its name", async () => {
    const { files, bad } = await listArchiveFiles([ARCHIVE]);
    expect(bad).toEqual([]);
    expect(files.length).toBe(16);
    const found = files.map(({ month, forceId, kind }) => `${month} ${forceId} ${kind}`);
    expect(found).toEqual(
      expect.arrayContaining([
        "2016-01 city-of-london stops",
        "2016-01 city-of-london outcomes",
        "2024-06 northern-ireland crimes",
        "2013-05 btp crimes",
      ]),
    );
    expect(new Set(files.map(({ release }) => release))).toEqual(new Set(["2025-01"]));
  });

  test("are of the release that their zip is named after", async () => {
    const folder = createFolder();
    const members = [member("2023-12"), member("2024-01")];
    const named = await writeZip(join(folder, "2024-03.zip"), members);
    const other = await writeZip(join(folder, "mine.zip"), members);
    const releases = async (...paths: string[]) =>
      (await listArchiveFiles(paths)).files.map(({ release }) => release);
    expect(await releases(named)).toEqual(["2024-03", "2024-03"]);
    expect(await releases(other)).toEqual(["2024-01", "2024-01"]);
    const { files } = await listArchiveFiles([other], { release: "2025-05" });
    expect(files.map(({ release }) => release)).toEqual(["2025-05", "2025-05"]);
    expect(await releases(join(ARCHIVE, "2016-01/2016-01-city-of-london-outcomes.csv.gz"))).toEqual(
      ["2016-01"],
    );
  });

  test("have the name that is told to people, and both sizes", async () => {
    const file = await writeZip(join(createFolder(), "latest.zip"), [member("2024-01")]);
    const { files } = await listArchiveFiles([file]);
    expect(files).toMatchObject([
      { name: `${file}: 2024-01/2024-01-kent-street.csv`, bytes: KENT.length },
    ]);
    expect(files[0]?.packedBytes).toBeLessThan(KENT.length);
  });

  test("are as large as they are in a folder, unless they are gzipped", async () => {
    const folder = createFolder();
    writeFileSync(join(folder, "2024-01-kent-street.csv"), KENT);
    writeFileSync(join(folder, "2024-02-kent-street.csv.gz"), "");
    const { files } = await listArchiveFiles([folder]);
    expect(files.map(({ bytes }) => bytes)).toEqual([KENT.length, null]);
  });

  test("are found in zips within folders, and with ZIP64", async () => {
    const folder = createFolder();
    mkdirSync(join(folder, "a"));
    await writeZip(join(folder, "a", "2024-01.zip"), [member("2024-01")], { isZip64: true });
    const { files, bad } = await listArchiveFiles([folder]);
    expect(bad).toEqual([]);
    expect(files).toMatchObject([{ month: "2024-01", forceId: "kent", bytes: KENT.length }]);
  });

  test("with other names are named, and what nobody means is not", async () => {
    const folder = createFolder();
    const rest = ["README.md", "__MACOSX/._x.csv", ".DS_Store"];
    const file = await writeZip(join(folder, "a.zip"), [
      ...["totals.csv", "2024-13-kent-street.csv", ...rest].map((name) => ({ name, data: "x" })),
      member("2024-01"),
    ]);
    writeFileSync(join(folder, "notes.txt"), "");
    writeFileSync(join(folder, "2009-01-kent-street.csv"), KENT);
    const { files, bad, strays } = await listArchiveFiles([folder]);
    expect(files.length).toBe(1);
    const reason = "is not of the archive: its name has no month, force and kind";
    expect(strays).toEqual(["2009-01-kent-street.csv"]); // in a folder there may be others
    expect(bad).toEqual([
      { name: `${file}: totals.csv`, reason },
      { name: `${file}: 2024-13-kent-street.csv`, reason },
    ]);
  });

  test("with other names are counted, where they are many", async () => {
    const names = Array.from({ length: 200 }, (_, at) => ({ name: `${at}.csv`, data: "" }));
    const file = await writeZip(join(createFolder(), "a.zip"), names);
    const { files, bad } = await listArchiveFiles([file]);
    expect(files).toEqual([]);
    expect(bad.length).toBe(11);
    expect(bad.at(-1)).toMatchObject({
      name: `${file}: 10.csv`,
      reason: expect.stringMatching(/; nor are 189 other files$/),
    });
  });

  test("keep what people add to their names", async () => {
    const folder = createFolder();
    const names = [
      "2024-01-kent-street.crlf.csv",
      "2024-01-devon-and-cornwall-outcomes.a.b.csv.gz",
    ];
    for (const name of names) writeFileSync(join(folder, name), "");
    const { files } = await listArchiveFiles([folder]);
    expect(files).toMatchObject([
      { forceId: "devon-and-cornwall", kind: "outcomes" },
      { forceId: "kent", kind: "crimes" },
    ]);
  });

  test("are looked for in what is there: a wrong path is wrong usage", async () => {
    const path = join(createFolder(), "latest.zip");
    await expect(listArchiveFiles([ARCHIVE, path])).rejects.toMatchObject({
      message: `${path} is not there`,
      exitCode: 2,
    });
  });
});

describe("in a folder", () => {
  test("pipes are named, and not waited for", async () => {
    const folder = createFolder();
    const pipe = join(folder, "2024-01-kent-street.csv");
    execFileSync("mkfifo", [pipe]);
    const named = {
      files: [],
      bad: [{ name: pipe, reason: "is not a regular file" }],
      strays: [],
    };
    expect(await listArchiveFiles([folder])).toEqual(named);
    expect(await listArchiveFiles([pipe])).toEqual(named);
  });

  test("links are followed, each file once, and none in a circle", async () => {
    const folder = createFolder();
    const other = createFolder();
    writeFileSync(join(other, "2024-01-kent-street.csv"), KENT);
    symlinkSync(other, join(folder, "a"));
    symlinkSync(other, join(folder, "b"));
    symlinkSync(folder, join(folder, "c"));
    symlinkSync(join(folder, "nothing.csv"), join(folder, "d.csv"));
    symlinkSync("e.csv", join(folder, "e.csv"));
    const { files, bad } = await listArchiveFiles([folder]);
    expect(files.map(({ name }) => name)).toEqual([join(folder, "a/2024-01-kent-street.csv")]);
    expect(bad).toEqual([
      { name: join(folder, "d.csv"), reason: "is not there" },
      { name: join(folder, "e.csv"), reason: "is a link that leads to itself" },
    ]);
  });
});

describe("in a zip", () => {
  const two = [member("2024-01"), member("2024-02")];
  /** What is bad, without the zip's own name, when everything else is found. */
  const listBad = async (file: string, found: number) => {
    const { files, bad } = await listArchiveFiles([file]);
    expect(files.length).toBe(found);
    return bad.map(({ name, reason }) => `${name.slice(file.length)} ${reason}`);
  };

  test("another zip is named", async () => {
    const folder = createFolder();
    const inner = await writeZip(join(folder, "inner.zip"), two);
    const data = readFileSync(inner);
    const file = await writeZip(join(folder, "outer.zip"), [
      member("2024-01"),
      { name: "x/2024-02.zip", data },
    ]);
    expect(await listBad(file, 1)).toEqual([
      ": x/2024-02.zip is a zip in a zip: unpack it, and name the one within",
    ]);
  });

  test("a name that climbs out is named, and the rest is found", async () => {
    const file = await writeZip(join(createFolder(), "a.zip"), two);
    patchText(file, "2024-01/", "../../a/");
    expect(await listBad(file, 1)).toEqual([
      ": ../../a/2024-01-kent-street.csv has a name that climbs out of its folder",
    ]);
  });

  test("the same force and month twice is named, and neither is taken", async () => {
    const again = { ...member("2024-01"), name: "b/2024-01-kent-street.csv" };
    const file = await writeZip(join(createFolder(), "a.zip"), [...two, again]);
    const reason = "is there twice in its zip, and none says which is right";
    expect(await listBad(file, 1)).toEqual([
      `: 2024-01/2024-01-kent-street.csv ${reason}`,
      `: b/2024-01-kent-street.csv ${reason}`,
    ]);
  });

  test("an encrypted file is named, and one that is packed by another method", async () => {
    const file = await writeZip(join(createFolder(), "a.zip"), [...two, member("2024-03")]);
    patchEntry(file, 0, (entry) => entry.writeUInt16LE(entry.readUInt16LE(8) | 1, 8));
    patchEntry(file, 1, (entry) => entry.writeUInt16LE(93, 10));
    expect(await listBad(file, 1)).toEqual([
      ": 2024-01/2024-01-kent-street.csv is encrypted",
      ": 2024-02/2024-02-kent-street.csv is packed by method 93, which cannot be read: zips of the archive use deflate",
    ]);
  });

  test("files that share their bytes are named", async () => {
    const file = await writeZip(join(createFolder(), "a.zip"), two);
    patchEntry(file, 1, (entry) => entry.writeUInt32LE(10, 42));
    expect(await listBad(file, 1)).toEqual([
      ": 2024-02/2024-02-kent-street.csv shares its bytes with another file",
    ]);
  });

  test("more files than any has are not looked at", async () => {
    const file = await writeZip(join(createFolder(), "a.zip"), two, { isZip64: true });
    const bytes = readFileSync(file);
    const end = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x06, 0x06]));
    bytes.writeBigUInt64LE(4_000_000_000n, end + 24);
    bytes.writeBigUInt64LE(4_000_000_000n, end + 32);
    writeFileSync(file, bytes);
    expect(await listBad(file, 0)).toEqual([
      " says that it holds 4000000000 files: no zip of the archive does",
    ]);
  });

  test("that was cut off, or is none, nothing is found, and it is said which", async () => {
    const folder = createFolder();
    const file = await writeZip(join(folder, "whole.zip"), two);
    const cut = join(folder, "cut.zip");
    writeFileSync(cut, readFileSync(file).subarray(0, 400));
    expect(await listBad(cut, 0)).toEqual([" is cut off or damaged: its directory cannot be read"]);
    const none = join(folder, "none.zip");
    writeFileSync(none, "<html>not found</html>");
    expect(await listBad(none, 0)).toEqual([" is not a zip"]);
    const unnamed = join(folder, "download");
    copyFileSync(file, unnamed);
    expect(await listBad(unnamed, 2)).toEqual([]);
  });
});
