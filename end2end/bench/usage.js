// What a running process has used, as Linux tells it in /proc.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Milliseconds of a clock tick of /proc/PID/stat; USER_HZ is 100 wherever Linux runs today. */
const TICK = 10;

const read = (pid, name) => readFileSync(`/proc/${pid}/${name}`, "latin1");

/** CPU time so far, of all threads, in user mode and in the kernel: milliseconds. */
export function cpuOf(pid) {
  // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
  const fields = read(pid, "stat").split(") ").at(-1).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Memory that is resident now, in KiB. */
export function memoryOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(pid, "status"))[1]);
}

/** How many files and connections it may have open; tries to raise that to what is needed. */
export function allowOpenFiles(pid, needed) {
  const limit = () => {
    const allowed = /^Max open files\s+(\S+)/m.exec(read(pid, "limits"))[1];
    return allowed === "unlimited" ? Infinity : Number(allowed);
  };
  if (limit() >= needed) return limit();
  try {
    execFileSync("prlimit", ["--pid", String(pid), `--nofile=${needed}:${needed}`], { stdio: "ignore" });
  } catch {
    // Not installed, or not allowed: the limit stays what it is.
  }
  return limit();
}

/** The child of this process that was started with a variable of this value. */
export function childWith(variable, value) {
  const children = read(process.pid, `task/${process.pid}/children`).trim().split(" ");
  const pid = children.find((child) => read(child, "environ").split("\0").includes(`${variable}=${value}`));
  if (!pid) throw new Error(`no child has ${variable}=${value}`);
  return Number(pid);
}
