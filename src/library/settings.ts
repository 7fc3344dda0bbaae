import { usageError } from "../errors.ts";
import { checkOrder, isMonth } from "../months.ts";
import { BASE_URL, RATE } from "../police-api.ts";
import type { Kind, Month, PlanName } from "../types.ts";

/** What is said of a run while it goes on; whatever is left out is not listened to. */
export type CrawlSettings = {
  /** The database; it is made when there is none. */
  db: string;
  /** From this month on, and up to and including that one; all that is published unless said. */
  since?: Month;
  until?: Month;
  /** Only months after the one in last_update.json. */
  fromLastUpdate?: boolean;
  /** Only these forces, by id. */
  forces?: readonly string[];
  /** Only these kinds of records. */
  kinds?: readonly Kind[];
  plan?: PlanName;
  /** Fetch so many of the newest complete months again; Infinity: all. */
  refresh?: number;
  refreshBoundaries?: boolean;
  apiUrl?: string;
  /** Requests a second, at most the API's limit of 15. */
  rate?: number;
  /** Requests in flight at once. */
  concurrency?: number;
  /** How long to wait for an API that is down, in milliseconds. */
  patienceMs?: number;
  /** Addresses of proxies: the environment is not asked for them. */
  proxies?: { httpProxy?: string; httpsProxy?: string; noProxy?: string };
  /** Crawl the bundled sample through a local server; no internet needed. */
  sandbox?: boolean;
};

/** Fails on settings that cannot be, which a compiler does not find. */
export function checkSettings({ since, until, rate, apiUrl, concurrency }: CrawlSettings): void {
  for (const month of [since, until]) {
    if (month !== undefined && !isMonth(month))
      throw usageError(`${month} is not a month, YYYY-MM`);
  }
  checkOrder({ since, until });
  if (rate !== undefined && !(rate > 0 && rate <= RATE)) {
    throw usageError(`a rate of ${rate} requests a second is not one above 0 and up to ${RATE}`);
  }
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw usageError(`${concurrency} is not how many requests can be in flight`);
  }
  if (!URL.canParse(apiUrl ?? BASE_URL)) throw usageError(`${apiUrl} is not an address`);
}
