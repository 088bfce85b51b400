// The optimised build: what it does at once and what it leaves alone, with a stand-in for cargo. In a copy of the scripts.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder, watch } from "../harness/leftovers.js";
import { PROJECT } from "../harness/project.js";
import { until, within } from "../harness/wait.js";

/** A project whose cargo does what `server` says, as shell, at the server's build, and whose tools are built by `tools`. */
function projectFor(t, { server = "true", tools = "true" } = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const project = join(folder, "project");
  cpSync(join(PROJECT, "scripts"), join(project, "scripts"), { recursive: true });
  const calls = join(folder, "calls");
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  write("calls", "");
  write("project/src/main.rs", "fn main() {}");
  write("project/scripts/setup.sh", `#!/bin/sh\necho "setup $1" >> "${calls}"\n[ "$1" = base ] || { ${tools}; }`);
  write(
    "bin/cargo",
    `#!/bin/sh
case $1 in
  build)
    echo "server $$ cargo $*" >> "${calls}"
    ${server} ;;
  leptos)
    echo "leptos" >> "${calls}"
    mkdir -p target/release target/site/pkg
    echo made > target/release/headhaul
    echo made > target/site/pkg/headhaul.wasm ;;
esac`,
  );
  const seen = () => readFileSync(calls, "utf8").split("\n").filter(Boolean);
  return {
    seen,
    names: () => seen().map((call) => call.replace(/^server.*/, "server")),
    start() {
      const child = watch(
        spawn("sh", ["scripts/build-release.sh"], {
          cwd: project,
          env: { HOME: folder, CARGO_HOME: folder, PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, RUST_READY: "yes", CALLS: calls },
          stdio: ["ignore", "pipe", "pipe"],
        }),
      );
      const said = { text: "" };
      for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text) => (said.text += text));
      return { child, said, end: within(new Promise((resolve) => child.once("close", resolve)), 60_000, "the build's end") };
    },
  };
}

// Tools that are ready only once the server is under way.
const UNTIL_SERVER = `while ! grep -q server "$CALLS"; do sleep 0.05; done`;

const MEMORY = Number(readFileSync("/proc/meminfo", "utf8").match(/MemAvailable: *(\d+)/)[1]) > 6_500_000;

test("the server is begun while the tools are built", { skip: !MEMORY && "two builds need 6 GB" }, async (t) => {
  const project = projectFor(t, { tools: UNTIL_SERVER });
  const build = project.start();
  assert.equal(await build.end, 0, build.said.text);
  assert.equal(project.names()[0], "setup base");
  assert.deepEqual(project.names().slice(1, 3).sort(), ["server", "setup tools"]);
  assert.equal(project.names().at(-1), "leptos");
});

test("a server that fails beside the rest is left to the build itself, which tells of it", async (t) => {
  const project = projectFor(t, { server: "echo broken >&2; exit 1", tools: MEMORY ? UNTIL_SERVER : "true" });
  const build = project.start();
  assert.equal(await build.end, 0, build.said.text);
  assert.equal(project.names().at(-1), "leptos");
  assert.ok(!build.said.text.includes("broken"), build.said.text);
});

test("a build of which nothing has changed is left alone, and so are the tools", async (t) => {
  const project = projectFor(t);
  const withoutServer = () => project.names().filter((name) => name !== "server");
  assert.equal(await project.start().end, 0);
  const before = withoutServer().length;
  const again = project.start();
  assert.equal(await again.end, 0);
  assert.match(again.said.text, /up to date/);
  assert.deepEqual(withoutServer().slice(before), ["setup base"]);
});

test("an interrupted build leaves nothing running", { skip: !MEMORY && "two builds need 6 GB" }, async (t) => {
  const project = projectFor(t, { server: "exec sleep 300", tools: `${UNTIL_SERVER}; sleep 2` });
  const build = project.start();
  const server = await until(() => project.seen().find((call) => call.startsWith("server"))?.split(" ")[1], "the server's build", 60_000);
  build.child.kill("SIGINT");
  assert.notEqual(await build.end, 0);
  await until(() => !existsSync(`/proc/${server}`), "the end of the server's build", 60_000);
});

test("the server is begun by the very command that cargo leptos gives, which then finds it built", { skip: !MEMORY && "two builds need 6 GB" }, async (t) => {
  const project = projectFor(t, { tools: UNTIL_SERVER });
  assert.equal(await project.start().end, 0);
  const ours = project.seen().find((call) => call.startsWith("server")).replace(/^server \d+ /, "");

  // cargo leptos on what it reads of the project, with a cargo that takes note of builds and makes none.
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const name of ["Cargo.toml", "Cargo.lock", ".cargo", "app/Cargo.toml", "server/Cargo.toml"]) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  }
  for (const name of ["src/lib.rs", "src/main.rs", "app/src/lib.rs", "server/src/lib.rs", "style/main.css"]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  mkdirSync(join(folder, "bin"));
  const cargo = process.env.PATH.split(":").map((place) => join(place, "cargo")).find((file) => existsSync(file));
  const note = `#!/bin/sh\n[ "$1" != build ] || { echo "cargo $*" >> "${folder}/calls"; exit 1; }\nexec "${cargo}" "$@"\n`;
  writeFileSync(join(folder, "bin/cargo"), note, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}/bin:${join(PROJECT, ".tools/bin")}:${process.env.PATH}`, CARGO_NET_OFFLINE: "true" };
  const { stdout, stderr } = spawnSync("cargo-leptos", ["leptos", "build", "--release", "--server-only", "--precompress"], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  assert.ok(existsSync(join(folder, "calls")), stdout + stderr);
  const words = (line) => line.trim().split(" ").sort();
  assert.deepEqual(words(ours), words(readFileSync(join(folder, "calls"), "utf8")));
});
