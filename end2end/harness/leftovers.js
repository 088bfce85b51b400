// Processes and folders of tests: ended and removed even when the test process goes down early.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const processes = new Set();
const folders = new Set();

process.on("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
  process.on(signal, () => process.exit(code));
}

/** A process that must not outlive this one. */
export function watch(child) {
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

/** A folder of one's own, and the way to remove it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "headhaul-test-"));
  folders.add(folder);
  return {
    folder,
    remove() {
      rmSync(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
}
