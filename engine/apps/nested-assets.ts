import { basename } from "node:path";
import { bundled } from "../stack/diagnostics/bundle.ts";
import { STACK_NAMING } from "../stack/template/nested.ts";
import type { Asset, AssemblyStack } from "./assembly.ts";

interface Resources {
  readonly Resources?: Readonly<Record<string, { Type?: string; Properties?: Record<string, unknown> } | null>>;
}

const TYPE = "AWS::CloudFormation::Stack";
const NAMING = STACK_NAMING[TYPE] ?? "";

/**
 * A stack whose nested templates are assets, with their texts: it names each by the URL that its upload would have, and
 * is planned before anything is uploaded.
 */
export function withNestedAssets(stack: AssemblyStack, read: (file: string) => string): AssemblyStack {
  if (!stack.template.includes(TYPE) || stack.assets.length === 0) return stack;
  const found = new Map<string, string>();
  const named = (text: string): string => {
    if (!text.includes(TYPE)) return text;
    const template = JSON.parse(text) as Resources;
    for (const resource of Object.values(template.Resources ?? {})) {
      const { Type: type, Properties: properties } = resource ?? {};
      const asset = type === TYPE && properties && assetNamed(properties[NAMING], stack.assets);
      if (!asset) continue;
      const name = basename(asset.path);
      properties[NAMING] = name;
      if (found.has(name)) continue;
      // Before it is read: a template that nests itself is the engine's to refuse.
      found.set(name, "");
      found.set(name, named(read(asset.path)));
    }
    return JSON.stringify(template, null, 1);
  };
  const template = named(stack.template);
  return found.size === 0 ? stack : { ...stack, template: bundled(template, found) };
}

/** The URL is put together by functions; the key, a hash, stands in one of its parts. */
function assetNamed(url: unknown, assets: readonly Asset[]): Asset | undefined {
  const text = JSON.stringify(url ?? "");
  return assets.find(({ key, isZipped }) => !isZipped && text.includes(`/${key}"`));
}
