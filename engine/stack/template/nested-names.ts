import { isUrl } from "../diagnostics/bundle.ts";
import { STACK_NAMING } from "./nested.ts";
import { readYaml } from "./read-yaml.ts";
import { entryOf, type SourceNode } from "./source-tree.ts";

/**
 * The paths of the templates that a text nests, as it writes them: what whoever reads its file must read as well.
 * Names that functions give are not told, nor URLs, which the engine gets itself.
 */
export function nestedPathsIn(text: string): readonly string[] {
  if (!Object.keys(STACK_NAMING).some((type) => text.includes(type))) return [];
  const { root } = readYaml(text);
  const found = new Set<string>();
  const visit = (node: SourceNode): void => {
    if (node.kind === "list") node.items.forEach(visit);
    if (node.kind !== "map") return;
    const name = nestedNameIn(node);
    if (name !== undefined && !isUrl(name)) found.add(name);
    for (const { value } of node.entries) visit(value);
  };
  if (root) visit(root);
  return [...found];
}

function nestedNameIn(node: SourceNode & { readonly kind: "map" }): string | undefined {
  const type = entryOf(node, "Type")?.value;
  const naming = type?.kind === "scalar" ? STACK_NAMING[String(type.value)] : undefined;
  const properties = naming === undefined ? undefined : entryOf(node, "Properties")?.value;
  const named = properties?.kind === "map" && naming !== undefined ? entryOf(properties, naming)?.value : undefined;
  return named?.kind === "scalar" && typeof named.value === "string" ? named.value : undefined;
}
