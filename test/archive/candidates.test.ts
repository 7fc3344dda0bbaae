import { expect, test } from "vitest";
import { toComparedStop } from "../../src/archive/candidates.ts";
import { Match } from "../../src/archive/match.ts";
import type { ArchiveStop } from "../../src/types.ts";

const CELL = { month: "2018-04", kind: "stops", forceId: "avon", release: "2018-06" } as const;
const AVON = { forceId: "avon", neighbourhoodId: "A1" };

const STOP: ArchiveStop = {
  row: 1,
  nth: 1,
  datetime: "2018-04-01T10:00:00+00:00",
  latitude: 51.45,
  longitude: -2.59,
  area: AVON,
  type: "Person search",
  operation: null,
  operationName: null,
  gender: "Male",
  ageRange: "18-24",
  selfDefinedEthnicity: null,
  officerDefinedEthnicity: null,
  legislation: null,
  objectOfSearch: "Controlled drugs",
  outcome: null,
  outcomeLinkedToObjectOfSearch: null,
  removalOfMoreThanOuterClothing: null,
};

test("of stops that only the archive has, those without coordinates alone have no location", () => {
  const match = new Match(CELL, { find: () => [], iterateIds: () => [] }, new Set());
  match.add(toComparedStop(STOP));
  match.add(toComparedStop({ ...STOP, area: null }));
  match.add(toComparedStop({ ...STOP, latitude: null, longitude: null, area: null }));
  match.end();
  expect(match.count()).toMatchObject({ onlyArchive: 3, withoutLocation: 1, atBorder: 1 });
});
