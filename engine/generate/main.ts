import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "./generate.ts";

/** `npm run gen` writes every generated file; `npm run gen -- --check` fails, with their names, when one is stale. */
const root = resolve(fileURLToPath(import.meta.url), "../../..");
const checkOnly = process.argv.includes("--check");
const stale = await generate(root, checkOnly);

if (stale.length > 0) console.log(`${checkOnly ? "stale" : "wrote"}: ${stale.join(", ")}`);
if (checkOnly && stale.length > 0) {
  console.error("Generated files are not up to date. Run `npm run gen` and commit the result.");
  process.exit(1);
}
