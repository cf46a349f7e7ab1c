import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogSource } from "./catalog.ts";

/** `npm run gen` writes every generated file; `npm run gen -- --check` fails, with their names, when one is stale. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const checkOnly = process.argv.includes("--check");
const stale: string[] = [];

function emit(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === content) return;
  stale.push(relative(root, file));
  if (checkOnly) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

emit(join(root, "engine/catalog.generated.ts"), catalogSource(join(root, "engine")));

if (stale.length > 0) console.log(`${checkOnly ? "stale" : "wrote"}: ${stale.join(", ")}`);
if (checkOnly && stale.length > 0) {
  console.error("Generated files are not up to date. Run `npm run gen` and commit the result.");
  process.exit(1);
}
