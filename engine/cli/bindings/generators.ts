import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Failure } from "../failure.ts";

/** The tools that bindings are made for. */
export const BINDING_TOOLS = ["cdktn", "cdktf"] as const;
export type BindingTool = (typeof BINDING_TOOLS)[number];

/** The part of a provider generator that is used. Both tools have it: one came out of the other. */
export interface ProviderGenerator {
  readonly CodeMaker: new () => { save(folder: string): Promise<unknown> };
  readonly TerraformProviderGenerator: new (code: object, schema: object) => { generate(target: object): void };
  readonly TerraformProviderConstraint: new (given: {
    readonly name: string;
    readonly source: string;
    readonly version: string;
  }) => object;
}

/** The part of what a tool's packages share that is used. */
export interface GeneratorCommons {
  readonly ConstructsMakerTarget: { from(constraint: object, language: string): object };
  readonly Language: { readonly TYPESCRIPT: string };
}

/** Packages of 90 to 150 MB, which is why they are the user's and not the engine's. */
const PACKAGES: Readonly<Record<BindingTool, readonly string[]>> = {
  cdktn: ["@cdktn/provider-generator@0.24.0", "@cdktn/commons@0.24.0"],
  // The last release; its generator does not name the last two.
  cdktf: ["@cdktf/provider-generator@0.21.0", "@cdktf/commons@0.21.0", "jsii@5.8", "jsii-pacmak@1.112.0"],
};

/**
 * A tool's generator, from the packages of a project.
 * Errors: `Failure` with the command that installs what is missing
 */
export function loadGenerator(tool: BindingTool, project: string): ProviderGenerator & GeneratorCommons {
  const require = createRequire(join(resolve(project), "package.json"));
  const load = (name: string): unknown => {
    try {
      return require(name);
    } catch (problem) {
      const { code, message } = problem as NodeJS.ErrnoException;
      const what =
        code === "MODULE_NOT_FOUND" ? `${name} is not installed here` : `${name} cannot be loaded: ${message}`;
      throw new Failure(`${what}.`, [`npm install --save-dev ${PACKAGES[tool].join(" ")}`], problem);
    }
  };
  const generator = load(`@${tool}/provider-generator`) as ProviderGenerator;
  return { ...(load(`@${tool}/commons`) as GeneratorCommons), ...generator };
}
