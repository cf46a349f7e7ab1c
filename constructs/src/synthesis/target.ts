import { terraformJson } from "../terraform/terraform-json.ts";
import { cloudFormationTemplate } from "./cloudformation.ts";
import type { SynthesizedStack, Template } from "./templates.ts";

const TARGETS = ["cloudstacks", "cloudformation", "terraform"] as const;
export type Target = (typeof TARGETS)[number];

/** Errors: a name that is none of a target. */
export function targetNamed(name: string | undefined): Target {
  if (name === undefined) return "cloudstacks";
  const target = TARGETS.find((each) => each === name);
  if (!target) throw new Error(`there is no target "${name}": ${TARGETS.join(", ")}`);
  return target;
}

/** A stack as a target has it, and the file for it. */
export interface TargetTemplate {
  readonly file: string;
  readonly template: Template;
}

/** Errors: what the target has no form for, by name. */
export function targetTemplate({ boundary, template }: SynthesizedStack, target: Target): TargetTemplate {
  const { name, account, region } = boundary;
  // Stacks of one name are in different places.
  const own = [name, account, region].filter((part) => part !== undefined).join(".");
  const file = `${own}.template.json`;
  if (target === "cloudstacks") return { file, template };
  if (target === "cloudformation") return { file, template: cloudFormationTemplate(template) };
  return { file: `${own}/main.tf.json`, template: terraformJson(template, boundary) };
}
