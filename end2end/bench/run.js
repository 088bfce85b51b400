// All figures, one after the other, each beside its peer: `make bench`. Prints ratios and sizes, asserts nothing.

import { join } from "node:path";
import { PROJECT } from "../harness/project.js";

// The optimised server, unless another is asked for.
process.env.HEADHAUL_BIN ??= join(PROJECT, "target/release/headhaul");

const figures = [
  "asset_sizes",
  "loads_at_scale",
  "board_page",
  "board_first_load",
  "board_cpu",
  "board_at_work",
  "board_memory",
  "move_latency",
  "kit_under_load",
  "fan_out",
  "connects",
  "idle_memory",
];
const asked = process.argv.slice(2);

for (const name of asked.length > 0 ? asked : figures) {
  const { title, measure } = await import(`./${name}.js`);
  console.log(`\n== ${title}`);
  for (const [what, figure] of await measure()) console.log(`  ${what.padEnd(58)} ${figure}`);
}
// Connections that were kept alive would hold the process for a while.
process.exit(0);
