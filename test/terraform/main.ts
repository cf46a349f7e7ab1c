// `npm run coverage:terraform` takes every resource and data source of the four services through Terraform, and writes
// docs/coverage/terraform-aws.md. Names of files in test/system/terraform run those alone; the page then tells of the
// others what their last run found; `page` runs none.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whyTerraformIsMissing } from "../system/kit/terraform-folder.ts";
import { declaredIn, runGroup, type Result } from "./group.ts";
import { awsTypes, pageOf } from "./page.ts";

const FOLDER = join(import.meta.dirname, "../system/terraform");
const PAGE = join(import.meta.dirname, "../../docs/coverage/terraform-aws.md");
const LAST_RUNS = join(import.meta.dirname, "../../.cache/terraform");
/** Providers are large, and mostly wait by themselves. */
const AT_ONCE = 6;

type Results = readonly (readonly [address: string, result: Result])[];

/** Of resources whose file was not run on this machine. */
const NOT_RUN: Result = { apply: "not run" };

const lastRunOf = (file: string): string => join(LAST_RUNS, `${file}.json`);

async function runFile(file: string): Promise<void> {
  const startedMs = performance.now();
  const found: Results = [...(await runGroup(readFileSync(join(FOLDER, file), "utf8")))];
  writeFileSync(lastRunOf(file), JSON.stringify(found));
  console.log(`${file}: ${found.length} in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  for (const [address, result] of found) {
    for (const [step, outcome] of Object.entries(result)) {
      if (!["ok", "none", "replaced"].includes(outcome)) console.log(`  ${address}, ${step}: ${outcome}`);
    }
  }
}

const missing = whyTerraformIsMissing();
if (missing !== undefined) throw new Error(missing);
mkdirSync(LAST_RUNS, { recursive: true });
const all = readdirSync(FOLDER).sort();
const asked = process.argv.slice(2);
const waiting = asked.length > 0 ? asked.filter((name) => name !== "page") : [...all];
const runWaiting = async (): Promise<void> => {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await runFile(file);
};
await Promise.all(Array.from({ length: AT_ONCE }, runWaiting));

const lastRun = (file: string): Results => {
  if (existsSync(lastRunOf(file))) return JSON.parse(readFileSync(lastRunOf(file), "utf8")) as Results;
  return declaredIn(readFileSync(join(FOLDER, file), "utf8")).map((address) => [address, NOT_RUN]);
};
writeFileSync(PAGE, pageOf(await awsTypes(), all.flatMap(lastRun)));
