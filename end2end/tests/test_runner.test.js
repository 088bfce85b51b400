// What `make test` makes of a test that fails: run again alone, counted, named. With real runners, on small projects.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/leftovers.js";
import { PROJECT } from "../harness/project.js";

const NEXTEST = spawnSync("cargo-nextest", ["--version"]).status === 0;

const RUST = { flaky: "fails_once", broken: "fails_always", crash: "crashes" };
const RUST_TESTS = {
  passes: `#[test] fn passes() {}`,
  flaky: `#[test] fn fails_once() {
    println!("failures:\\n\\n    of_something_else\\n");
    assert!(std::fs::create_dir("was_here").is_err(), "the first time");
  }`,
  broken: `#[test] fn fails_always() { panic!("as ever") }`,
  crash: `#[test] fn crashes() { std::process::abort() }`,
  wrong: `#[test] fn does_not_compile() { 1 }`,
};

const NODE = { flaky: "fails once (of 2): [a/b]? $1", broken: "fails always" };
const NODE_TESTS = {
  passes: `test("passes", () => {});`,
  flaky: `describe("a group", () => {
    test("passes, too", () => {});
    test("${NODE.flaky}", () => assert.throws(() => mkdirSync("was_here"), "the first time"));
  });`,
  broken: `test("fails always", () => assert.fail("as ever"));`,
  outside: `if (!existsSync("was_here")) {
    mkdirSync("was_here");
    throw new Error("the first time");
  }
  test("passes then", () => {});`,
  wrong: `this is no JavaScript`,
};

/** Runs steps of `make test` in a folder with a crate and a file of tests made of these; what came of it. */
function run(t, steps, rust, node) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("Cargo.toml", `[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n`);
  write("src/lib.rs", "");
  for (const name of rust) write(`tests/${name}.rs`, RUST_TESTS[name]);
  const imports = `import assert from "node:assert/strict";\nimport { existsSync, mkdirSync } from "node:fs";\nimport { describe, test } from "node:test";\n`;
  for (const name of node) write(`node/${name}.test.mjs`, imports + NODE_TESTS[name]);
  write(
    "run.sh",
    `set -euo pipefail
logs=target/test-logs
mkdir -p $logs
touch $logs/flaky
. "$PROJECT/scripts/test/steps.sh"
trap close EXIT
${steps}
`,
  );
  // This test itself is run by Node's runner, which would otherwise take the inner one for a part of it.
  const { NODE_TEST_CONTEXT, CARGO_TARGET_DIR, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync("bash", ["run.sh"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, PROJECT, CARGO_TERM_COLOR: "never", NO_COLOR: "1" },
  });
  const logs = (name) => {
    const file = join(folder, "target/test-logs", name);
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  };
  const lines = stdout.trimEnd().split("\n");
  return { status, output: stdout + stderr, last: lines.at(-1), lines, flaky: logs("flaky"), failing: logs("failing"), summary: logs("summary") };
}

const NODE_STEP = `tests node "Tests in Node" node_test node/*`;
const runners = [
  { called: "cargo test", step: `tests rust "Tests in Rust" cargo_test --offline`, ...RUST, where: () => "" },
  ...(NEXTEST
    ? [{ called: "cargo nextest", step: `tests rust "Tests in Rust" nextest --offline`, ...RUST, where: (file) => `small::${file} ` }]
    : []),
];

for (const { called, step, flaky, broken, where } of runners) {
  test(`${called}: a test that fails and then passes alone is named, and the run goes on and ends well`, (t) => {
    const result = run(t, `${step}\n${NODE_STEP}`, ["passes", "flaky"], ["passes"]);
    assert.equal(result.status, 0, result.output);
    assert.equal(result.last, "3 passed, 0 failed");
    assert.deepEqual(result.summary, ["3 passed, 0 failed"]);
    assert.deepEqual(result.flaky, [`rust: ${where("flaky")}${flaky}`]);
    assert.deepEqual(result.failing, []);
    assert.ok(result.lines.slice(-5).includes(`  rust: ${where("flaky")}${flaky}`), result.output);
  });

  test(`${called}: a test that fails again fails the run, beside one that is flaky`, (t) => {
    const result = run(t, `${step}\n${NODE_STEP}`, ["passes", "flaky", "broken"], ["passes"]);
    assert.notEqual(result.status, 0, result.output);
    assert.equal(result.last, "2 passed, 1 failed", result.output);
    assert.deepEqual(result.flaky, [`rust: ${where("flaky")}${flaky}`]);
    assert.deepEqual(result.failing, [`rust: ${where("broken")}${broken}`]);
    assert.ok(!result.output.includes("== Tests in Node"), "the run stops at the step that failed");
  });

  test(`${called}: what does not compile is not tried again`, (t) => {
    const result = run(t, step, ["passes", "wrong"], []);
    assert.notEqual(result.status, 0, result.output);
    assert.equal(result.last, "0 passed, 1 failed", result.output);
    assert.ok(!result.output.includes("Again, alone"), result.output);
    assert.deepEqual(result.flaky, []);
  });

  test(`${called}: a program of tests that crashes fails the run, whatever else passes alone`, (t) => {
    const result = run(t, step, ["passes", "flaky", "crash"], []);
    assert.notEqual(result.status, 0, result.output);
    assert.match(result.last, /^\d passed, [12] failed$/, result.output);
  });
}

test("node: a test that fails and then passes alone is named, and the run ends well", (t) => {
  const result = run(t, NODE_STEP, [], ["passes", "flaky"]);
  assert.equal(result.status, 0, result.output);
  assert.equal(result.last, "3 passed, 0 failed");
  assert.deepEqual(result.summary, ["3 passed, 0 failed"]);
  assert.deepEqual(result.flaky, [`node: node/flaky.test.mjs ${NODE.flaky}`]);
  const alone = result.output.slice(result.output.indexOf("== Again, alone"));
  assert.ok(!alone.includes("✔ passes, too"), "only the test that failed is run again");
});

test("node: all failures of the run are given, and those that fail again fail it", (t) => {
  const result = run(t, NODE_STEP, [], ["passes", "flaky", "broken", "wrong"]);
  assert.notEqual(result.status, 0, result.output);
  assert.equal(result.last, "3 passed, 2 failed", result.output);
  assert.deepEqual(result.flaky, [`node: node/flaky.test.mjs ${NODE.flaky}`]);
  assert.equal(result.failing.length, 2, result.output);
  assert.equal(result.failing[0], `node: node/broken.test.mjs ${NODE.broken}`);
});

test("node: a file that fails outside of its tests is run again whole", (t) => {
  const result = run(t, NODE_STEP, [], ["passes", "outside"]);
  assert.equal(result.status, 0, result.output);
  assert.equal(result.last, "2 passed, 0 failed", result.output);
  assert.equal(result.flaky.length, 1, result.output);
});

test("more failures than a flaky machine explains are not run again", (t) => {
  const result = run(t, `most_run_again=1\n${NODE_STEP}`, [], ["flaky", "broken"]);
  assert.notEqual(result.status, 0, result.output);
  assert.equal(result.last, "1 passed, 2 failed", result.output);
  assert.ok(!result.output.includes("Again, alone"), result.output);
  assert.equal(result.failing.length, 2, result.output);
});

test("a step without tests that fails is not tried again", (t) => {
  const result = run(t, `step build "Build" bash -c 'echo once >> tries; exit 3'\n`, [], []);
  assert.equal(result.status, 3);
  assert.equal(result.last, "0 passed, 1 failed");
  assert.deepEqual(result.flaky, []);
});

test("what a step could not check is named in the last lines", (t) => {
  const result = run(t, `step deny "Advisories" echo "NOT CHECKED: advisories"\n${NODE_STEP}`, [], ["passes"]);
  assert.equal(result.status, 0, result.output);
  assert.deepEqual(result.lines.slice(-3), ["NOT CHECKED: advisories", "", "1 passed, 0 failed"]);
});
