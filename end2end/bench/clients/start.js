// Starts a process of clients, and passes on what they are to do.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { watch } from "../../harness/leftovers.js";

/** A process of its own, without connections yet. Its commands are those of crowd.js. */
export function startCrowd() {
  const file = fileURLToPath(new URL("./crowd.js", import.meta.url));
  const child = watch(fork(file, { stdio: "inherit", serialization: "advanced" }));
  const waiting = new Map();
  let last = 0;
  child.on("message", ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("the process of the clients ended"));
  });
  return {
    ask(command, asked = {}) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, command, asked });
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
