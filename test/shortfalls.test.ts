import { describe, expect, test } from "vitest";
import { fillMonths } from "../src/months.ts";
import { listShortfalls } from "../src/shortfalls.ts";
import type { CountedCell } from "../src/shortfalls.ts";
import { KINDS } from "../src/types.ts";
import type { Kind, Month } from "../src/types.ts";

/** Cells of a force, a count for each month from the first on. */
function cells(
  forceId: string,
  first: Month,
  counts: readonly number[],
  kind: Kind = "crimes",
): CountedCell[] {
  let month = first;
  return counts.map((records) => {
    const cell = { month, kind, forceId, records };
    const next = Number(month.slice(5)) + 1;
    month =
      next > 12
        ? `${Number(month.slice(0, 4)) + 1}-01`
        : `${month.slice(0, 5)}${String(next).padStart(2, "0")}`;
    return cell;
  });
}

/** Dyfed-Powys around 2024-01 as it was published in mid 2024. */
const DYFED = [3400, 3520, 3610, 1187, 420, 1090, 3450, 3700, 3560];

describe("a force's month far below its neighbours", () => {
  test("is found with what is usual, three bad ones in a row, too", () => {
    const found = listShortfalls(cells("kent", "2023-10", DYFED));
    expect(found).toEqual([
      {
        month: "2024-01",
        kind: "crimes",
        forceId: "kent",
        records: 1187,
        usual: 3425,
        known: null,
      },
      { month: "2024-02", kind: "crimes", forceId: "kent", records: 420, usual: 3485, known: null },
      {
        month: "2024-03",
        kind: "crimes",
        forceId: "kent",
        records: 1090,
        usual: 3505,
        known: null,
      },
    ]);
  });

  test("is found at either end of what is there", () => {
    const months = (counts: number[]) =>
      listShortfalls(cells("kent", "2023-01", counts)).map(({ month }) => month);
    expect(months([900, 3000, 3100, 3200])).toEqual(["2023-01"]);
    expect(months([3000, 3100, 3200, 900])).toEqual(["2023-04"]);
  });

  test("is not one that varies as crime does, or grows over years", () => {
    expect(listShortfalls(cells("kent", "2020-01", [3000, 2800, 2400, 1700, 2000, 2600]))).toEqual(
      [],
    );
    const growing = Array.from({ length: 60 }, (_, at) => Math.round(1000 * 1.03 ** at));
    expect(listShortfalls(cells("kent", "2015-01", growing))).toEqual([]);
  });

  test("is compared with months within a year, and with three at least", () => {
    const far = ["2019-01", "2019-02", "2019-03"].flatMap((month) => cells("kent", month, [3000]));
    expect(listShortfalls([...far, ...cells("kent", "2021-01", [300])])).toEqual([]);
    expect(listShortfalls(cells("kent", "2023-01", [300, 3000, 3100]))).toEqual([]);
  });

  test("is told of small forces only where next to nothing is there", () => {
    const of = (records: number) =>
      listShortfalls(cells("city-of-london", "2020-01", [650, 700, 680, records, 640, 660]));
    expect(of(190)).toEqual([]);
    expect(of(14)).toMatchObject([{ month: "2020-04", records: 14, usual: 660 }]);
  });

  test("is told of stops only where they fall further than policy makes them", () => {
    const of = (records: number) =>
      listShortfalls(cells("kent", "2017-01", [2000, 2100, records, 1900, 2000], "stops"));
    expect(of(600)).toEqual([]);
    expect(of(400)).toMatchObject([{ kind: "stops", records: 400, usual: 2000 }]);
  });

  test("is told where nothing is there, which is not what is usual for the others", () => {
    const of = (forceId: string, counts: number[]) =>
      listShortfalls(cells(forceId, "2022-03", counts)).map(({ month, usual }) => [month, usual]);
    expect(of("kent", [3000, 3100, 0, 3200, 3000])).toEqual([["2022-05", 3050]]);
    expect(of("kent", [3000, 0, 0, 0, 0, 3000, 3000, 900])).toEqual([
      ["2022-04", 3000],
      ["2022-05", 3000],
      ["2022-06", 3000],
      ["2022-07", 3000],
      ["2022-10", 3000],
    ]);
    expect(of("kent", [0, 0, 0, 0, 0])).toEqual([]);
    expect(of("city-of-london", [900, 900, 900, 0, 900, 900])).toEqual([]);
  });

  test("is not one of no force, or a known gap", () => {
    expect(listShortfalls(cells("", "2023-01", [3000, 3100, 90, 3200, 3000]))).toEqual([]);
    const city = cells("city-of-london", "2022-03", [900, 900, 900, 40, 900, 900]);
    expect(listShortfalls(city)).toEqual([]);
  });
});

describe("what is known to be published in part", () => {
  test("is named as known, whatever there is to compare it with", () => {
    const [dyfed] = cells("dyfed-powys", "2024-01", [1187]);
    expect(listShortfalls(dyfed === undefined ? [] : [dyfed])).toEqual([
      {
        ...dyfed,
        usual: null,
        known: "published in part, 5 to 35%, in the releases of mid 2024",
      },
    ]);
    const manchester = cells("greater-manchester", "2022-08", [14]);
    expect(listShortfalls(manchester)).toMatchObject([{ known: /malformed file of 14 rows/ }]);
  });

  test("is not, once a later release is whole", () => {
    expect(listShortfalls(cells("dyfed-powys", "2024-01", [3498]))).toEqual([]);
    expect(listShortfalls(cells("greater-manchester", "2022-08", [300]))).toEqual([]);
  });
});

test("all of history is looked through in a moment", () => {
  const months = fillMonths(["2010-12", "2026-07"]);
  const all = Array.from({ length: 45 }, (_, force) =>
    KINDS.flatMap((kind) =>
      months.map((month, at) => ({ month, kind, forceId: `f${force}`, records: 2000 + at })),
    ),
  ).flat();
  const beganMs = performance.now();
  expect(listShortfalls(all)).toEqual([]);
  expect(performance.now() - beganMs).toBeLessThan(500);
});
