/** The library: what can be imported from `ukpolice`. Nothing here touches the process. */
export { UkpoliceError } from "./errors.ts";
export { openDatabase } from "./library/database.ts";
export type { PoliceDatabase, SqlValue } from "./library/database.ts";
export { runCrawl } from "./library/crawl.ts";
export type { Listening } from "./library/crawl.ts";
export type { CrawlSettings } from "./library/settings.ts";
export type { CoveredCell } from "./completeness.ts";
export type { CrawlResult } from "./crawl/crawl-result.ts";
export type { Progress, Reporter } from "./crawl/reporter.ts";
export type { StatusDocument } from "./report/status-shape.ts";
export { KINDS } from "./types.ts";
export type { Force, Kind, Month, PlanName } from "./types.ts";
export { VERSION } from "./version.ts";
