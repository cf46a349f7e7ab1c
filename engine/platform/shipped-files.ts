import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "./invariant.ts";

/** Stands in the folder that holds everything that ships beside the code. */
const LANDMARK = "models/aws/index.json";
let folder: string | undefined;

/** The engine's folder: above this file in the source tree, above the bundle (`dist/`) in the built product. */
function engineFolder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, LANDMARK)) && dirname(at) !== at) at = dirname(at);
  invariant(existsSync(join(at, LANDMARK)), `${LANDMARK} ships in a folder above the code`);
  return at;
}

/** Where a folder stands that ships with the product. */
export function shippedFolder(path: string): string {
  folder ??= engineFolder();
  return join(folder, path);
}

/** The bytes of a file that ships with the product, e.g. `models/aws/s3.json.br`. */
export const readShippedFile = (path: string): Buffer => readFileSync(shippedFolder(path));
