import { Option, type Command } from "commander";
import type { SynthesisOptions } from "./apps/synthesize.ts";
import { addConductOptions, RESUME, type ConductOptions } from "./conduct-options.ts";
import { collectContext } from "./options.ts";
import type { Output } from "./output.ts";
import { addPlanOptions, type PlanningOptions } from "./plan-options.ts";
import { addReportOptions, type ReportOptions } from "./report-options.ts";
import { addCostOptions, addPolicyOptions, type ReviewOptions } from "./review-options.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

const WHAT = "a template; or stacks of the app in cloudstack.json, or a synthesized folder and its stacks";

const SYNTHESIS_TARGETS = ["cloudstacks", "cloudformation", "terraform"];

export const addContext = (command: Command): Command =>
  command.addOption(
    new Option("--context <name=value>", "context of the app, as often as wanted").argParser(collectContext),
  );

/** The commands that take a template or an app: they are given what to deploy, and begin with plan. */
export function addAppCommands(program: Command, output: (options: CommonOptions) => Output): void {
  program
    .command("init")
    .description("start a project; without a template, tell which there are")
    .argument("[folder]", "made when it is not there", ".")
    .option("--template <name>", "yaml, typescript, python, terraform or test")
    .action(async (folder: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { template?: string }>();
      const { init } = await import("./commands/init.ts");
      init(output(options), { ...options, folder });
    });
  addContext(program.command("synth").description("run the app in cloudstack.json and write its templates"))
    .addOption(
      new Option("--to <language>", "what the templates are written for").choices(SYNTHESIS_TARGETS),
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & SynthesisOptions>();
      const { synth } = await import("./commands/apps.ts");
      await synth(output(options), options);
    });
  const plan = program.command("plan").alias("diff").description("show what a deployment would do");
  addReportOptions(addPolicyOptions(addCostOptions(addContext(addPlanOptions(plan)))))
    .argument("[what...]", WHAT)
    .option("--check", "hold it against policies as well: cloudstack check")
    .option("--cost", "tell what it costs a month as well: cloudstack cost")
    .option("--detailed-exitcode", "exit 2 when there are changes")
    .option("--resume", RESUME)
    .option("--out <file>", "keep the plan, to apply exactly that later: cloudstack deploy FILE")
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<
        CommonOptions &
          PlanningOptions &
          SynthesisOptions &
          ReviewOptions &
          ReportOptions & { detailedExitcode?: boolean; out?: string }
      >();
      const meant = await meantBy(names);
      if (meant.kind === "template") {
        const { plan } = await import("./commands/stacks.ts");
        return plan(output(options), sessionFor(options), { ...options, file: meant.file });
      }
      const { planApp } = await import("./commands/apps.ts");
      await planApp(output(options), sessionFor(options), { ...options, app: meant });
    });
  const deploy = program.command("deploy").description("plan, confirm and apply; roll back on failure");
  addReportOptions(addContext(addConductOptions(addPlanOptions(deploy))))
    .argument("[what...]", `${WHAT}; or a saved plan`)
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & PlanningOptions & SynthesisOptions & ConductOptions>();
      const meant = await meantBy(names);
      if (meant.kind === "template") {
        const commands = await import("./commands/stacks.ts");
        return commands.deploy(output(options), sessionFor(options), { ...options, file: meant.file });
      }
      const { deployApp } = await import("./commands/apps.ts");
      await deployApp(output(options), sessionFor(options), { ...options, app: meant });
    });
  addDestroy(program, output);
  const watch = program.command("watch").description("deploy, and again whenever a file of this folder changes");
  addContext(addConductOptions(addPlanOptions(watch)))
    .argument("[what...]", WHAT)
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & PlanningOptions & SynthesisOptions & ConductOptions>();
      const { watch: watchAndDeploy } = await import("./commands/watch.ts");
      await watchAndDeploy(output(options), sessionFor(options), { ...options, meant: await meantBy(names) });
    });
}

function addDestroy(program: Command, output: (options: CommonOptions) => Output): void {
  const destroy = program.command("destroy").description("delete stacks and what they hold");
  addReportOptions(addContext(addConductOptions(destroy)))
    .argument("[stack...]", "their names; or a synthesized folder; nothing for the app in cloudstack.json")
    .action(async (names: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & SynthesisOptions & ConductOptions & ReportOptions>();
      const { isSynthesizedFolder } = await import("./apps/what-is-meant.ts");
      const [first] = names;
      if (first !== undefined && !isSynthesizedFolder(first)) {
        const commands = await import("./commands/stacks.ts");
        return commands.destroy(output(options), sessionFor(options), { ...options, stacks: names });
      }
      const meant = await meantBy(names);
      const { destroyApp } = await import("./commands/apps.ts");
      if (meant.kind === "app") await destroyApp(output(options), sessionFor(options), { ...options, app: meant });
    });
}

/** The code that reads apps is loaded with the command that needs it. */
const meantBy = async (names: readonly string[]) => (await import("./apps/what-is-meant.ts")).whatIsMeant(names);
