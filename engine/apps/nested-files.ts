import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readWrittenText } from "../platform/files.ts";
import { bundled, documentsOf, resolvedName } from "../stack/diagnostics/bundle.ts";
import { nestedPathsIn } from "../stack/template/nested-names.ts";

/**
 * A template's text with those of the files that it nests, which the engine cannot read itself. A file that is not
 * there is left out: the engine tells where it is named.
 */
export function withNestedFiles(file: string, text: string): string {
  const found = new Map<string, string>();
  const there = new Set(documentsOf(text).map(({ name }) => name));
  const open: { readonly name: string | undefined; readonly text: string }[] = [{ name: undefined, text }];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const path of nestedPathsIn(next.text)) {
      const name = resolvedName(next.name, path);
      const place = join(dirname(file), name);
      if (there.has(name) || !existsSync(place)) continue;
      there.add(name);
      const content = readWrittenText(place);
      found.set(name, content);
      open.push({ name, text: content });
    }
  }
  return bundled(text, found);
}
