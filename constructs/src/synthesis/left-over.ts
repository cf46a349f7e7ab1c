import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What this package writes straight into the output folder, and nothing that anybody else keeps there. */
const OWN_NAME = /^(?:[\w.-]+[.]template[.]json|asset[.][0-9a-f]+(?:[.]\w+)?)$/;

interface WrittenManifest {
  readonly stacks?: readonly { readonly template?: string; readonly assets?: readonly { readonly path?: string }[] }[];
}

/** What a folder's manifest says; nothing when there is none, or only the half that a killed synthesis wrote. */
function manifestIn(folder: string): WrittenManifest {
  const file = join(folder, "manifest.json");
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as WrittenManifest;
  } catch (problem) {
    if (problem instanceof SyntaxError) return {};
    throw problem;
  }
}

/** The templates and assets that a folder's manifest names. */
function namedIn(folder: string): readonly string[] {
  const { stacks = [] } = manifestIn(folder);
  return stacks.flatMap(({ template, assets = [] }) => [template, ...assets.map(({ path }) => path)]).filter(isOwn);
}

const isOwn = (name: string | undefined): name is string => name !== undefined && OWN_NAME.test(name);

/**
 * Removes what the last synthesis wrote and this one does not write again: the templates of stacks that are gone, and
 * assets that have changed. A stack's folder for Terraform stays, because Terraform needs it to destroy the stack.
 */
export function removeLeftOver(folder: string, written: ReadonlySet<string>): void {
  for (const name of namedIn(folder))
    if (!written.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
}
