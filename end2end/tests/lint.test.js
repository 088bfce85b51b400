// What `make lint` says of crates: licences that are not on the list, known weaknesses, and a list that can't be had.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/leftovers.js";
import { PROJECT } from "../harness/project.js";

// A crate from the registry that the project's own build has brought; only such crates have advisories.
const CRATE = "cfg-if";

/** Runs `lint.sh deny` on a project that stands on a crate with this licence and on CRATE, which has these advisories. */
function lint(t, { licence = "MIT", advisories = [], reachable = true, env = {} }) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const project = join(folder, "project");
  cpSync(join(PROJECT, "scripts"), join(project, "scripts"), { recursive: true });
  const version = `version = "0.1.0"\nedition = "2021"\n`;
  write(
    "project/Cargo.toml",
    `[package]\nname = "headhaul"\n${version}publish = false\n[features]\nssr = []\nhydrate = []\n[dependencies]\n${CRATE} = "1"\nlicensed = { path = "../licensed" }\n[workspace]\n`,
  );
  write("project/src/lib.rs", "");
  write("licensed/Cargo.toml", `[package]\nname = "licensed"\n${version}license = "${licence}"\n`);
  write("licensed/src/lib.rs", "");

  // The list of advisories, as its makers keep it: a branch of a repository.
  const list = join(folder, "list");
  for (const [crate, id] of [["another", "RUSTSEC-2024-9998"], ...advisories.map((id) => [CRATE, id])]) {
    write(
      `list/crates/${crate}/${id}.md`,
      `\`\`\`toml\n[advisory]\nid = "${id}"\npackage = "${crate}"\ndate = "2024-01-01"\ncategories = ["memory-corruption"]\n[versions]\npatched = []\n\`\`\`\n\n# It leaks\n\nTold at length.\n`,
    );
  }
  const git = (...args) => execFileSync("git", ["-C", list, "-c", "user.name=t", "-c", "user.email=t@t.test", ...args], { stdio: "ignore" });
  git("init", "--initial-branch=main");
  git("add", ".");
  git("commit", "-m", "advisories");

  // The project's own deny.toml but for where the list is.
  const where = `db-path = "${join(folder, "copy")}"\ndb-urls = ["https://advisories.test/list"]\n`;
  const settings = readFileSync(join(PROJECT, "deny.toml"), "utf8").replace("[advisories]\n", `[advisories]\n${where}`);
  write("project/deny.toml", settings);
  const { NODE_TEST_CONTEXT, CARGO_TARGET_DIR, RUST_READY, ...rest } = process.env;
  const inherited = { ...rest, RUST_READY: "yes", PATH: `${join(PROJECT, ".tools/bin")}:${rest.PATH}` };
  execFileSync("cargo", ["generate-lockfile", "--offline"], { cwd: project, env: inherited, stdio: "ignore" });
  const { status, stdout, stderr } = spawnSync("sh", ["scripts/lint.sh", "deny"], {
    cwd: project,
    encoding: "utf8",
    env: {
      ...inherited,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.file://${reachable ? list : join(folder, "gone")}.insteadOf`,
      GIT_CONFIG_VALUE_0: "https://advisories.test/list",
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

test("crates whose licences are listed and that have no known weakness pass", (t) => {
  const { status, output } = lint(t, {});
  assert.equal(status, 0, output);
  assert.match(output, /licenses ok/);
  assert.match(output, /advisories ok/);
  assert.ok(!output.includes("NOT CHECKED"), output);
});

test("a licence that is not on the list fails", (t) => {
  const { status, output } = lint(t, { licence: "GPL-3.0-only" });
  assert.notEqual(status, 0, output);
  assert.match(output, /GPL-3\.0-only/);
});

test("a known weakness fails", (t) => {
  const { status, output } = lint(t, { advisories: ["RUSTSEC-2024-9999"] });
  assert.notEqual(status, 0, output);
  assert.match(output, /RUSTSEC-2024-9999/);
  assert.match(output, /It leaks/);
});

test("advisories that can't be fetched are named as not checked, and fail where they are required", (t) => {
  const { status, output } = lint(t, { reachable: false });
  assert.equal(status, 0, output);
  assert.match(output, /^NOT CHECKED: advisories/m);
  assert.notEqual(lint(t, { reachable: false, env: { ADVISORIES: "required" } }).status, 0);
});
