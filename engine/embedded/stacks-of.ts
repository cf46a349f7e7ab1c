import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { chosen, type AssemblyStack } from "../apps/assembly.ts";
import { withNestedFiles } from "../apps/nested-files.ts";
import { readAssembly } from "../apps/read-assembly.ts";
import type { Deployable, SynthesizableApp, SynthesizableStack } from "./deployable.ts";

const STACK_DEFAULT = "stack";

const isApp = (what: object): what is SynthesizableApp => "synth" in what && typeof what.synth === "function";
const isStack = (what: object): what is SynthesizableStack => "stackName" in what && "node" in what;

/** The stacks of what can be deployed, in the order of their dependencies; `name` is that of a template's stack. */
export function stacksOf(what: Deployable, name?: string): readonly AssemblyStack[] {
  if (typeof what === "string") return stacksOfText(what, name);
  if (isStack(what)) return stackWithDependencies(what);
  if (isApp(what)) return readAssembly(what.synth().directory).stacks;
  return [templateStack(name ?? STACK_DEFAULT, "template", JSON.stringify(what, null, 2))];
}

function stacksOfText(text: string, name: string | undefined): readonly AssemblyStack[] {
  if (text.includes("\n")) return [templateStack(name ?? STACK_DEFAULT, "template", text)];
  if (!existsSync(text)) throw new Error(`There is no file ${text}.`);
  if (statSync(text).isDirectory()) return readAssembly(text).stacks;
  const stem = basename(text).replace(/\.(template\.)?(ya?ml|json)$/i, "");
  return [templateStack(name ?? stem, text, withNestedFiles(text, readFileSync(text, "utf8")))];
}

function templateStack(name: string, file: string, template: string): AssemblyStack {
  return { name, file, template, dependencies: [], parameters: {}, scope: {}, assets: [] };
}

function stackWithDependencies({ node, stackName }: SynthesizableStack): readonly AssemblyStack[] {
  const { root } = node;
  if (typeof root !== "object" || root === null || !isApp(root))
    throw new Error(`The stack "${stackName}" is not part of an app, so it cannot be synthesized.`);
  return chosen(readAssembly(root.synth().directory).stacks, [stackName]);
}
