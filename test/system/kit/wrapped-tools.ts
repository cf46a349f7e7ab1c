import { delimiter, dirname } from "node:path";
import { isMissing } from "./clients.ts";
import { PROGRAM } from "./cloudstack.ts";
import { isTerraformMissing } from "./provider.ts";
import { terraformWork, type TerraformWork } from "./terraform-work.ts";

export interface WrappedTool {
  readonly name: "terraform" | "tofu";
  readonly isMissing: boolean;
  /** A folder where it is run by `cloudstack`, with options of its own before the tool's name. */
  work(...options: readonly string[]): TerraformWork;
}

/** OpenTofu where the path has it, or the program called `tofu` that `CLOUDSTACKS_TOFU` names. */
const tofu = process.env["CLOUDSTACKS_TOFU"] ?? "tofu";

const wrapped = (
  name: WrappedTool["name"],
  isToolMissing: boolean,
  environment: Readonly<Record<string, string>> = {},
): WrappedTool => ({
  name,
  isMissing: isToolMissing,
  work: (...options) => terraformWork(environment, [process.execPath, PROGRAM, ...options, name]),
});

/** What `cloudstack` runs for the user. */
export const WRAPPED_TOOLS: readonly WrappedTool[] = [
  wrapped("terraform", isTerraformMissing),
  wrapped("tofu", isMissing(tofu, "version"), {
    PATH: [...(tofu === "tofu" ? [] : [dirname(tofu)]), process.env["PATH"]].join(delimiter),
  }),
];
