// The set-up of the tools, with a stand-in for cargo that fails as registries and networks do. In a copy of the scripts.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/leftovers.js";
import { PROJECT } from "../harness/project.js";

const BINDGEN = readFileSync(join(PROJECT, "Cargo.lock"), "utf8").match(/name = "wasm-bindgen"\nversion = "(.*)"/)[1];
const LEPTOS = readFileSync(join(PROJECT, "scripts/setup/cargo-tools.sh"), "utf8").match(/^leptos_version=(.*)$/m)[1];

const NO_SUCH_VERSION = `error: failed to select a version for the requirement \\\`rustls-webpki = \"^1.0.11\"\\\`
candidate versions found which didn't match: 1.0.10, 1.0.9
location searched: crates.io index`;
const NO_NETWORK = `error: failed to download from \\\`https://example.invalid/crates/walrus\\\`

Caused by:
  [6] Could not resolve hostname`;
const DOES_NOT_COMPILE = `   Compiling openssl-sys v0.9.117
error[E0308]: mismatched types: expected a network timeout
error: could not compile \\\`walrus\\\` (lib) due to 1 previous error`;

// Puts a program that knows its version where cargo install would.
const INSTALL = `
install() {
  mkdir -p "$root/bin"
  printf '#!/bin/sh\\necho "%s %s"\\n' "$program" "$version" > "$root/bin/$program"
  chmod +x "$root/bin/$program"
}`;

/**
 * Runs the set-up of the tools. `cargo` is what the stand-in does, as shell: it knows $crate, $locked (yes or no), $try
 * (the how manieth of this crate), and \`install\`.
 */
function setUp(t, { cargo, binstall, has = {} }) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const project = join(folder, "project");
  cpSync(join(PROJECT, "scripts"), join(project, "scripts"), { recursive: true });
  cpSync(join(PROJECT, "Cargo.lock"), join(project, "Cargo.lock"));
  const bin = join(folder, "cargo/bin");
  mkdirSync(bin, { recursive: true });
  const program = (name, text) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  program(
    "cargo",
    `command=$1
locked=no root= version= crate=
all="$*"
while [ $# -gt 0 ]; do
  case $1 in
    --locked) locked=yes ;;
    --root) root=$2; shift ;;
    --version) version=$2; shift ;;
  esac
  crate=$1
  shift
done
if [ "$command" = binstall ]; then version=\${crate#*@} crate=\${crate%@*}; fi
case $crate in wasm-bindgen-cli) program=wasm-bindgen ;; *) program=$crate ;; esac
echo "$all" >> "${calls}"
try=$(grep -c -- "$crate" "${calls}")
fail() { echo "$1" >&2; exit 101; }
${INSTALL}
if [ "$command" = binstall ]; then
${binstall ?? "exit 1"}
else
${cargo ?? "exit 1"}
fi`,
  );
  if (binstall) program("cargo-binstall", "exit 1");
  for (const [name, version] of Object.entries(has)) program(name, `echo "${name} ${version}"`);
  const { status, stdout, stderr } = spawnSync("sh", ["scripts/setup/cargo-tools.sh"], {
    cwd: project,
    encoding: "utf8",
    env: {
      HOME: folder,
      CARGO_HOME: join(folder, "cargo"),
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      RUST_READY: "yes",
      SETUP_PAUSE: "0",
      PROGRESS_EVERY: "1",
    },
  });
  const read = (file) => readFileSync(file, "utf8").split("\n").filter(Boolean);
  return {
    status,
    output: stdout + stderr,
    calls: read(calls),
    of: (crate) => read(calls).filter((call) => call.includes(crate)),
    installed: (name) => existsSync(join(bin, name)),
    beside: (name) => existsSync(join(project, ".tools/bin", name)),
    left: existsSync(join(project, "target/tools")),
  };
}

test("both tools are built with their makers' locks where these can be had", (t) => {
  const done = setUp(t, { cargo: `[ $locked = yes ] || fail "not locked"; install` });
  assert.equal(done.status, 0, done.output);
  assert.equal(done.calls.length, 2);
  assert.ok(done.installed("cargo-leptos") && done.installed("wasm-bindgen"));
  assert.ok(!done.output.includes("newest that fit"), done.output);
});

for (const [crate, version, reason] of [
  ["wasm-bindgen-cli", BINDGEN, NO_SUCH_VERSION],
  ["cargo-leptos", LEPTOS, NO_SUCH_VERSION],
  ["wasm-bindgen-cli", BINDGEN, DOES_NOT_COMPILE],
]) {
  const what = reason === NO_SUCH_VERSION ? "whose lock names what the registry does not serve" : "that its lock does not compile";
  test(`a ${crate} ${what} is built without it, and that is said`, (t) => {
    const cargo = `[ $crate = ${crate} ] && [ $locked = yes ] && fail "${reason}"; install`;
    const done = setUp(t, { cargo });
    assert.equal(done.status, 0, done.output);
    assert.equal(done.of(crate).length, 2, "once locked, once not");
    assert.ok(done.of(crate).every((call) => call.includes(version)), "the same version of the tool both times");
    assert.match(done.output, new RegExp(`setup: ${crate} ${version} can't be built with the exact dependencies`));
    assert.ok(done.output.includes(reason.split("\n").at(-1).replaceAll("\\`", "`")), "the reason is told");
    assert.ok(done.installed("cargo-leptos") && done.installed("wasm-bindgen"));
  });
}

test("what failed by the network is tried again, with the lock", (t) => {
  const done = setUp(t, { cargo: `[ $try -ge 3 ] || fail "${NO_NETWORK}"; install` });
  assert.equal(done.status, 0, done.output);
  for (const crate of ["cargo-leptos", "wasm-bindgen-cli"]) {
    assert.equal(done.of(crate).length, 3);
    assert.ok(done.of(crate).every((call) => call.includes("--locked")), done.calls.join("\n"));
  }
  assert.match(done.output, /the network failed; tried again in/);
});

test("a network that stays away ends the set-up with a word about it, and what was built is kept", (t) => {
  const done = setUp(t, { cargo: `mkdir -p "$CARGO_TARGET_DIR"; fail "${NO_NETWORK}"` });
  assert.notEqual(done.status, 0);
  assert.equal(done.calls.length, 3, done.calls.join("\n"));
  assert.match(done.output, /the network failed three times/);
  assert.ok(done.left);
});

test("a tool that can't be built at all ends the set-up with a word about it", (t) => {
  const done = setUp(t, { cargo: `fail "error: linking failed"` });
  assert.notEqual(done.status, 0);
  assert.equal(done.calls.length, 2, done.calls.join("\n"));
  assert.match(done.output, /cargo-leptos .* could not be built/);
});

test("ready-made comes first, and is built where it can't be had", (t) => {
  const done = setUp(t, { binstall: `[ $crate = cargo-leptos ] || exit 1; install`, cargo: "install" });
  assert.equal(done.status, 0, done.output);
  assert.deepEqual(done.of("cargo-leptos").map((call) => call.split(" ")[0]), ["binstall"]);
  assert.deepEqual(done.of("wasm-bindgen-cli").map((call) => call.split(" ")[0]), ["binstall", "install"]);
});

test("tools of the right version are left alone; another version stays, and the right one comes beside it", (t) => {
  const right = setUp(t, { has: { "cargo-leptos": LEPTOS, "wasm-bindgen": BINDGEN } });
  assert.equal(right.status, 0, right.output);
  assert.deepEqual(right.calls, []);
  const other = setUp(t, { has: { "cargo-leptos": LEPTOS, "wasm-bindgen": "0.2.99" }, cargo: "install" });
  assert.equal(other.status, 0, other.output);
  assert.equal(other.calls.length, 1);
  assert.ok(other.beside("wasm-bindgen"));
});

test("while a tool is built, a line every so often says how long and what at", (t) => {
  const cargo = `if [ $crate = cargo-leptos ]; then
    [ "$CARGO_TERM_PROGRESS_WHEN" = always ] || fail "cargo is not made to say what it is at"
    printf '    Building [==>    ] 12/431: syn, serde\\r' >&2
    sleep 3
    printf '   Compiling swc v1.0.0\\n' >&2
  fi
  install`;
  const done = setUp(t, { cargo });
  assert.equal(done.status, 0, done.output);
  assert.match(done.output, /\.\.\. building cargo-leptos: \d+ s, at 12\/431: syn, serde\n/);
  assert.match(done.output, /^   Compiling swc v1\.0\.0$/m);
});
