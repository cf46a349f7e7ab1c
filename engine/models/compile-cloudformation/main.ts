import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { factsFile, type TypeFacts } from "../../clouds/aws/cloudformation-facts.ts";
import { compileType } from "./compile.ts";
import { readRegistry, readServiceSpec } from "./sources.ts";
import { WANTED } from "./wanted.ts";

/** `npx tsx engine/models/compile-cloudformation/main.ts` writes the facts of AWS types in `models/cloudformation/`. */
const target = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(target, "models/cloudformation");

const member = (name: string, value: unknown) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`;

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (file.endsWith(".json")) rmSync(join(folder, file));

const registry = readRegistry();
const specified = readServiceSpec();
for (const type of WANTED) {
  writeFileSync(join(target, factsFile(type)), textOf(compileType(registry(type), specified.get(type))));
}
process.stdout.write(`${WANTED.length} types\n`);


/** A property or a definition a line: a new release shows as the lines it changes. */
function textOf(facts: TypeFacts): string {
  const lines = Object.entries(facts).map(([name, value]: [string, unknown]) => {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isTable || Object.keys(value).length === 0) return `  ${member(name, value)}`;
    const rows = Object.entries(value).map(([key, each]) => `    ${member(key, each)}`);
    return `  ${JSON.stringify(name)}: {\n${rows.join(",\n")}\n  }`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}
