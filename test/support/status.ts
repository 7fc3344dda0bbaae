import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { onTestFinished } from "vitest";
import { toStatusDocument } from "../../src/report/status-document.ts";
import type { StatusDocument } from "../../src/report/status-shape.ts";
import { describeStatus } from "../../src/report/status.ts";
import { openForReading } from "../../src/store/database.ts";
import { createStatus } from "../../src/store/read/status.ts";
import type { Kind } from "../../src/types.ts";
import { addForces, createCountry } from "./country.ts";
import type { Country } from "./country.ts";
import { createFolder } from "./temp.ts";

export const TWO = ["avon", "kent"];
export const TEN = () => 10;

/** A new database with two forces, open for writing until the test ends. */
export function createTwo(forces: readonly string[] = TWO): Country {
  const country = createCountry(join(createFolder(), "ukpolice.db"));
  onTestFinished(() => void country.db.close());
  addForces(country, forces);
  return country;
}

type Around = {
  now?: string;
  isLocked?: boolean;
  database?: string;
  kinds?: readonly Kind[] | undefined;
};

/** How it is, as seen on a day, with a crawl at work or not. */
export function statusOf({ file }: Country, around: Around = {}): StatusDocument {
  const { now = "2024-07-01", isLocked = false, database = "ukpolice.db", kinds } = around;
  const db = openForReading(file);
  const snapshot = createStatus(db, file)();
  db.close();
  return toStatusDocument(snapshot, {
    database,
    bytes: 1,
    walBytes: 0,
    now: new Date(now),
    isLocked,
    kinds,
  });
}

/** The text off a terminal. */
export function textOf(status: StatusDocument, unicode = true): string {
  return describeStatus(status, { stream: new PassThrough(), unicode });
}

/** A last_update.json beside the database. */
export function writeSidecar({ file }: Country, sidecar: object | string): void {
  const text = typeof sidecar === "string" ? sidecar : JSON.stringify(sidecar);
  writeFileSync(join(dirname(file), "last_update.json"), text);
}

/** One that fits two forces with the months from April to May 2024. */
export const SIDECAR = {
  last_update: "2024-05",
  since: "2024-04",
  forces: "all",
  database: "ukpolice.db",
};
