// The program's command line, for commands that end by themselves.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { temporaryFolder, watch } from "./leftovers.js";
import { PROJECT } from "./project.js";
import { within } from "./wait.js";

/** Runs `headhaul ARGUMENTS...` on a data folder of its own; gives `code`, `out` and `err`. */
export async function headhaul(commandLine, settings = {}) {
  const { folder, remove } = temporaryFolder();
  const env = {
    PATH: process.env.PATH,
    NO_COLOR: "1",
    HEADHAUL_SERVER__ADDR: "127.0.0.1:0",
    HEADHAUL_SERVER__DATA_DIR: folder,
    HEADHAUL_DATABASE__URL: `sqlite://${join(folder, "headhaul.db")}`,
  };
  for (const [name, value] of Object.entries(settings)) env[`HEADHAUL_${name}`] = value;
  const binary = process.env.HEADHAUL_BIN ?? join(PROJECT, "target/debug/headhaul");
  const child = watch(spawn(binary, commandLine, { cwd: PROJECT, env, stdio: ["ignore", "pipe", "pipe"] }));
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
  try {
    const code = await within(new Promise((resolve) => child.once("close", resolve)), 60_000, `end of ${commandLine.join(" ")}`);
    return { code, ...said };
  } finally {
    child.kill("SIGKILL");
    remove();
  }
}
