// `npm test`: builds, checks the house, runs every suite, and ends with one line that sums them all.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const reports = mkdtempSync(join(tmpdir(), "cloudstacks-reports-"));
const total = { passed: 0, failed: 0, skipped: 0 };

const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, FORCE_COLOR: "0" } }).status === 0;

/** A step that either holds or does not counts as one test. */
function step(name, args) {
  console.log(`\n=== ${name}`);
  const isHeld = run("npm", ["run", "--silent", ...args]);
  if (isHeld) total.passed += 1;
  else total.failed += 1;
  console.log(`${name}: ${isHeld ? "passed" : "FAILED"}`);
  return isHeld;
}

function suite(project, options = []) {
  console.log(`\n=== tests: ${project}`);
  const report = join(reports, `${project}.json`);
  const isHeld = run("npx", [
    "vitest",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...options,
  ]);
  try {
    const counts = JSON.parse(readFileSync(report, "utf8"));
    total.passed += counts.numPassedTests;
    total.failed += counts.numFailedTests;
    total.skipped += counts.numPendingTests + counts.numTodoTests;
    // A suite can fail without a failed test: a file that does not load, coverage below its threshold.
    if (!isHeld && counts.numFailedTests === 0) total.failed += 1;
  } catch (problem) {
    console.error(`${project} wrote no report: ${problem.message}`);
    total.failed += 1;
  }
}

if (step("build", ["build"])) {
  step("types", ["check:types"]);
  step("lint", ["check:lint"]);
  step("layers", ["check:layers"]);
  step("generated files", ["check:generated"]);
  suite("tidy");
  suite("unit", ["--coverage"]);
  suite("system");
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
