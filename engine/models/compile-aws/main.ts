import { mkdirSync, readdirSync, rmSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import type { IndexRow } from "../../protocols/aws/model-index.ts";
import { readBotocore } from "./botocore.ts";
import { compile } from "./compile.ts";
import type { ServiceOverlay } from "./overlay.ts";
import { repair } from "./repairs.ts";

/** `npx tsx engine/models/compile-aws/main.ts` writes `engine/models/aws/`: the wire models of every AWS service. */
const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../aws");
const overlays = JSON.parse(readFileSync(join(here, "overlay.json"), "utf8")) as Record<string, ServiceOverlay>;

mkdirSync(target, { recursive: true });
for (const file of readdirSync(target)) if (file.endsWith(".json.br")) rmSync(join(target, file));

const index: IndexRow[] = [];
let bytes = 0;
for (const [id, source] of readBotocore()) {
  const artefact = compile(id, repair(id, source, overlays[id]));
  const packed = brotliCompressSync(JSON.stringify(artefact), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(join(target, `${id}.json.br`), packed);
  bytes += packed.length;
  index.push({ ...artefact.m, operations: Object.keys(artefact.o).length });
}
// One row a line: a new release of botocore shows as the lines it changes.
writeFileSync(join(target, "index.json"), `[\n${index.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
const operations = index.reduce((sum, row) => sum + row.operations, 0);
process.stdout.write(`${index.length} services, ${operations} operations, ${(bytes / 1e6).toFixed(2)} MB\n`);
