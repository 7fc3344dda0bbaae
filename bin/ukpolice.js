#!/usr/bin/env node
import module from "node:module";

module.enableCompileCache?.(); // newer Node starts faster with it

const { main } = await import("../dist/cli.js");
await main();
