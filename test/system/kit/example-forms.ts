import { join } from "node:path";
import { BINDING_TOOLS, type BindingTool } from "../../../engine/cli/bindings/generators.ts";
import { synthesizeWith } from "./cdk-terrain.ts";
import { isMissing } from "./clients.ts";
import { linkPackages } from "./linked-project.ts";
import { goEnvironment, javaEnvironment, pythonEnvironment } from "./packaged-languages.ts";
import { isTerraformMissing } from "./provider.ts";

/** An example, made ready to be deployed. */
export interface Prepared {
  /** Where the commands are run; the example's own folder when there is no other. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

type Commands = readonly (readonly string[])[];

/** One way in which each of the example systems is written. */
export interface Form {
  readonly language: string;
  /** The name of the file or folder that every system has for it. */
  readonly path: string;
  readonly isMissing: boolean;
  /** Does what comes before the deployment, in a copy; undefined when that cannot be done here, which it says. */
  prepare(project: string, system: string): Promise<Prepared | undefined>;
  readonly deploy: Commands;
  /** Its exit code says whether there is something to do. */
  readonly plan: readonly string[];
  readonly destroy: readonly string[];
}

const appCommands = {
  deploy: [["deploy", "--yes"]],
  plan: ["plan", "--detailed-exitcode"],
  destroy: ["destroy", "--yes"],
};
const terraformCommands = {
  deploy: [["terraform", "init", "-no-color"], ["terraform", "apply", "-auto-approve", "-no-color"]],
  plan: ["terraform", "plan", "-detailed-exitcode", "-no-color"],
  destroy: ["terraform", "destroy", "-auto-approve", "-no-color"],
};
const within = (environment: Prepared["environment"]) => environment && { environment };

const formOf = (tool: BindingTool): Form => ({
  language: `TypeScript with ${tool}`,
  path: tool,
  isMissing: isTerraformMissing,
  prepare: async (project, system) =>
    (await synthesizeWith(tool, project)) ? { folder: join(project, "cdktf.out/stacks", system) } : undefined,
  ...terraformCommands,
});

/** Each way, those with constructs and those with Terraform. What deploys a template is not among them. */
export const FORMS: readonly Form[] = [
  {
    language: "TypeScript",
    path: "typescript",
    isMissing: false,
    async prepare(project) {
      linkPackages(project);
      return {};
    },
    ...appCommands,
  },
  {
    language: "Python",
    path: "python",
    isMissing: isMissing("python3", "--version"),
    prepare: async () => within(await pythonEnvironment()),
    ...appCommands,
  },
  {
    language: "Go",
    path: "go",
    isMissing: isMissing("go", "version"),
    prepare: async (project) => within(await goEnvironment(project)),
    ...appCommands,
  },
  {
    language: "Java",
    path: "java",
    isMissing: isMissing("mvn", "--version"),
    prepare: async () => within(await javaEnvironment()),
    ...appCommands,
  },
  {
    language: "HCL with our provider",
    path: "terraform",
    isMissing: isTerraformMissing,
    prepare: async () => ({}),
    ...terraformCommands,
  },
  ...BINDING_TOOLS.map(formOf),
];
