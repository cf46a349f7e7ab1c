import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { SourceRange } from "../../../stack/diagnostics/source-range.ts";

const BLOCK = /^(\s*)resource\s+"?([\w-]+)"?\s+"?([\w-]+)"?\s*\{/;

/**
 * Where the resources of a root module are declared. `path` is the folder as people call it. Those of other modules and
 * of `.tf.json` files have no place.
 */
export function resourcePlaces(folder: string, path: string): (address: string) => SourceRange | undefined {
  const places = new Map<string, SourceRange>();
  for (const name of readdirSync(folder).filter((each) => /\.(tf|tofu)$/.test(each))) {
    const program = posix.join(path, name);
    for (const [index, line] of readFileSync(join(folder, name), "utf8").split("\n").entries()) {
      const [, indent = "", type, label] = BLOCK.exec(line) ?? [];
      if (type === undefined) continue;
      const end = { endLine: index + 1, endColumn: line.trimEnd().length + 1 };
      places.set(`${type}.${label}`, { line: index + 1, column: indent.length + 1, ...end, program });
    }
  }
  return (address) => places.get(address.replace(/\[.*$/, ""));
}
