import { Option, type Command } from "commander";
import { FINDING_SEVERITIES, type FindingSeverity } from "../stack/policy/finding.ts";
import { collectText } from "./options.ts";

/** Of the commands that hold a plan against policies, as commander gives them. */
export interface PolicyOptions {
  readonly policy?: readonly string[];
  /** The lightest finding that fails the command; errors by default. */
  readonly failOn?: FindingSeverity;
}

/** Of the commands that work out what a plan costs. */
export interface CostOptions {
  readonly usage?: string;
}

/** Of `plan`: what it is to tell beside the plan. */
export interface ReviewOptions extends PolicyOptions, CostOptions {
  readonly check?: boolean;
  readonly cost?: boolean;
}

export const addPolicyOptions = (command: Command): Command =>
  command
    .option("--policy <file>", "rules and waivers beside the built-in rules; default: policy.yaml", collectText)
    .addOption(
      new Option("--fail-on <severity>", "exit 3 for findings from this severity on")
        .choices([...FINDING_SEVERITIES])
        .default("error"),
    );

export const addCostOptions = (command: Command): Command =>
  command.option("--usage <file>", "what is assumed of usage; default: cost.yaml");
