// `npm run coverage:terraform` takes every resource and data source of the four services through Terraform, and writes
// docs/coverage/terraform-aws.md. Names of files in test/system/terraform run those alone and only print.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whyTerraformIsMissing } from "../system/kit/terraform-folder.ts";
import { runGroup, type Result } from "./group.ts";
import { awsTypes, pageOf } from "./page.ts";

const FOLDER = join(import.meta.dirname, "../system/terraform");
const PAGE = join(import.meta.dirname, "../../docs/coverage/terraform-aws.md");
/** Providers are large; more than these at once only wait for each other. */
const AT_ONCE = 5;

const missing = whyTerraformIsMissing();
if (missing !== undefined) throw new Error(missing);
const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : readdirSync(FOLDER).sort();
const waiting = [...files];
const results: (readonly [string, Result])[] = [];

async function runWaiting(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const startedMs = performance.now();
    const found = await runGroup(readFileSync(join(FOLDER, file), "utf8"));
    results.push(...found);
    console.log(`${file}: ${found.size} in ${Math.round((performance.now() - startedMs) / 1000)} s`);
    for (const [address, result] of found) {
      for (const [step, outcome] of Object.entries(result)) {
        if (!["ok", "none", "replaced"].includes(outcome)) console.log(`  ${address}, ${step}: ${outcome}`);
      }
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, runWaiting));
if (asked.length === 0) writeFileSync(PAGE, pageOf(await awsTypes(), results));
