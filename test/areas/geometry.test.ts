import { describe, expect, test } from "vitest";
import { readGeometry } from "../../src/areas/geometry.ts";

const SQUARE = [
  [0, 51],
  [1, 51],
  [1, 52],
  [0, 52],
  [0, 51],
];
const LINE = [
  [0, 51],
  [1, 51],
  [0, 51],
];
const polygon = (...coordinates: unknown[]) => ({ type: "Polygon", coordinates });
const read = (geometry: unknown) => readGeometry(geometry, "areas.geojson");

describe("reading a geometry", () => {
  test("takes polygons, multi-polygons and collections of them, altitudes left out", () => {
    expect(read(polygon(SQUARE))).toEqual({ polygons: [[SQUARE]], flaw: null, parts: 0 });
    const many = { type: "MultiPolygon", coordinates: [[SQUARE], [SQUARE, SQUARE]] };
    expect(read(many).polygons).toHaveLength(2);
    const collection = { type: "GeometryCollection", geometries: [many, { type: "Point" }] };
    expect(read(collection).polygons).toHaveLength(2);
    expect(read(polygon(SQUARE.map((at) => [...at, 12.5]))).polygons).toEqual([[SQUARE]]);
  });

  test("keeps a centimetre", () => {
    const ring = [[0.123456789, 51], ...SQUARE.slice(1)];
    expect(read(polygon(ring)).polygons[0]?.[0]?.[0]).toEqual([0.1234568, 51]);
  });

  test.each([
    [null, "it has no geometry"],
    [{ type: "Point", coordinates: [0, 51] }, "a Point has no area"],
    [{ type: "MultiLineString", coordinates: [] }, "a MultiLineString has no area"],
    [{ type: "Star" }, "its geometry is no polygon"],
    [{ type: "Polygon", coordinates: [] }, "its geometry is empty"],
    [{ type: "MultiPolygon", coordinates: [] }, "its geometry is empty"],
    [{ type: "Polygon", coordinates: "all" }, "its coordinates are no list"],
    [polygon([]), "it has only 0 different points"],
    [polygon(LINE), "it has only 2 different points"],
    [polygon([[0, "51"]]), "a position in it is no pair of numbers"],
    [polygon([[0, null]]), "a position in it is no pair of numbers"],
    [polygon([...SQUARE, [120, 10]]), "it reaches far beyond the United Kingdom"],
  ])("names what is wrong with %j", (geometry, why) => {
    const { polygons, flaw } = read(geometry);
    expect(flaw).toContain(why);
    expect(polygons).toEqual([]);
  });

  test("counts the parts that have no extent, and keeps the rest", () => {
    const coordinates = [[SQUARE], [LINE], [SQUARE, LINE]];
    const found = read({ type: "MultiPolygon", coordinates });
    expect(found).toEqual({ polygons: [[SQUARE], [SQUARE]], flaw: null, parts: 1 });
  });

  test("refuses the British National Grid, and says how to convert it", () => {
    const ring = [[530_000, 180_000]];
    expect(() => read(polygon(ring))).toThrow("metres, as of the British National Grid");
    try {
      read(polygon(ring));
    } catch (error) {
      expect(error).toMatchObject({
        hint: expect.stringMatching(/ogr2ogr .*-t_srs EPSG:4326.*-s_srs EPSG:27700/),
        exitCode: 2,
      });
    }
  });

  test("refuses other projections, and latitudes that stand first", () => {
    expect(() => read(polygon([[-14_000, 6_700_000]]))).toThrow("are no degrees");
    expect(() => read(polygon([[51.5, -0.1]]))).toThrow("latitude stands before longitude");
  });
});
