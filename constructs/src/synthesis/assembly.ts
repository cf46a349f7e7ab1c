import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { IConstruct } from "constructs";
import { assetPath, copyAsset } from "../assets/copy-asset.ts";
import { assetsOf, type DeployedAsset } from "../assets/deployed-assets.ts";
import { packageVersion } from "../version.ts";
import type { AssembledAsset, AssembledStack, Assembly } from "./assembly-types.ts";
import { removeLeftOver } from "./left-over.ts";
import { Problems } from "./problems.ts";
import { targetTemplate, type Target, type TargetTemplate } from "./target.ts";
import { synthesizeStacks, type SynthesizedStack } from "./templates.ts";

const MANIFEST_VERSION = 1;

/** Writes a tree's stacks to a folder: a template each, and `manifest.json`. The same tree gives the same bytes. */
export function writeAssembly(root: IConstruct, directory: string, target: Target): Assembly {
  const synthesized = synthesizeStacks(root);
  const problems = new Problems();
  const stacks = synthesized.flatMap((stack) => {
    const form = problems.attempt(stack.boundary.construct, () => targetTemplate(stack, target));
    return form ? [assembled(stack, form)] : [];
  });
  problems.throwIfAny();
  const folder = resolve(directory);
  mkdirSync(folder, { recursive: true });
  removeLeftOver(folder, new Set(stacks.flatMap(({ templateFile, assets }) => [templateFile, ...assets.map(pathOf)])));
  for (const { content } of synthesized.flatMap(({ boundary }) => assetsOf(boundary))) copyAsset(content, folder);
  for (const stack of stacks) writeJson(join(folder, stack.templateFile), stack.template);
  writeJson(join(folder, "manifest.json"), {
    version: MANIFEST_VERSION,
    generator: `@cloudstacks/constructs ${packageVersion()}`,
    target,
    stacks: stacks.map(({ templateFile, ...stack }) => ({ ...stack, template: templateFile })),
  });
  return { directory: folder, stacks };
}

const pathOf = ({ path }: AssembledAsset) => path;

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}

const assembled = (
  { boundary, dependencies }: SynthesizedStack,
  { file, template }: TargetTemplate,
): AssembledStack => ({
  name: boundary.name,
  path: boundary.construct.node.path,
  template,
  templateFile: file,
  dependencies: dependencies.map(({ name }) => name),
  ...(boundary.account !== undefined && { account: boundary.account }),
  ...(boundary.region !== undefined && { region: boundary.region }),
  tags: boundary.tags,
  parameters: boundary.parameters,
  assets: assetsOf(boundary).map(assembledAsset),
});

const assembledAsset = ({ content, bucket, key }: DeployedAsset): AssembledAsset => ({
  id: content.hash,
  path: assetPath(content),
  kind: content.kind,
  bucket,
  key,
});
