#!/usr/bin/env node
const [major, minor] = process.versions.node.split("."); // no imports: old Nodes parse this too
if (major < 22 || (major == 22 && minor < 19)) {
  console.error(`ukpolice: needs Node 22.19 or newer, this is ${process.versions.node}
hint: install it from https://nodejs.org, or run: npx -p node@24 -p ukpolice ukpolice`);
  process.exit(2);
}
process.getBuiltinModule("node:module").enableCompileCache(); // starts faster with it
import("../dist/cli.js").then(({ main }) => main());
