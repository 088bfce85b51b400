// progress.mjs "what is done" COMMAND...: runs a command of cargo's and says what it is at while it takes long. On a
// terminal cargo shows that itself. Elsewhere it is made to, too: its moving line becomes a line of its own every so often.
// With PROGRESS_LOG what the command prints goes to that file, and a terminal is left to somebody else.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { constants } from "node:os";

const EVERY = 1000 * Number(process.env.PROGRESS_EVERY || 20);
const [what, command, ...rest] = process.argv.slice(2);
const log = process.env.PROGRESS_LOG && createWriteStream(process.env.PROGRESS_LOG);
const moves = process.stderr.isTTY && !log;
const started = Date.now();

const { PROGRESS_LOG, ...env } = process.env;
if (!moves) Object.assign(env, { CARGO_TERM_PROGRESS_WHEN: "always", CARGO_TERM_PROGRESS_WIDTH: "120" });
const child = spawn(command, rest, { env, stdio: moves ? "inherit" : ["inherit", "pipe", "pipe"] });

// Ctrl-C reaches the command by itself, and its end ends this.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => signal === "SIGINT" || child.kill(signal));
}
child.on("error", (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(127);
});
child.on("close", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

if (!moves) {
  let at = "";
  for (const [from, to] of [[child.stdout, log || process.stdout], [child.stderr, log || process.stderr]]) {
    let pending = "";
    from.setEncoding("utf8").on("data", (text) => {
      pending += text;
      // Ends in what has no end yet: a line that goes on, or cargo's moving line, which is written over after each \r.
      const lines = pending.split("\n");
      pending = lines.pop();
      for (const line of lines) to.write(`${last(line)}\n`);
      if (pending.includes("\r")) {
        const moving = pending.slice(0, pending.lastIndexOf("\r"));
        at = last(moving);
        pending = pending.slice(moving.length);
      }
    });
    from.on("end", () => to.write(last(pending)));
  }
  setInterval(() => {
    if (process.stderr.isTTY) return;
    process.stderr.write(`... ${what}: ${elapsed()}${at && `, at ${at.trim().replace(/^Building \[[=> ]*\] /, "")}`}\n`);
  }, EVERY).unref();
}

/** What is seen of a line in the end: the last that was written over it. */
function last(line) {
  const written = line.split("\r").map((text) => text.replaceAll("\x1b[K", "").trimEnd());
  return written.findLast((text) => text !== "") ?? "";
}

function elapsed() {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
