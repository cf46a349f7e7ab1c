import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { chosen, type AssemblyStack } from "../apps/assembly.ts";
import { withNestedFiles } from "../apps/nested-files.ts";
import { readAssembly } from "../apps/read-assembly.ts";
import type { Deployable, SynthesizableApp, SynthesizableStack } from "./deployable.ts";

const STACK_DEFAULT = "stack";

const isApp = (what: object): what is SynthesizableApp => "synth" in what && typeof what.synth === "function";
const isStack = (what: object): what is SynthesizableStack => "stackName" in what && "node" in what;

/**
 * Uses the stacks of what can be deployed, in the order of their dependencies; `name` is that of a template's stack.
 * What is synthesized for it is removed afterwards.
 */
export async function withStacks<T>(
  what: Deployable,
  name: string | undefined,
  use: (stacks: readonly AssemblyStack[]) => Promise<T>,
): Promise<T> {
  if (typeof what === "string") return use(stacksOfText(what, name));
  const app = isStack(what) ? appOf(what) : what;
  if (!isApp(app)) return use([templateStack(name ?? STACK_DEFAULT, "template", JSON.stringify(what, null, 2))]);
  const outdir = mkdtempSync(join(tmpdir(), "cloudstacks-synth-"));
  try {
    const { stacks } = readAssembly(app.synth({ outdir }).directory);
    return await use(isStack(what) ? chosen(stacks, [what.stackName]) : stacks);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
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

function appOf({ node, stackName }: SynthesizableStack): SynthesizableApp {
  const { root } = node;
  if (typeof root === "object" && root !== null && isApp(root)) return root;
  throw new Error(`The stack "${stackName}" is not part of an app, so it cannot be synthesized.`);
}
