import type { CommandModule } from "yargs";
import { AREAS_OPTIONS, AREAS_VERBS } from "./areas-options.ts";
import type { AreasArgs } from "./areas-options.ts";
import type { Runtime } from "./runtime.ts";

const NOTE =
  "Forces, neighbourhoods, districts and LSOAs are layers from the start. Degrees are WGS 84, " +
  "longitude first; other projections are converted with: ogr2ogr -t_srs EPSG:4326.";

export const areasCommand = (runtime: Runtime): CommandModule<object, AreasArgs> => ({
  command: "areas <verb> [what]",
  describe: "Count records by areas of your own: boroughs, wards, catchments of schools",
  builder: (yargs) =>
    yargs
      .positional("verb", {
        choices: AREAS_VERBS,
        demandOption: true,
        describe:
          "Add a layer or figures, list layers, remove one, or count what is not counted yet",
      })
      .positional("what", {
        type: "string",
        describe: "A file of GeoJSON, or of figures as CSV; or the layer to remove",
      })
      .options(AREAS_OPTIONS)
      .example(
        "$0 areas add boroughs.geojson --name boroughs --id LAD25CD --label LAD25NM",
        "Any polygons become a layer",
      )
      .example(
        "$0 areas add people.csv --name lsoas --id code --population people",
        "Figures for rates, of areas that are there",
      )
      .example("$0 areas list", "Layers, and what of them is not as it should be")
      .epilogue(NOTE),
  handler: async (args) => {
    const { runAreas } = await import("./areas-run.ts");
    await runAreas(args, runtime);
  },
});
