import type { CommandModule } from "yargs";
import { REPORTS } from "../reports/report.ts";
import type { ReportName } from "../reports/report.ts";
import { REPORT_OPTIONS } from "./report-options.ts";
import type { ReportArgs } from "./report-options.ts";
import type { Runtime } from "./runtime.ts";

export const REPORT_NAMES: readonly ReportName[] = [
  "trend",
  "areas",
  "streets",
  "outcomes",
  "near",
  "stops",
  "compare",
  "revisions",
];

const NOTE = Object.entries(REPORTS)
  .map(([name, tells]) => `${name}: ${tells}`)
  .join(". ");

export const reportCommand = (runtime: Runtime): CommandModule<object, ReportArgs> => ({
  command: "report <name>",
  describe: "Answer a question without SQL: trends, areas, rates, what is near, stops, outcomes",
  builder: (yargs) =>
    yargs
      .positional("name", { choices: REPORT_NAMES, demandOption: true, describe: "The report" })
      .options(REPORT_OPTIONS)
      .example(
        "$0 report trend --area districts/Hackney --category burglary",
        "Burglaries a month in Hackney",
      )
      .example("$0 report areas --layer boroughs --per 1000", "Crimes per 1,000 people and year")
      .example("$0 report near --near 51.5142,-0.0931 --within 500m", "Around a school")
      .example("$0 report stops --by ethnicity --area forces/metropolitan", "Whom they stop")
      .epilogue(`${NOTE}.`),
  handler: async (args) => {
    const { showReport } = await import("./report-run.ts");
    await showReport(args, runtime);
  },
});
