// Crawls an address into a database as fast as the server answers, and says what it took:
//   node bench/child.js URL FILE UNTIL
import { crawl } from "../dist/crawl/crawl.js";
import { keepHeapSmall } from "../dist/crawl/memory.js";
import { createApi } from "../dist/fetch/api.js";
import { createSilence } from "../dist/report/lines.js";
import { openStore } from "../dist/store/store.js";

const [url, file, until] = process.argv.slice(2);
keepHeapSmall();
const months = {};
const store = openStore(file);
const { saveReply } = store;
store.saveReply = (question, reply) => {
  const startMs = performance.now();
  const saved = saveReply(question, reply);
  const month = (months[question.month] ??= { ms: 0, rows: 0 });
  month.ms += performance.now() - startMs;
  month.rows += reply.rows.length;
  return saved;
};
const api = createApi({ baseUrl: new URL(url), rate: 1e4, concurrency: 12, userAgent: "bench" });
const reporter = createSilence();
const signal = new AbortController().signal;
await crawl(
  { api, store, reporter, signal },
  {
    until,
    forces: "all",
    plan: "tiles",
    refreshBoundaries: false,
    concurrency: 12,
    patienceMs: 60_000,
  },
);
await api.close();
store.close();
console.log(JSON.stringify({ months, maxRssMb: process.resourceUsage().maxRSS / 1024 }));
