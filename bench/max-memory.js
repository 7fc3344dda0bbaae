// Loaded into a process with --import: says at its end how much memory it had at most, in MB.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { BENCH_MEMORY_FILE: file } = process.env;
  writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});
