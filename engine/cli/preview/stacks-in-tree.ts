import { existsSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { chosen, type AssemblyStack } from "../../apps/assembly.ts";
import { readAssembly } from "../../apps/read-assembly.ts";
import type { Scope } from "../../services/context.ts";
import type { Source } from "../../stack/diagnostics/source.ts";
import { parseTemplate } from "../../stack/template/read-template.ts";
import { readProject } from "../apps/project.ts";
import { synthesize, type SynthesisOptions } from "../apps/synthesize.ts";
import { readSource, stackOf } from "../commands/stacks.ts";
import { Failure } from "../failure.ts";
import { givenParameters } from "../given-parameters.ts";
import type { Output } from "../output.ts";
import type { TemplateOptions } from "../plan-options.ts";
import type { Asset } from "../../apps/assembly.ts";
import type { Subject } from "./subject.ts";
import type { Tree } from "./tree.ts";

/** How stacks are made of a subject: the same for every version of it. */
export interface StackOptions extends TemplateOptions, SynthesisOptions {
  readonly tag?: Readonly<Record<string, string>>;
}

/** A stack as one version of the files declares it. */
export interface DeclaredStack {
  readonly name: string;
  readonly source: Source;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly scope: Partial<Scope>;
  readonly dependencies: readonly string[];
  readonly assets: readonly Asset[];
}

export type StackSubject = Exclude<Subject, { readonly kind: "terraform" }>;

/**
 * The stacks of a subject in one version of the files, each after those it depends on; undefined when that version does
 * not have it. Errors: `Failure`, `AssemblyProblem`
 */
export async function stacksInTree(
  output: Output,
  subject: StackSubject,
  tree: Tree,
  options: StackOptions,
): Promise<readonly DeclaredStack[] | undefined> {
  const place = join(tree.directory, subject.path);
  if (!existsSync(place)) return undefined;
  if (subject.kind === "template") {
    const source = { ...readSource(place), file: subject.path };
    const name = stackOf({ ...options, file: subject.path });
    return [{ name, source, ...given(source, tree, options), scope: {}, dependencies: [], assets: [] }];
  }
  if (options.stack !== undefined)
    throw new Failure("--stack names the stack of a template; those of an app have names.", [
      `Name them instead: cloudstack preview ${subject.path} ${options.stack}`,
    ]);
  const { stacks } = subject.kind === "assembly" ? readAssembly(place) : await synthesized(output, place, options);
  // What a version has not yet, or no longer, is told by what the other one has.
  const there = subject.stacks.filter((name) => stacks.some((stack) => stack.name === name));
  if (subject.stacks.length > 0 && there.length === 0) return [];
  return chosen(stacks, there).map((stack) => declared(stack, tree, options));
}

function declared(stack: AssemblyStack, tree: Tree, options: StackOptions): DeclaredStack {
  const { name, file, template, parameters, tags, scope, dependencies, assets } = stack;
  const source = { file: relative(tree.directory, file), text: template };
  const more = given(source, tree, { ...options, tag: options.tag ?? tags });
  return { name, source, ...more, parameters: { ...parameters, ...more.parameters }, scope, dependencies, assets };
}

async function synthesized(output: Output, folder: string, options: SynthesisOptions) {
  const project = readProject(folder);
  return project ? synthesize(output, project, options) : { stacks: [] };
}

/**
 * The parameters and tags that were given, as far as this version of the template declares them: one that a change adds
 * or takes away is given to the version that has it.
 */
function given(source: Source, tree: Tree, options: StackOptions): Pick<DeclaredStack, "parameters" | "tags"> {
  const own = (files: readonly string[] = []) => files.map((file) => ownFile(file, tree));
  const parameters = givenParameters(
    { parameter: options.parameter, parameters: own(options.parameters), envFile: own(options.envFile) },
    source,
  );
  const { parameters: declaredOnes } = parseTemplate(source);
  const known = Object.entries(parameters).filter(([name]) => declaredOnes.has(name));
  return { parameters: Object.fromEntries(known), tags: options.tag };
}

/** A file as this version has it; one that is not kept with the others is the same for all. */
function ownFile(file: string, { directory }: Tree): string {
  const own = join(directory, file);
  return !isAbsolute(file) && existsSync(own) ? own : file;
}
