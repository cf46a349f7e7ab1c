import { Option, type Command } from "commander";
import type { ParameterSources } from "./given-parameters.ts";
import { collectImport, collectParameter, collectTag, collectText } from "./options.ts";

/** Of the commands that read a template, as commander gives them. */
export interface TemplateOptions extends ParameterSources {
  readonly stack?: string;
}

/** Of the commands that plan. */
export interface PlanningOptions extends TemplateOptions {
  readonly target?: readonly string[];
  readonly import?: Readonly<Record<string, string>>;
  readonly tag?: Readonly<Record<string, string>>;
  /** False with `--no-refresh`. */
  readonly refresh?: boolean;
}

const repeated = (flags: string, description: string, collect: typeof collectText = collectText) =>
  new Option(flags, description).argParser(collect);

export const tagOption = (): Option =>
  new Option("--tag <name=value>", "a tag for every resource; without any, those it has").argParser(collectTag);

export function addTemplateOptions(command: Command): Command {
  return command
    .option("--stack <name>", "stack; default: the file's name")
    .addOption(
      new Option("--parameter <name=value>", "a parameter, as often as wanted")
        .default({})
        .argParser(collectParameter),
    )
    .addOption(repeated("--parameters <file>", "parameters from a file, JSON or YAML"))
    .addOption(repeated("--env-file <file>", "parameters from NAME=VALUE lines; others are left out"));
}

export function addPlanOptions(command: Command): Command {
  return addTemplateOptions(command)
    .addOption(repeated("--target <resource>", "only this resource, and what it depends on"))
    .addOption(
      new Option("--import <resource=id>", "take over a resource that exists already").argParser(collectImport),
    )
    .addOption(tagOption())
    .option("--no-refresh", "trust the recorded state: do not look for drift");
}
