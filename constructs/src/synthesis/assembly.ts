import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { IConstruct } from "constructs";
import { assetsIn, destinationOf } from "../assets/asset.ts";
import { assetPath, copyAsset } from "../assets/copy-asset.ts";
import { packageVersion } from "../version.ts";
import type { AssembledAsset, AssembledStack, Assembly } from "./assembly-types.ts";
import { stackAround, type StackBoundary } from "./stack-boundary.ts";
import type { Target } from "./target.ts";
import { synthesizeStacks, type SynthesizedStack } from "./templates.ts";

const MANIFEST_VERSION = 1;

/** Writes a tree's stacks to a folder: a template each, and `manifest.json`. The same tree gives the same bytes. */
export function writeAssembly(root: IConstruct, directory: string, target: Target): Assembly {
  const stacks = synthesizeStacks(root).map(assembled);
  const folder = resolve(directory);
  mkdirSync(folder, { recursive: true });
  for (const asset of assetsIn(root)) copyAsset(asset._fingerprint, folder);
  for (const stack of stacks) writeJson(join(folder, stack.templateFile), stack.template);
  writeJson(join(folder, "manifest.json"), {
    version: MANIFEST_VERSION,
    generator: `@cloudstacks/constructs ${packageVersion()}`,
    target,
    stacks: stacks.map(({ templateFile, ...stack }) => ({ ...stack, template: templateFile })),
  });
  return { directory: folder, stacks };
}

const writeJson = (file: string, value: unknown) => writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);

const assembled = ({ boundary, template, dependencies }: SynthesizedStack): AssembledStack => ({
  name: boundary.name,
  path: boundary.construct.node.path,
  template,
  templateFile: `${boundary.name}.template.json`,
  dependencies: dependencies.map(({ name }) => name),
  ...(boundary.account !== undefined && { account: boundary.account }),
  ...(boundary.region !== undefined && { region: boundary.region }),
  tags: boundary.tags,
  parameters: boundary.parameters,
  assets: assetsOf(boundary),
});

/** Each asset of a stack once, however often it is used. */
function assetsOf(boundary: StackBoundary): AssembledAsset[] {
  const own = assetsIn(boundary.construct).filter((asset) => stackAround(asset) === boundary);
  const byKey = new Map(own.map((asset) => [asset.objectKey, asset]));
  return [...byKey.values()].map((asset) => ({
    id: asset.hash,
    path: assetPath(asset._fingerprint),
    kind: asset._fingerprint.kind,
    ...destinationOf(asset),
  }));
}
