import type { Command } from "commander";
import { addContext } from "./app-commands.ts";
import type { SynthesisOptions } from "./apps/synthesize.ts";
import type { Output } from "./output.ts";
import { addPlanOptions, type PlanningOptions } from "./plan-options.ts";
import { addReportOptions, type ReportOptions } from "./report-options.ts";
import { addCostOptions, addPolicyOptions, type CostOptions, type PolicyOptions } from "./review-options.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

const WHAT = "a template; stacks of an app; a saved plan; a plan of Terraform's in JSON";

type Options = CommonOptions & PlanningOptions & SynthesisOptions & ReportOptions;

/** The commands that look at a plan and say what they think of it. */
export function addReviewCommands(program: Command, output: (options: CommonOptions) => Output): void {
  const check = program.command("check").description("hold what a deployment would make against policies");
  addReportOptions(addPolicyOptions(addContext(addPlanOptions(check))))
    .argument("[what...]", WHAT)
    .option("--rules", "list the built-in rules")
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<Options & PolicyOptions & { rules?: boolean }>();
      const commands = await import("./commands/check.ts");
      if (options.rules) return commands.listRules(output(options));
      await commands.check(output(options), sessionFor(options), { ...options, meant: await meantBy(names) });
    });
  const cost = program.command("cost").description("what the resources of a plan cost in a month, before and after");
  addReportOptions(addCostOptions(addContext(addPlanOptions(cost))))
    .argument("[what...]", WHAT)
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<Options & CostOptions>();
      const { showCost } = await import("./commands/cost.ts");
      await showCost(output(options), sessionFor(options), { ...options, meant: await meantBy(names) });
    });
}

/** The code that reads apps is loaded with the command that needs it. */
const meantBy = async (names: readonly string[]) => (await import("./apps/what-is-meant.ts")).whatIsMeant(names);
